"""R11, beside the table: each screen of ours names a right, and generic tools do not reach what belongs to signers."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from wagtail.models import ReferenceIndex

from .asking import ACTORS, MARK, ROLES, addresses, ask, outcome, table, view_of

pytestmark = pytest.mark.django_db


def test_a_role_gets_nothing_at_a_screen_whose_right_it_lacks(things):
    known, asked = table(), 0
    for label, address in addresses(things).items():
        right = getattr(_unwrapped(view_of(address)), "permission", None)
        if right is None:
            continue
        asked += 1
        for role in ROLES:
            if not _has(role, right):
                for method in ("GET", "POST"):
                    letter = known[method, label][ACTORS.index(role)]
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
    "listedaddress",
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
def test_no_generic_tool_reaches_signer_data(model, client_of):
    client = client_of("superuser")
    for pattern in GENERIC:
        response, body = ask(client, "GET", pattern.format(model=model))
        assert outcome(response) in "0nb", (pattern, response.status_code)
        assert MARK not in body
    assert not ReferenceIndex.model_is_indexable(apps.get_model("actions", model))
