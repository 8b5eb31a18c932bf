"""Pictures for visitors: `{% picture %}` and `{% image %}` as Wagtail has them, in place of Wagtail's own.

A picture that may not be shown, has lost its file or is not made ready yet is left out; the page is there all the same.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.models import Filter, Picture
from wagtail.images.templatetags.wagtailimages_tags import ImageNode, PictureNode
from wagtail.images.templatetags.wagtailimages_tags import image as parse

register = template.Library()


class ShownImageNode(ImageNode):
    def render(self, context) -> str:
        image = self.validate_image(context)
        spec = self.get_filter().spec
        rendition = image.shown(spec).get(spec) if image else None
        if self.output_var_name:
            context[self.output_var_name] = rendition
            return ""
        return rendition.img_tag(_resolved(self, context)) if rendition else ""


class ShownPictureNode(PictureNode):
    def render(self, context) -> str:
        image = self.validate_image(context)
        sizes = image.shown(*Filter.expand_spec(self.filter_specs)) if image else {}
        if self.output_var_name:
            context[self.output_var_name] = Picture(sizes) if sizes else None
            return ""
        return Picture(sizes, _resolved(self, context)).__html__() if sizes else ""


def _resolved(node: ImageNode, context) -> dict:
    return {name: value.resolve(context) for name, value in node.attrs.items()}


@register.tag
def picture(parser, token) -> ShownPictureNode:
    return _ours(ShownPictureNode, parse(parser, token))


@register.tag
def image(parser, token) -> ShownImageNode:
    return _ours(ShownImageNode, parse(parser, token))


def _ours(kind: type, node: ImageNode):
    return kind(node.image_expr, node.filter_specs, attrs=node.attrs, output_var_name=node.output_var_name)


@register.filter
def credit_of(picture, written: str = "") -> str | SafeString:
    """What is written beside a picture on its page, or else what the library says of it."""
    return written or (picture.credit_line if picture else "")


@register.simple_tag
def poster(picture, spec: str) -> str | SafeString:
    """The attribute of a film that names its still."""
    found = picture.shown(spec) if picture else {}
    return format_html(' poster="{}"', found[spec].url) if found else ""
