"""Organisation, recipients and signature forms of the demo."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from wagtail.models import Locale, Site

from actions.delivery.models import PetitionRecipient, Recipient
from actions.rules.days import end_of, start_of
from actions.signing.keys import give_keys
from actions.signing.models import Petition
from home.organisation import Organisation

from .words import same, t

PROFILES = (("Instagram", "www.instagram.com"), ("Facebook", "www.facebook.com"), ("Bluesky", "bsky.app"))


def _stream(field: str, values: list[dict[str, str]]):
    """A list of addresses and what they are called, normalised so that every block has its id."""
    block = Organisation._meta.get_field(field).stream_block
    [(kind, _child)] = block.child_blocks.items()
    stream = block.to_python([{"type": kind, "value": value} for value in values])
    list(stream)
    return block.to_python(block.get_prep_value(stream))


def organisation(site: Site, locale: Locale) -> Organisation:
    return Organisation(
        site=site,
        locale=locale,
        name=t("Rettighetsforeningen", "Rettsforeininga", "The Rights Association"),
        claim=t(
            "Vi forteller hva som skjer med mennesker, og gir deg noe å gjøre med det.",
            "Vi fortel kva som skjer med menneske, og gjev deg noko å gjere med det.",
            "We tell what is done to people, and give you something to do about it.",
        ),
        donate_url="https://example.org/",
        donate_label=t("Støtt arbeidet", "Støtt arbeidet", "Support the work"),
        donate_text=t(
            "Noen må finne ut hva som skjer, fortelle om det og holde fast til det endrer seg. Gaven din lønner dem som gjør det.",
            "Nokon må finne ut kva som skjer, fortelje om det og halde fast til det endrar seg. Gåva di lønner dei som gjer det.",
            "Somebody has to find out what happens, tell of it, and keep at it until it changes. Your gift pays those who do.",
        ),
        donate_amounts=_stream(
            "donate_amounts",
            [{"label": same(f"{n} kr"), "url": f"https://example.org/?amount={n}"} for n in (100, 250, 500)],
        ),
        profiles=_stream(
            "profiles",
            [{"name": same(name), "url": f"https://{host}/rettighetsforeningen.example"} for name, host in PROFILES],
        ),
        controller_name=t("Rettighetsforeningen", "Rettsforeininga", "The Rights Association"),
        registration_number="000 000 000",
        controller_email="personvern@example.org",
        controller_address=same("Postboks 1\n0001 Oslo"),
        officer_name=t("Personvernombudet", "Personvernombodet", "The data-protection officer"),
        officer_email="personvernombud@example.org",
        authority_name=same("Datatilsynet"),
        authority_url="https://www.datatilsynet.no/",
        processors=t(
            "Eksempel Drift AS, Norge: tjenerne og sikkerhetskopiene\nEksempel Post AS, Norge: e-posten",
            "Eksempel Drift AS, Noreg: tenarane og tryggingskopiane\nEksempel Post AS, Noreg: e-posten",
            "Example Hosting, Norway: the servers and the backups\nExample Mail, Norway: the email",
        ),
        consent_action=t(
            "Ja, dere kan sende meg e-post om hvordan det går med denne aksjonen.",
            "Ja, de kan sende meg e-post om korleis det går med denne aksjonen.",
            "Yes, you may email me about how this action goes.",
        ),
        consent_other=t(
            "Ja, dere kan sende meg e-post om annet arbeid for menneskerettighetene.",
            "Ja, de kan sende meg e-post om anna arbeid for menneskerettane.",
            "Yes, you may email me about other work for human rights.",
        ),
    )


def recipients(locale: Locale) -> dict[str, Recipient]:
    return {
        "xinjiang": Recipient(
            locale=locale,
            name=same("Chen Quanguo"),
            office=t("partisekretær i Xinjiang", "partisekretær i Xinjiang", "party secretary of Xinjiang"),
            postal_address="Party Secretary of the Xinjiang Uyghur Autonomous Region\n479 Zhongshan Lu\nWulumuqi Shi, Xinjiang\nPeople’s Republic of China",
            country="CN",
            salutation="Your Excellency,",
        ),
        "embassy": Recipient(
            locale=locale,
            office=t(
                "den kinesiske ambassaden i Oslo",
                "den kinesiske ambassaden i Oslo",
                "the Chinese embassy in Oslo",
            ),
            country="CN",
            salutation="Your Excellency,",
        ),
        "judiciary": Recipient(
            locale=locale,
            name=same("Gholamhossein Mohseni Ejei"),
            office=t(
                "lederen for rettsvesenet i Iran",
                "leiaren for rettsvesenet i Iran",
                "head of the judiciary of Iran",
            ),
            postal_address="Head of the Judiciary\nc/o Embassy of Iran to the European Union\nAvenue Franklin Roosevelt 15\n1050 Bruxelles\nBelgium",
            country="IR",
            salutation="Your Excellency,",
        ),
        "minister": Recipient(
            locale=locale,
            office=t(
                "Norges utenriksminister",
                "den norske utanriksministeren",
                "Norway’s Minister of Foreign Affairs",
            ),
            country="NO",
        ),
        "parliament": Recipient(
            locale=locale,
            office=t("parlamentet i Zimbabwe", "parlamentet i Zimbabwe", "the Parliament of Zimbabwe"),
            country="ZW",
        ),
    }


class Plan(NamedTuple):
    """When a demo form is open, and how many signatures it begins with."""

    name: str
    recipients: tuple[str, ...]
    opens: datetime
    ends: datetime | None
    goal: int
    signatures: int
    asks: tuple[str, ...] = ()
    won_on: date | None = None
    more: dict = {}


def plans() -> dict[str, Plan]:
    """Open ones are placed around today, so that the demo is alive whenever it is loaded."""
    zone = timezone.get_default_timezone()
    today = timezone.localdate()

    def around(days: int) -> datetime:
        return start_of(today + timedelta(days=days), zone)

    return {
        "china": Plan(
            "Xinjiang 2018",
            ("embassy", "xinjiang"),
            datetime(2018, 9, 25, 9, 2, tzinfo=UTC),
            end_of(date(2022, 4, 28), zone),
            15_000,
            17_554,
        ),
        "executions": Plan(
            "Iran: executions",
            ("judiciary",),
            around(-24),
            around(37),
            5_000,
            3_482,
            ("country",),
            more={"show_names": True, "minimum_age": 15},
        ),
        "school": Plan(
            "Afghanistan: school",
            ("minister",),
            around(-9),
            around(6),
            2_500,
            1_316,
            ("postcode", "comment"),
            more={"counting": "confirmed", "handed_over": "name"},
        ),
        # Where it may be dangerous to have signed: little is asked, and no mail names the action.
        "veil": Plan(
            "Iran: compulsory veil",
            ("judiciary",),
            around(9),
            around(70),
            5_000,
            0,
            more={"high_risk": True, "counting": "confirmed", "handed_over": "name", "minimum_age": 18},
        ),
        "work": Plan("Afghanistan: work", ("minister",), around(5), around(66), 2_500, 0),
        "zimbabwe": Plan(
            "Zimbabwe: death penalty",
            ("parliament",),
            start_of(date(2024, 2, 12), zone),
            end_of(date(2024, 12, 31), zone),
            2_500,
            2_917,
            (),
            date(2024, 12, 31),
        ),
    }


def petition(plan: Plan, known: dict[str, Recipient]) -> Petition:
    made = Petition(
        name=plan.name,
        opens_at=plan.opens,
        ends_at=plan.ends,
        goal=plan.goal,
        won_on=plan.won_on,
        **{f"ask_{field}": True for field in plan.asks},
        **plan.more,
    )
    made.addressees = [
        PetitionRecipient(recipient=known[key], sort_order=order) for order, key in enumerate(plan.recipients)
    ]
    made.save()
    give_keys(made)
    return made
