"""What staff see of a petition beside its page."""

from datetime import datetime
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions.pages.action import ActionPage
from actions.pages.checks import findings
from actions.signing.counting import total
from actions.signing.ends import end_in_words
from actions.signing.public import numbers

register = template.Library()


@register.simple_tag
def petition_facts(petition) -> dict:
    """State, total and deliveries of a petition, for the panel on the action page."""
    now = timezone.now()
    return {
        "state": petition.state(now, delivered=petition.deliveries.exists()),
        "total": total(petition),
        "seen": numbers(petition),
        "goal": petition.goal,
    }


@register.simple_tag
def end_of(written: str | None) -> str:
    """A recorded end (ISO 8601) as staff read it."""
    return end_in_words(datetime.fromisoformat(written) if written else None)


@register.simple_tag
def network_of(hold) -> str:
    """The hash of a held signature's network, as staff see it."""
    return bytes(hold.network).hex() if hold.network else ""


@register.simple_tag
def criteria_text(rule) -> str:
    """Which signatures a decision was about, in words."""
    names = {
        "signed_from": _("signed from"),
        "signed_before": _("signed before"),
        "country": _("country"),
        "language": _("language"),
        "reason": _("held because"),
        "network": _("network"),
        "domain": _("email domain"),
        "name_pattern": _("name pattern"),
    }
    if ids := rule.criteria.get("ids"):
        return ngettext("%(n)s ticked", "%(n)s ticked", len(ids)) % {"n": len(ids)}
    return ", ".join(f"{names[key]}: {value}" for key, value in rule.criteria.items())


@register.simple_tag
def embed_snippet(page) -> str:
    """What another site puts into a page of its own to show the form there."""
    code = format_html(
        '<iframe src="{}embed/" title="{}" width="100%" height="1200" loading="lazy" '
        'allow="clipboard-write; web-share" style="border:0"></iframe>\n'
        '<script src="{}" async></script>',
        page.full_url,
        page.title,
        urljoin(page.full_url or settings.SITE_URL, static("js/embed-host.js")),
    )
    return f"{code}"  # as text, which is escaped once more where it is shown


@register.simple_tag
def person_of(signature, names):
    """Who is behind a signature in a list whose names were opened; nothing where the person is forgotten."""
    return names.get(signature.pk)


@register.simple_tag
def content_findings(page):
    """What to look at on an action page, for the checks panel; None for other pages."""
    return findings(page) if isinstance(page, ActionPage) else None
