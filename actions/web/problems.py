"""What went wrong, told to programs in one form (RFC 9457, application/problem+json), whatever it was that refused."""

import json
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

MEDIA_TYPE = "application/problem+json"
FOR_PROGRAMS = ("/api/", "/members/")
PUBLIC_DOCUMENT = "/api/v1/openapi.json"  # changes with a release only


class Mistake(Schema):
    """One thing that is wrong with a question."""

    name: str = Field(description="The parameter.")
    reason: str


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Stands for the kind of problem: about:blank where the status says it all.")
    title: str
    status: int
    detail: str | None = None
    errors: list[Mistake] = Field(default=[], description="What is wrong with the question, where that is it.")


def problem(status: int, detail: str = "", *, kind: str = "about:blank", **more: Any) -> HttpResponse:
    """An answer that says what went wrong; `more` are members of the problem beyond RFC 9457's own."""
    content: dict[str, Any] = {"type": kind, "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        content["detail"] = detail
    return HttpResponse(json.dumps(content | more, default=str), status=status, content_type=MEDIA_TYPE)


class Api(NinjaAPI):
    """django-ninja with its errors as problems, and a document that generators of clients understand."""

    def __init__(self, **given: Any) -> None:
        super().__init__(docs_url=None, **given)
        self.add_exception_handler(ValidationError, _mistaken)
        self.add_exception_handler(AuthenticationError, _unknown)
        self.add_exception_handler(HttpError, _refused)

    def get_openapi_schema(self, **given: Any) -> Any:
        schema = super().get_openapi_schema(**given)
        _name_enums(schema)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
        return schema


def _name_enums(schema: Any) -> None:
    """Point from a parameter to the enum it takes, instead of repeating it there without its name."""
    known = {tuple(found["enum"]): name for name, found in schema["components"]["schemas"].items() if "enum" in found}
    for path in schema["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _named(parameter["schema"], known)


def _named(schema: Any, known: dict[tuple, str]) -> Any:
    if isinstance(schema, dict):
        if "enum" in schema and (name := known.get(tuple(schema["enum"]))):
            return {"$ref": f"#/components/schemas/{name}"}
        told = {key: _named(value, known) for key, value in schema.items()}
        one = told.get("allOf")
        if isinstance(one, list) and len(one) == 1:
            told = {key: value for key, value in told.items() if key not in ("allOf", "title")} | one[0]
        return told
    return [_named(one, known) for one in schema] if isinstance(schema, list) else schema


def _mistaken(request: HttpRequest, error: ValidationError) -> HttpResponse:
    mistakes = [{"name": str(one["loc"][-1]), "reason": one["msg"]} for one in error.errors]
    return problem(422, "Something is wrong with the question.", errors=mistakes)


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(401, "A bearer token is needed.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, error.message)


class ForPrograms:
    """Middleware, near the views: what programs ask is never answered in HTML, and an answer says by its ETag
    whether it has changed."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(FOR_PROGRAMS):
            return response
        if response.status_code >= 400 and "json" not in response.get("Content-Type", ""):
            told = problem(response.status_code, DETAILS.get(response.status_code, ""))
            for name in ("Allow", "Retry-After", "Cache-Control"):
                if name in response:
                    told[name] = response[name]
            return told
        if request.method in ("GET", "HEAD") and response.status_code == 200 and "ETag" not in response:
            response["ETag"] = etag(response.content)
            if request.path_info == PUBLIC_DOCUMENT:
                patch_cache_control(response, public=True, max_age=3600)
        return response


class NotModified(ConditionalGetMiddleware):
    """Middleware for development, where no page is kept: 304 to a program that has the answer already."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not request.path_info.startswith(FOR_PROGRAMS) and not request.path_info.endswith("/feed/"):
            return response
        return super().process_response(request, response)


DETAILS = {
    404: "There is nothing at this address.",
    405: "This address can only be read.",
    503: "Come back in a moment.",
}


def etag(content: bytes) -> str:
    """Weak, since the same figures may come gzipped or not."""
    return f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
