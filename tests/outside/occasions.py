"""What only staff bring: a mailing, an alarm, a trial of a mail, names handed over; and what they take from the admin
to use elsewhere.
"""

from base64 import b64encode
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from wagtail.models import Site

from actions.backoffice.package_words import tell
from actions.blocks import MailBody
from actions.delivery import package
from actions.delivery.deliver import deliver
from actions.delivery.selectors import may_receive
from actions.mailing import send
from actions.mailing.models import Mailing, MailingText
from actions.pages.action import ActionPage
from actions.pages.sheet import sheet_pdf
from actions.pages.update_mail import trial
from actions.pages.words import words_in_force
from actions.signing import consents
from actions.signing.models import Alarm, Petition, Signer
from actions.signing.sealing import Person
from actions.signing.sign import sign
from actions.templatetags.petitions import embed_snippet
from home.organisation import Organisation
from tests.factories import answered, told

from .filling import Filler, stream
from .vocabulary import ways

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def make(filler: Filler, *, by: AbstractBaseUser, document: int) -> dict[str, Any]:
    page = ActionPage.objects.get(title="All of ActionPage")
    _mailing(filler, by=by, document=document)
    _hand_over(page, by=by)
    Alarm.objects.create(kind=Alarm.Kind.HOUR, petition=page.petition, number=99, hour=timezone.now())
    return {
        "snippet": embed_snippet(page),
        "sheet": b64encode(sheet_pdf(page)).decode(),
        "edit": f"/admin/pages/{page.pk}/edit/",
    }


def _mailing(filler: Filler, *, by: AbstractBaseUser, document: int) -> None:
    """To somebody in each language who wants to hear of the action, with all that such a mail can hold."""
    petition = Petition.objects.get(name="Iran: executions")
    for language in LANGUAGES:
        organisation = Organisation.for_site(Site.objects.get(), language)
        words = {"contact_action": organisation.consent_action, "contact_other": organisation.consent_other}
        person = Person(name="Kari Nordmann", email=f"update-{language}@example.org")
        consent = consents.record(language=language, **words)
        sign(petition=petition, person=person, language=language, contact_action=True, consent_text=consent)
    Signer.objects.filter(signature__petition=petition).update(proved_at=timezone.now())
    mailing = Mailing(name="all that a mail can hold", petition=petition)
    mailing.texts = [
        MailingText(language=language, subject="What has happened", body=_body(filler, document))
        for language in LANGUAGES
    ]
    mailing.save()
    send.start(mailing=mailing, by=by)
    trial(mailing.texts.first(), to=by.email).send()


def _hand_over(page: ActionPage, *, by: AbstractBaseUser) -> None:
    """Names of somebody in each language who agreed and wants to be told; housekeeping writes the mails."""
    petition = page.petition
    for language in LANGUAGES:
        signer = Person(name="Kari Nordmann", email=f"handed-{language}@example.org")
        notice = told(petition, "name", language=language)
        sign(petition=petition, person=signer, language=language, contact_action=True, hand_over_notice=notice)
    answered(petition)
    delivery = deliver(
        petition=petition, recipients=may_receive(petition), delivered_on=timezone.localdate(),
        words=words_in_force(petition), by=by,
    )  # fmt: skip
    package.build(package.ask(delivery=delivery, language="nb", format="csv", level="name", by=by).pk, tell)


def _body(filler: Filler, document: int) -> Any:
    def prose(path: str, features: list[str]) -> str:
        # A part of the page, such as #content, is no place to go to from a mail.
        parts = "".join(f"<p>{source}</p>" for way, (source, _shown) in ways(features).items() if way != "place")
        return parts.format(page=filler.chosen["Page"].pk, document=document)

    body = MailBody()
    made = [(name, filler.block(block, name, prose)) for name, block in body.child_blocks.items()]
    made += [(name, value | {"page": None}) for name, value in made if name == "button"]
    return stream(body, made)
