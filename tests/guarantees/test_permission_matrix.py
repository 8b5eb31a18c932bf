"""R11: who gets what at every address the resolver knows, by GET and by POST, against a checked-in table.

`permission_matrix.txt` has a line for each address and method, and a letter for each role:

    y  it is shown or done        n  refused (401, 403, or back to the first page with a message)
    l  sent to the log-in         0  not there for this role (404)
    r  sent on within the site    m  this method is not known there         b  a bad request

A new address without a line fails, and so does every letter that changes. After looking at what changed:

    WRITE_MATRIX=1 .venv/bin/python -m pytest tests/guarantees/test_permission_matrix.py

Seen to fail with the right taken off the export, and with the register registered as a snippet.
"""

import os
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection, GroupApprovalTask, ReferenceIndex, Site, Workflow, WorkflowTask
from wagtail_localize.models import Translation

from actions.backoffice import package_words
from actions.delivery import package, paper
from actions.delivery.deliver import deliver
from actions.mailing.models import Mailing
from actions.pages.words import words_in_force
from actions.signing import exporting, review
from actions.signing.models import AllowedNetwork, SignatureImport
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, article, image, person, translate

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("permission_matrix.txt")
ROLES = ["Editor", "Publisher", "Translator", "Signature officer", "Data-protection officer", "Administrator"]
ACTORS = ["anonymous", *ROLES, "superuser"]
MARK = "Zanzibarmarkør"
METHODS = ("GET", "POST")


@pytest.fixture
def things(site, locales, staff, django_user_model):
    """One of everything an address may ask for."""
    import_module("actions.migrations._roles").make(apps)
    recipient = RecipientFactory()
    petition = addressed(PetitionFactory(ask_country=True), recipient)
    page = action(site, petition, is_model=True)
    for number in range(3):
        sign(petition=petition, person=person(number, name=MARK), language="nb", contact_action=True)
    export = exporting.ask(petition=petition, format="csv", columns=["name"], criteria={}, purpose="x", by=staff)
    exporting.build(export.pk)
    batch = paper.enter(petition=petition, place="x", collected_on=timezone.localdate(), number=5, by=staff)
    delivery = deliver(
        petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), words=words_in_force(petition)
    )
    packed = package.ask(delivery=delivery, language="nb", format="csv", columns=["name"], by=staff)
    package.build(packed.pk, package_words.tell)
    rule = review.decide(
        petition=petition, verb=review.Verb.HOLD, criteria=review.Criteria(language="en"), reason="x", by=staff
    )
    other = translate(page, "en")
    mailing = Mailing.objects.create(name="x", petition=petition)
    workflow = Workflow.objects.create(name="x")
    task = GroupApprovalTask.objects.create(name="x")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    document = get_document_model().objects.create(title="x", file="x.pdf")
    petition_pk = {"pk": petition.pk}
    return {
        "page": page,
        "by_namespace": {
            "petition": petition_pk,
            "petition_chooser": petition_pk,
            "translations": {"kind": "page", "pk": page.pk, "language": "en"},
            "mailing": {"pk": mailing.pk, "language": "nb"},
            "network": {"pk": AllowedNetwork.objects.create(network="192.0.2.0/24", what="x", until=timezone.now()).pk},
            "wagtailsnippets_actions_delivery": {"pk": delivery.pk},
            "wagtailsnippetchoosers_actions_delivery": {"pk": delivery.pk},
            "wagtailsnippets_actions_recipient": {"pk": recipient.pk},
            "wagtailsnippetchoosers_actions_recipient": {"pk": recipient.pk},
            "wagtailsnippets_actions_rightsarticle": {"pk": article(1, locales["nb"]).pk},
            "wagtailsnippetchoosers_actions_rightsarticle": {"pk": article(1, locales["nb"]).pk},
            "wagtailsnippets_home_organisation": {"pk": site.organisation.pk},
            "wagtailsnippetchoosers_home_organisation": {"pk": site.organisation.pk},
            "wagtaillocales": {"pk": locales["en"].pk},
            "wagtailsites": {"pk": Site.objects.get().pk},
            "wagtailusers_users": {"pk": django_user_model.objects.create_user("someone").pk},
            "wagtailusers_groups": {"pk": Group.objects.first().pk},
            "wagtailadmin_collections": {"pk": Collection.objects.first().pk},
            "wagtailadmin_workflows": {"pk": workflow.pk},
            "wagtailimages_chooser": {"pk": image("y").pk},
            "wagtaildocs_chooser": {"pk": document.pk},
            "wagtailadmin_pages": {"pk": page.pk},
            "wagtailadmin_api:pages": {"pk": page.pk},
            "wagtailadmin_api:documents": {"pk": document.pk},
            "wagtailadmin_api:images": {"pk": image("z").pk},
            "wagtail_localize": {"pk": recipient.pk},
            "localize_instead": {"pk": recipient.pk},
            "api": {"id": page.translation_key},
        },
        "values": {
            "pk": 1,
            "page": page.pk,
            "export": export.pk,
            "batch": batch.pk,
            "delivery": delivery.pk,
            "number": packed.pk,
            "rule": rule.pk,
            "task": SignatureImport.objects.create(petition=petition, purpose="x", header=["a", "b"]).pk,
            "petition": petition.pk,
            "page_id": page.pk,
            "parent_page_id": site.index.pk,
            "page_to_move_id": page.pk,
            "destination_id": site.index.pk,
            "page_pk": page.pk,
            "workflow_pk": workflow.pk,
            "content_type_app_name": "actions",
            "content_type_model_name": "actionpage",
            "app_name": "wagtailimages",
            "app_label": "actions",
            "model_name": "recipient",
            "action": "delete",
            "action_name": "copy",
            "object_id": str(page.pk),
            "revision_id": page.latest_revision_id,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "translation": Translation.objects.get(source__object_id=page.translation_key).pk,
            "translation_id": Translation.objects.first().pk,
            "translation_source_id": Translation.objects.first().source_id,
            "image_id": image("x").pk,
            "document_id": document.pk,
            "doc_id": document.pk,
            "filter_spec": "original",
            "collection_id": Collection.objects.first().pk,
            "mode": "open",
            "token": "A" * 43,
            "language": "nb",
            "uidb64": "MQ",
            "task_id": task.pk,
            "english": other.pk,
        },
    }


SPECIAL = {
    "wagtail_bulk_action": {"app_label": "wagtailcore", "model_name": "page", "action": "delete"},
    "wagtailadmin_pages:choose_parent": {"app_label": "actions", "model_name": "actionpage"},
    "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
    "wagtailadmin_workflows:add_task": {"app_label": "wagtailcore", "model_name": "groupapprovaltask"},
    "wagtailadmin_editing_sessions:ping": {"app_label": "actions", "model_name": "actionpage"},
}
UNNAMED = {"admin/test404/": "/admin/test404/", "admin/^.*/$": "/admin/nothing/here/", "admin/login/": "/admin/login/"}
WITH_ARGUMENTS = {"wagtaildocs_serve": (1, "x.pdf"), "wagtail_serve": ("aksjoner/",)}
# Made to fail: it tests error reports.
LEFT_OUT = {"wagtailadmin_error_test"}


def routes(patterns, prefix="", namespaces=()):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        else:
            yield ":".join([*namespaces, pattern.name or ""]), prefix + str(pattern.pattern), pattern.pattern


def addresses(things) -> dict[str, str]:
    """An address for every route, by its name and the values it takes."""
    found = {}
    for name, route, pattern in routes(get_resolver().url_patterns):
        if name in LEFT_OUT:
            continue
        wanted = sorted(pattern.regex.groupindex)
        label = " ".join([name or route, *wanted])
        found[label] = _address(name, route, wanted, things)
    return found


def _address(name: str, route: str, wanted: list[str], things) -> str:
    if not name or name.endswith(":"):
        return UNNAMED[route]
    if name in WITH_ARGUMENTS:
        return reverse(name, args=WITH_ARGUMENTS[name])
    known = things["values"] | things["by_namespace"].get(name.rpartition(":")[0], {}) | SPECIAL.get(name, {})
    values = {key: known.get(key, 1) for key in wanted}
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return "/" + route.replace("^", "").replace("$", "").replace("(_mime)?", "")


def is_ours(address: str) -> bool:
    return _view(address).__module__.startswith("actions.")


def _view(address: str):
    try:
        return resolve(address).func
    except Resolver404:  # a route whose values cannot be worked out; the answer is in the table all the same
        return resolve


def outcome(response) -> str:
    status = response.status_code
    if status in (301, 302, 303):
        to = response.headers["Location"]
        if to.startswith(("/staff/login", "/admin/login")):
            return "l"
        if to == "/admin/":
            return "n"
        return "0" if to.startswith("/nb/") and response.wsgi_request.path.startswith(("/admin", "/doc")) else "r"
    return {401: "n", 403: "n", 404: "0", 405: "m", 400: "b"}.get(
        status, "y" if status < 400 else "!" if status >= 500 else "b"
    )


class Undone(Exception):
    """Takes back what a request changed."""


def ask(client: Client, method: str, address: str):
    """One request, whose changes and cookies are taken back."""
    cookies = client.cookies.copy()
    found = []
    try:
        with transaction.atomic():
            client.raise_request_exception = False
            response = getattr(client, method.lower())(address)
            body = b"" if response.streaming else response.content
            found = [response, body.decode(errors="replace")]
            raise Undone
    except Undone:
        pass
    client.cookies = cookies
    return found


def actors(django_user_model):
    """A client for each role."""
    for name in ACTORS:
        client = Client()
        if name == "superuser":
            client.force_login(django_user_model.objects.get(username="staff"))
        elif name != "anonymous":
            user = django_user_model.objects.create_user(f"matrix-{name}", password="a long password here")
            user.groups.add(Group.objects.get(name=name))
            client.force_login(user)
        yield name, client


@pytest.fixture
def seen(things, django_user_model):
    """What every role gets everywhere, with the answers that named a signer or broke."""
    places = addresses(things)
    table = {(label, method): "" for label in places for method in METHODS}
    wrong = []
    for name, client in actors(django_user_model):
        for label, address in places.items():
            for method in METHODS:
                response, body = ask(client, method, address)
                letter = outcome(response)
                table[label, method] += letter
                if MARK in body:
                    wrong.append(f"{method} {label} names a signer to {name}")
                # Some of Wagtail's editors break on a POST that holds nothing.
                if letter == "!" and (method == "GET" or is_ours(address)):
                    wrong.append(f"{method} {label} breaks for {name}")
    return places, table, wrong


def test_everybody_gets_what_the_table_says_and_nobody_a_signers_name(seen, django_user_model):
    places, table, wrong = seen
    lines = [f"{method:4} {label:75} {letters}" for (label, method), letters in sorted(table.items())]
    text = f"# {' '.join(ACTORS)}\n" + "\n".join(lines) + "\n"
    if os.environ.get("WRITE_MATRIX"):
        TABLE.write_text(text)
    assert not wrong
    assert text.splitlines() == TABLE.read_text().splitlines()
    _own_screens_ask_for_their_right(places, table)


def _own_screens_ask_for_their_right(places, table) -> None:
    """Beside the table: each screen of ours names a right, and roles without it get nothing."""
    asked = 0
    for label, address in places.items():
        view = _view(address)
        right = getattr(_unwrapped(view), "permission", None)
        if right is None:
            continue
        asked += 1
        for column, role in enumerate(ROLES, start=1):
            has = _has(role, right)
            for method in METHODS:
                letter = table[label, method][column]
                if not has:
                    assert letter in "nm0", (label, method, role, letter)
    assert asked >= 29


def _unwrapped(view):
    while not hasattr(view, "permission") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


def _has(role: str, right: str) -> bool:
    app, codename = right.split(".")
    return Permission.objects.filter(group__name=role, content_type__app_label=app, codename=codename).exists()


OUT_OF_REACH = [
    *("signature", "signer", "petitionsecret", "outboxmail", "signerlink", "signerrequest", "publicname", "hold"),
    *("export", "sealedfile", "sealedchunk", "tombstone", "auditrecord", "addressmail", "deliveredsignature"),
]
GENERIC = [
    "/admin/snippets/actions/{model}/",
    "/admin/snippets/choose/actions/{model}/",
    "/admin/localize/api/snippets/actions/{model}/",
    "/admin/localize/submit/snippet/actions/{model}/1/",
    "/admin/bulk/actions/{model}/delete/?id=1",
    "/admin/tag-autocomplete/actions/{model}/",
    "/admin/pages/add/actions/{model}/1/",
    "/admin/workflows/tasks/add/actions/{model}/",
    "/admin/api/main/{model}/",
]


@pytest.mark.parametrize("model", OUT_OF_REACH)
def test_no_generic_tool_reaches_signer_data(things, staff_client, model):
    for pattern in GENERIC:
        response, body = ask(staff_client, "GET", pattern.format(model=model))
        assert outcome(response) in "0nb", (pattern, response.status_code)
        assert MARK not in body
    assert not ReferenceIndex.model_is_indexable(apps.get_model("actions", model))
