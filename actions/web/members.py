"""The interface of the membership system: what has happened to its contacts, read with a bearer token from a cursor on.

On the staff surface only. The webhook sends the same events (`actions.signing.members`); both are told in docs/api.md.
"""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from ninja import Query, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import AwareDatetime, Field

from actions.signing import members
from actions.signing.keys import KeyLost
from actions.signing.members.content import MAX_PAGE, ON_A_PAGE
from actions.signing.models import MemberNotice

from .answers import never_kept
from .metrics import wrong_tokens
from .problems import Api, Problem, problem

Reason = MemberNotice.Reason
OTHER_EPOCH = "urn:actions:problem:other-epoch"


class Bearer(HttpBearer):
    """One of the tokens of MEMBERS_TOKEN; how many were wrong is counted."""

    @sensitive_variables()
    def authenticate(self, request: HttpRequest, token: str) -> bool | None:
        if members.token_fits(token.strip()):
            return True
        wrong_tokens.inc()
        members.token_refused()
        return None


class Words(Schema):
    """Which words somebody agreed to, and where everybody can read them."""

    version: str
    url: str


class Consent(Schema):
    given_at: AwareDatetime = Field(
        description="When the box was ticked; later, where that had to be confirmed from the mailbox."
    )
    words: Words | None


class Person(Schema):
    """As it is on the signature: the fields the form asked for and that may leave the house."""

    name: str | None = Field(
        default=None, description="Left out where a restored backup holds an old one: keep the name you have."
    )
    email: str
    postcode: str | None = None
    phone: str | None = None


class Data(Schema):
    contact: UUID | None = Field(
        description="The person, over all actions, as long as a consent of hers stands. Null in a test."
    )
    action: UUID | None = Field(
        description="The action, by the id it has in the public interface (/api/v1/actions/ID)."
    )
    ended_action: UUID | None = Field(
        default=None,
        description="With contact.updated: in which action the consent ended, while that in `action` goes on.",
    )
    reason: str | None = Field(
        description="Why: " + ", ".join(f"`{one}`" for one in Reason.values) + ". More may come."
    )
    person: Person | None = Field(default=None, description="With contact.consented and contact.updated only.")
    country: str | None = Field(default=None, description="ISO 3166-1, two letters, where the form asks.")
    language: str | None = Field(default=None, description="In which she signed.")
    consent: Consent | None = None


class Event(Schema):
    """What happened. The same id has the same body for ever; an id is never given twice."""

    id: UUID = Field(description="Also the header webhook-id.")
    type: str = Field(
        description=(
            "`contact.consented`, `contact.updated`, `contact.ended`, `contact.released`, and by webhook only "
            "`system.test`. More may come: read on past what you do not know."
        )
    )
    timestamp: AwareDatetime = Field(description="When it happened.")
    epoch: str = Field(description="Changes when the site was restored from a backup.")
    sequence: int = Field(description="Grows within an epoch. Of two events of a contact the higher one holds.")
    data: Data


class Events(Schema):
    data: list[Event]
    next: str = Field(description="The cursor to go on with.")
    more: bool = Field(description="Whether there may be more at once.")


class From(Schema):
    after: Annotated[str, Field(max_length=60, description="A cursor from `next`; empty: from the beginning.")] = ""
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = ON_A_PAGE


api = Api(
    title="Contacts for the membership system",
    version="1",
    description=(
        "Who consents to hear about other work than the action she signed, in the order in which it happened. Read "
        "from a cursor on, or sent by webhook (Standard Webhooks), in the same form."
    ),
    auth=Bearer(),
    servers=[{"url": "/"}],
    openapi_extra={
        "tags": [{"name": "contacts", "description": "People who want to hear from the organisation."}],
        "webhooks": {
            "event": {
                "post": {
                    "operationId": "receive_event",
                    "summary": "One event, to the address in MEMBERS_WEBHOOK",
                    "parameters": [
                        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
                        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}},
                    },
                    "responses": {
                        "2XX": {"description": "Taken."},
                        "401": {"description": "Stop: our secret is wrong."},
                        "410": {"description": "Stop: this address takes no more."},
                        "429": {"description": "Not now; with Retry-After."},
                    },
                }
            }
        },
    },
    urls_namespace="members_api",
)

ANSWERS = {401: Problem, 405: Problem, 410: Problem, 422: Problem, 503: Problem}


@api.api_operation(["HEAD"], "/events", response={200: Events, **ANSWERS}, include_in_schema=False)
@api.get(
    "/events",
    response={200: Events, **ANSWERS},
    operation_id="list_events",
    summary="Events after a cursor, oldest first",
    tags=["contacts"],
)
@sensitive_variables()
def events(request: HttpRequest, response: HttpResponse, chosen: Query[From]) -> Any:
    """An event about a person is left out once it no longer holds: a later one says how it is now."""
    never_kept(response)
    try:
        cursor = members.Cursor.read(chosen.after)
    except ValueError:
        return never_kept(problem(422, errors=[{"name": "after", "reason": "This is no cursor."}]))
    try:
        found = members.page(cursor, limit=chosen.limit)
    except members.OtherEpoch:
        detail = (
            "This cursor is of another epoch: the site was restored from a backup. Begin again without a cursor, "
            "put in or replace what you are told, and keep what you have of contacts you are not told of."
        )
        return never_kept(problem(410, detail, kind=OTHER_EPOCH))
    except KeyLost:
        raise HttpError(503, "A key is missing here.") from None
    told = {"data": found.events, "next": str(found.next), "more": found.more}
    # Not by the schema, which would write times and empty fields in another way than the webhook has them.
    return never_kept(HttpResponse(members.body(told), content_type="application/json; charset=utf-8"))
