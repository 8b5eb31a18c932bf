"""One of everything that an address may ask for, made once for each file."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection, GroupApprovalTask, Site, Workflow, WorkflowTask
from wagtail_localize.models import Translation

from actions.accounts.models import ProposedRole
from actions.backoffice import package_words
from actions.delivery import package, paper
from actions.delivery.deliver import deliver
from actions.mailing.models import Mailing
from actions.pages.words import words_in_force
from actions.signing import exporting, members, review
from actions.signing.models import AllowedNetwork, Incident, ListedAddress, RightsCase, SignatureImport
from actions.signing.sign import sign
from home.message import SiteMessage
from tests.factories import (
    PetitionFactory,
    RecipientFactory,
    action,
    addressed,
    answered,
    article,
    image,
    languages,
    person,
    small_site,
    told,
    translate,
)
from tests.worlds import for_the_file

from .asking import MARK, ROLES


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder / "public", PRIVATE_MEDIA_ROOT=folder / "private") as overridden:
        yield overridden


@pytest.fixture(autouse=True)
def _media(media):
    """The pictures of `things` outlive a test."""


@pytest.fixture(scope="module")
def things(django_db_setup, django_db_blocker, media):
    yield from for_the_file(django_db_blocker, _things)


@pytest.fixture
def client_of(things, django_user_model):
    """`client_of("Editor")`: somebody of that role, anonymous or the superuser."""

    def log_in(actor: str) -> Client:
        client = Client(raise_request_exception=False)
        if actor == "superuser":
            client.force_login(django_user_model.objects.get(username="staff"))
        elif actor in ROLES:
            user = django_user_model.objects.create_user(f"matrix-{actor}", password="a long password here")
            user.groups.add(Group.objects.get(name=actor))
            client.force_login(user)
        return client

    return log_in


def _things() -> dict[str, dict]:
    """The values of addresses: by namespace, and for all."""
    site, locales = small_site(), languages()
    users = get_user_model().objects
    staff = users.create_superuser("staff", "staff@example.org", "a long password here")
    import_module("actions.migrations._roles").make(apps)
    recipient = RecipientFactory()
    petition = addressed(PetitionFactory(ask_country=True), recipient)
    page = action(site, petition, published=True, is_model=True)
    notice = told(petition)
    for number in range(3):
        given = {"contact_action": True, "hand_over_notice": notice}
        sign(petition=petition, person=person(number, name=MARK), language="nb", **given)
    answered(petition)
    export = exporting.ask(petition=petition, format="csv", columns=["name"], criteria={}, purpose="x", by=staff)
    exporting.build(export.pk)
    batch = paper.enter(petition=petition, place="x", collected_on=timezone.localdate(), number=5, by=staff)
    delivery = deliver(
        petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), words=words_in_force(petition)
    )
    packed = package.ask(delivery=delivery, language="nb", format="csv", level="name", by=staff)
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
    until = timezone.now() + timedelta(days=1)
    message = SiteMessage.objects.create(site=site.site, locale=locales["nb"], text="<p>x</p>", shown_until=until)
    return {
        "by_namespace": {
            "petition": petition_pk,
            "petition_chooser": petition_pk,
            "translations": {"kind": "page", "pk": page.pk, "language": "en"},
            "cases": {
                "pk": RightsCase.objects.create(reference="x", kind="erase", received_on=timezone.localdate()).pk
            },
            "incidents": {"pk": Incident.objects.create(what="x", noticed_at=timezone.now(), petition=petition).pk},
            "mailing": {"pk": mailing.pk, "language": "nb"},
            "members": {"pk": members.test().pk},
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
            "wagtailusers_users": {"pk": users.create_user("someone").pk},
            "wagtailusers_groups": {"pk": Group.objects.first().pk},
            "proposed_role": {"pk": ProposedRole.objects.create(user=staff, group=Group.objects.first()).pk},
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
            "lists": {"pk": ListedAddress.objects.create(list="block", host="x.example", reason="x").pk},
            "wagtailsnippets_home_sitemessage": {"pk": message.pk},
            "wagtailsnippetchoosers_home_sitemessage": {"pk": message.pk},
        },
        "values": {
            "pk": 1,
            "page": page.pk,
            "export": export.pk,
            "batch": batch.pk,
            "delivery": delivery.pk,
            "number": packed.pk,
            "rule": rule.pk,
            "signature": petition.signatures.first().pk,
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
