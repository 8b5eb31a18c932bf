"""What the log may hold: of a request its method, route, status, duration and id, and the id of a user of staff; of
anything else its kind and place, and in which request it was.

The route is the pattern (`my-signature/<token>/`), never the path that was asked for. Of the values in other loggers'
texts only numbers and names of errors are kept, since the others may be a visitor's; of an exception its type and the
lines it passed, since its text may quote what somebody typed.
"""

import json
import logging
import time
import traceback
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid
from django.http import HttpRequest, HttpResponse
from django.views.debug import SafeExceptionReporterFilter

from .metrics import observe

log = logging.getLogger("request")

KEPT = ("request", "method", "route", "status", "ms", "user")
# Loggers whose records are texts with placeholders. Anybody else's text may have values in it already.
PLAIN = ("django", "wagtail", "actions", "request", "anymail", *(TASKS := ("django_tasks", "django_tasks_db")))
# Of what is refused for a suspicion Django's text is filled in already; the name of the logger says what it was.
REFUSED = "django.security."

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)  # that this thread answers


class RequestLog:
    """Middleware: one line for each request, a number for who watches, and an id that the visitor can tell us."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        request.id = str(uuid.uuid4())
        answered = _request.set(request)
        try:
            response = self.get_response(request)
        finally:
            _request.reset(answered)
        response["X-Request-Id"] = request.id
        route = _route(request)
        method = request.method if request.method in METHODS else "OTHER"
        seconds = time.perf_counter() - begun
        log.info(
            "request",
            extra={
                "request": request.id,
                "method": method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "user": getattr(request, "staff", None),
            },
        )
        observe(method=method, route=route, status=response.status_code, seconds=seconds)
        return response


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else getattr(request, "kept_route", "")


METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


class NoBody(SafeExceptionReporterFilter):
    """Error reports without what was sent, and without the values of variables."""

    def get_post_parameters(self, request: HttpRequest) -> dict:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest, tb_frame) -> list:
        return []


class SafeFormatter(logging.Formatter):
    """One JSON object a line, times in UTC, with nothing in it that a visitor may have typed."""

    converter = time.gmtime
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": self.formatTime(record), "level": record.levelname, "logger": record.name}
        if record.name == "request":
            line |= {
                key: getattr(record, key) for key in KEPT if isinstance(getattr(record, key, None), str | int | float)
            }
            return json.dumps(line, ensure_ascii=False)
        if text := _text(record):
            line["text"] = text
        asked = getattr(record, "request", None) or _request.get()
        if isinstance(asked, HttpRequest):
            line |= {"request": getattr(asked, "id", ""), "route": _route(asked)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["lines"] = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(record.exc_info[2])[-8:]]
        else:
            line["lines"] = [f"{record.pathname}:{record.lineno}"]
        return json.dumps(line, ensure_ascii=False)


def _text(record: logging.LogRecord) -> str:
    """Without what a visitor may have typed; nothing where that cannot be told apart."""
    room = record.name.split(".")[0]
    if room == "actions":
        return record.getMessage()  # our own: held to ids, numbers and names of errors
    if record.name.startswith(REFUSED):
        return record.name.removeprefix(REFUSED)
    if room not in PLAIN or not isinstance(record.msg, str):
        return ""
    if isinstance(status := getattr(record, "status_code", None), int):
        return f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)
    keep = _of_task if room in TASKS else _safe
    args = record.args
    try:
        filled = {key: keep(value) for key, value in args.items()} if isinstance(args, dict) else tuple(map(keep, args))
        return record.msg % filled if args else record.msg
    except (TypeError, ValueError, KeyError):
        return record.msg


def _safe(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    kind = value if isinstance(value, type) else type(value)
    return kind.__name__ if issubclass(kind, BaseException) else "…"


def _of_task(value: Any) -> Any:
    """Which task, which function, what became of it. What a task was given is in none of these texts."""
    return value if isinstance(value, str | int | float | UUID) else _safe(value)
