"""A mail to whoever may confirm a role that was proposed: at once, with the way there."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.admin.utils import get_user_display_name

from actions.accounts import roles
from actions.accounts.models import ProposedRole
from actions.pages import staff_mail
from actions.pages.staff_language import language_of


@task()
def ask_to_decide(proposals: list[int]) -> None:
    """Tell each of those who could confirm them of what waits, in one mail."""
    found: dict = {}
    waiting = ProposedRole.objects.filter(pk__in=proposals, decided_at=None).select_related("user", "group", "asked_by")
    for proposal in waiting:
        for user in roles.who_may_decide(proposal):
            found.setdefault(user, []).append(proposal)
    for user, mine in found.items():
        with translation.override(language_of(user)):
            lines = [
                {
                    "role": roles.label(proposal.group),
                    "whom": get_user_display_name(proposal.user),
                    "by": get_user_display_name(proposal.asked_by) or "–",
                }
                for proposal in mine
            ]
            url = settings.WAGTAILADMIN_BASE_URL + reverse("proposed_role:index")
            body = render_to_string("actions/mail/proposed_roles.txt", {"lines": lines, "url": url})
            staff_mail.send(_("A role waits for your word"), body, to=[user.email])
