"""The record of processing (art. 30) and what is needed for an impact assessment, from the settings and records.

Built as tables of values: the screen of staff and `manage.py processing_record` show the same.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from actions.delivery.models import Recipient
from actions.delivery.selectors import may_receive, written
from actions.rules.hand_over import NUMBER, outside_eea
from actions.rules.retention import LATEST
from actions.signing.copies import title_of
from actions.signing.exporting import COLUMNS
from actions.signing.members import is_told
from actions.signing.models import Petition
from home.organisation import Organisation

from .hand_over import country_name

# Countries that the Commission has found adequate (art. 45), of November 2026.
ADEQUATE = frozenset("AD AR CA CH FO GB GG IL IM JE JP KR NZ UY US BR".split())  # noqa: SIM905


class Section(NamedTuple):
    """A table with a heading, and a sentence before it."""

    heading: str
    told: str
    columns: list[str]
    rows: list[list[str]]


def record() -> list[Section]:
    """Everything that can be known from here; contracts and people are the organisation's to add."""
    return [_controllers(), _activities(), _processors(), _recipients(), _staff_data(), _measures()]


def _controllers() -> Section:
    rows = [
        [
            *(str(one), one.controller_name, one.controller_address.replace("\n", ", "), one.controller_email),
            *(" ".join(filter(None, (one.officer_name, one.officer_email))) or _("none"), one.authority_name),
        ]
        for one in Organisation.objects.select_related("locale").order_by("pk")
    ]
    columns = [
        *(_("Site"), _("Data controller"), _("Postal address"), _("Contact about personal data")),
        *(_("Data-protection officer"), _("Data-protection authority")),
    ]
    return Section(_("Who answers"), "", columns, rows)


def _activities() -> Section:
    rows = []
    for petition in Petition.objects.filter(forgotten_at=None).order_by("name"):
        rows.append(
            [
                title_of(petition, settings.LANGUAGE_CODE),
                _purposes(petition),
                _fields(petition),
                Petition.HandedOver(petition.handed_over).label,
                str(petition.minimum_age or _("not asked")),
                _("explicit consent (art. 9 no. 2 a); membership and contact by consents of their own"),
                _("%(days)s days after the hand-over, at the latest %(latest)s days after the end")
                % {"days": petition.retention_days, "latest": LATEST.days},
                _("yes") if petition.legal_hold else _("no"),
                _("yes") if petition.high_risk else _("no"),
            ]
        )
    columns = [
        *(
            _("Action"),
            _("Purposes"),
            _("What is asked for"),
            _("What is handed over"),
            _("Minimum age"),
            _("Basis"),
            _("Erased"),
        ),
        *(_("Legal hold"), _("High-risk mode")),
    ]
    told = _("A signature may tell of political or religious views: it is special under art. 9.")
    return Section(_("What is done with signers' data"), told, columns, rows)


def _purposes(petition: Petition) -> str:
    """What the data is used for (art. 30 no. 1 b), as the settings of a form allow."""
    found = [_("to count signatures for the action, each person once"), _("to hand their number over")]
    if petition.handed_over != NUMBER:
        found.append(_("to hand over the names of those who agreed"))
    if petition.show_names:
        found.append(_("to show a name of those who agreed"))
    if not petition.high_risk:
        found.append(_("to write to those who agreed"))
        found.append(_("to tell those who asked for it that the action has opened"))
    return ", ".join(found)


def _fields(petition: Petition) -> str:
    asked = [_("name"), _("email address")]
    asked += [
        str(COLUMNS[name].label).lower()
        for name in ("country", "postcode", "phone", "comment")
        if _asks(petition, name)
    ]
    if petition.asks_place:
        asked.append(str(COLUMNS["place"].label).lower())
    return ", ".join(asked)


def _asks(petition: Petition, name: str) -> bool:
    return bool(getattr(petition, f"ask_{name}"))


def _processors() -> Section:
    rows = [[what, who, sees] for what, who, sees in processors()] + list(_written())
    told = _(
        "What this site is set to use. With each that is not your own there must be an agreement (art. 28), and where "
        "it is outside the EEA a basis for the transfer (art. 44 to 49). Hosting and backups are not known from here; "
        "write them under “Organisation”, where signers read them too."
    )
    return Section(_("Processors"), told, [_("What for"), _("Who"), _("What it sees")], rows)


def processors() -> Iterator[tuple[str, str, str]]:
    """What takes part, by the settings of this process: what for, who, what of signers it sees."""
    mail = settings.EMAIL_HOST if "smtp" in settings.EMAIL_BACKEND else settings.EMAIL_BACKEND.rsplit(".", 1)[0]
    yield _("Email"), mail, _("addresses and what emails say, of all who signed")
    database = settings.DATABASES["default"].get("HOST") or _("this machine")
    yield _("Database"), str(database), _("signers sealed; digests, and names that are shown")
    nothing = _("nothing of signers")
    for name in ("default", "public"):
        if "storages." in (backend := settings.STORAGES[name]["BACKEND"]) and not backend.startswith("home."):
            yield _("Object storage"), _bucket(settings.STORAGES[name]), nothing
    if is_told():
        who = urlsplit(settings.MEMBERS_WEBHOOK).hostname or _("whoever holds the token")
        yield _("Membership system"), who, _("those who asked for contact about other work")
    for cache in (getattr(settings, "WAGTAILFRONTENDCACHE", None) or {}).values():
        what = _("network addresses of visitors in passing, and what is sent to a form")
        yield _("Shared cache (CDN)"), str(cache.get("BACKEND", "")).rsplit(".", 1)[-1], what
    if machine := getattr(settings, "WAGTAILLOCALIZE_MACHINE_TRANSLATOR", None):
        yield _("Machine translator"), str(machine.get("CLASS", "")).rsplit(".", 1)[-1], nothing


def _written() -> Iterator[list[str]]:
    """What each organisation tells signers of who works for it with the data."""
    for one in Organisation.objects.order_by("pk"):
        for line in filter(None, map(str.strip, one.processors.splitlines())):
            yield [_("as the notice says (%(site)s)") % {"site": one}, line, _("not known")]
        if one.membership_system:
            who = _("those who asked for contact about other work")
            yield [_("Membership system") + f" ({one})", one.membership_system, who]


def _bucket(storage: dict[str, Any]) -> str:
    options = storage.get("OPTIONS", {})
    return urlsplit(str(options.get("endpoint_url", ""))).hostname or str(options.get("bucket_name", ""))


def _recipients() -> Section:
    rows = []
    for petition in Petition.objects.filter(forgotten_at=None).order_by("name"):
        title, own = title_of(petition, settings.LANGUAGE_CODE), {one.pk for one in written(petition)}
        lists = petition.handed_over != NUMBER
        for recipient in may_receive(petition).order_by("pk"):
            rows.append([title, *_of(recipient, lists=lists and recipient.pk in own)])
    told = _("Lists of names go to those whom an action is addressed to, of those who agreed, and to no others.")
    return Section(
        _("Recipients and transfers"), told, [_("Action"), _("Recipient"), _("Country"), _("Transfer")], rows
    )


def _of(recipient: Recipient, *, lists: bool) -> list[str]:
    basis = transfer(str(recipient.country)) if lists else _("none: the number only")
    return [str(recipient), country_name(str(recipient.country)) or _("not given"), basis]


def transfer(country: str) -> str:
    """By which article a list may go to a country."""
    if not country:
        return _("not known: give the recipient a country")
    if not outside_eea([country]):
        return _("within the EEA")
    if country in ADEQUATE:
        return _("art. 45, where the decision covers the recipient; otherwise explicit consent, art. 49 no. 1 a")
    return _("explicit consent after being told of the risk, art. 49 no. 1 a")


def _staff_data() -> Section:
    rows: list[list[Any]] = [
        [_("accounts: name, email address, roles"), _("art. 6 no. 1 f"), _("until the user is deleted")],
        [_("times of log-in, second factors, what was opened (audit trail)"), _("art. 6 no. 1 c and f"), _("kept")],
        [_("sessions"), _("art. 6 no. 1 f"), _("ten hours at most")],
        [_("who changed a page"), _("art. 6 no. 1 f"), _("as long as the page")],
    ]
    return Section(_("Data of staff"), "", [_("What"), _("Basis"), _("How long")], rows)


def _measures() -> Section:
    """The security measures (art. 30 no. 1 g, art. 32), in general: what holds for every installation."""
    rows: list[list[Any]] = [
        [
            _("Encryption"),
            _(
                "Each signer is sealed to a key of the action. The website that visitors meet cannot open it; keys are "
                "themselves encrypted under a master key that only the machines of staff and workers have."
            ),
        ],
        [
            _("Pseudonymisation"),
            _("An address is known again by a digest under a secret and a salt of the action, both kept apart."),
        ],
        [
            _("Access"),
            _(
                "By role, with a second factor, asked for anew before signers are seen. Roles that open signers take "
                "two people. The interface for staff can be kept apart from the public one."
            ),
        ],
        [
            _("Audit trail and alarms"),
            _(
                "Each opening, export, hand-over and decision is recorded and cannot be changed. How many signers one "
                "person opens in an hour is limited, and what is unusual raises an alarm."
            ),
        ],
        [
            _("Erasure"),
            _("By itself when the time is over, by destroying the key of the action; files of signers expire."),
        ],
        [
            _("Resilience"),
            _(
                "Backups are encrypted to a key that is not on the machine, and what was erased is erased again after "
                "a restore."
            ),
        ],
    ]
    told = _("What the site does by itself. Your own routines, premises and training are yours to add.")
    return Section(_("Security measures"), told, [_("Measure"), _("How")], rows)


def markdown(sections: list[Section]) -> str:
    """The record as Markdown, to keep beside the organisation's own papers."""
    lines = [f"# {_('Record of processing')}"]
    for section in sections:
        lines += ["", f"## {section.heading}", ""]
        if section.told:
            lines += [section.told, ""]
        lines.append(_line(section.columns))
        lines.append(_line(["---"] * len(section.columns)))
        lines += [_line(row) for row in section.rows]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
