"""Values for the previews in the block chooser, with whatever records the site has."""

from typing import Any

from django.apps import apps
from wagtail import blocks
from wagtail.images import get_image_model


def sample(block: blocks.StructBlock, **values: Any) -> blocks.StructValue:
    """The block's empty value with `values` put in as they are."""
    value = block.get_default()
    value.update(values)
    return value


def latest_image():
    image = get_image_model().objects.order_by("-id").first()
    if image:
        image.decorative, image.contextual_alt_text = True, ""
    return image


def first(model: str, *order: str):
    """The first record of a model of ours, or None."""
    return apps.get_model("actions", model).objects.order_by(*order).first()
