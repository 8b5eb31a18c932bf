"""Links in rich text that lead to other sites: marked as such, and with their scheme written out."""

from typing import Any

from django.utils.html import format_html
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler
from wagtail.rich_text import LinkHandler


class ExternalLinkHandler(LinkHandler):
    """A link to another site, so that readers see that they leave."""

    identifier = "external"

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        return format_html('<a href="{}" class="external" rel="external noopener">', attrs["href"])


def link_with_scheme(props: dict[str, Any]) -> Any:
    """A link as it is stored. "//host/" looks like one of our own pages and is another site: it says so then."""
    if (props.get("url") or "").lstrip().replace("\\", "/").startswith("//"):
        props = props | {"url": "https://" + props["url"].lstrip().lstrip("/\\")}
    return link_entity(props)


def register(features: Any) -> None:
    """Hook `register_rich_text_features`; after Wagtail's own, whose rule for links it replaces."""
    features.register_link_type(ExternalLinkHandler)
    features.register_converter_rule(
        "contentstate",
        "link",
        {
            "from_database_format": {
                "a[href]": ExternalLinkElementHandler("LINK"),
                'a[linktype="page"]': PageLinkElementHandler("LINK"),
            },
            "to_database_format": {"entity_decorators": {"LINK": link_with_scheme}},
        },
    )
