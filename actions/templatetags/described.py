"""The fields of our own screens, told as Wagtail's panels tell theirs: what describes a field is there, and named."""

from typing import Any

from django import template
from django.forms import BoundField
from wagtail.admin.templatetags.wagtailadmin_tags import formattedfield

register = template.Library()


@register.inclusion_tag("wagtailadmin/shared/formatted_field.html")
def described_field(field: BoundField) -> dict[str, Any]:
    """Show a field with its label, its help and its errors, both of which describe it.

    Wagtail's `formattedfield` names the help alone, and Django an element for errors that Wagtail does not draw.
    """
    help_id, errors_id = f"{field.auto_id}-helptext", f"{field.auto_id}-errors"
    describing = [*([help_id] if field.help_text else []), *([errors_id] if field.errors else [])]
    attrs: dict[str, Any] = {"aria-describedby": " ".join(describing)} if describing else {}
    return formattedfield(
        field,
        rendered_field=field.as_widget(attrs=attrs),
        help_text_id=help_id if field.help_text else "",
        error_message_id=errors_id,
    )
