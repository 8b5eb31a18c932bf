"""Around wagtail-localize's editor: what a translator is told there, and what is not shown to translators."""

import json
from typing import Any

from django import template
from django.urls import reverse
from wagtail_localize.models import Translation

from actions.translating.progress import with_progress
from actions.translating.rights import only_translates

register = template.Library()


@register.simple_tag(takes_context=True)
def what_to_tell(context) -> dict[str, Any]:
    found = with_progress(Translation.objects.filter(pk=context["translation"].pk).select_related("status")).get()
    status = getattr(found, "status", None)
    left = found.texts - found.done
    return {
        "words_only": only_translates(context["request"].user),
        "outdated": bool(status and status.outdated_since),
        "machine": found.machine,
        "left": left,
        "url": reverse("translations:compare", args=[found.pk]) if left or found.machine else "",
    }


@register.simple_tag(takes_context=True)
def words_only(context) -> str:
    """The editor's settings, for translators without pictures, links and the buttons that are refused to them."""
    props = json.loads(context["props"])
    if only_translates(context["request"].user):
        props["segments"] = [part for part in props["segments"] if part["type"] != "synchronised_value"]
        props["perms"] |= {"canUnpublish": False, "canDelete": False, "canLock": False, "canUnlock": False}
        props["links"]["convertToAliasUrl"] = None
    return json.dumps(props)
