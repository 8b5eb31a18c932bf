"""What the log may hold: of a request its method, route, status, duration and id, and the id of a user of staff; of
anything else its kind and place.

The route is the pattern (`my-signature/<token>/`), never the path that was asked for. Of other loggers' records only
the unformatted text is kept, since the values may be a visitor's; of an exception its type and the lines it passed,
since its text may quote what somebody typed.
"""

import json
import logging
import time
import traceback

import uuid_utils.compat as uuid
from django.http import HttpRequest, HttpResponse
from django.views.debug import SafeExceptionReporterFilter

from .metrics import observe

log = logging.getLogger("request")

KEPT = ("request", "method", "route", "status", "ms", "user")
# Loggers whose records are texts with placeholders. Anybody else's text may have values in it already.
PLAIN = ("django", "wagtail", "actions", "request", "anymail")


class RequestLog:
    """Middleware: one line for each request, a number for who watches, and an id that the visitor can tell us."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        request.id = str(uuid.uuid4())
        response = self.get_response(request)
        response["X-Request-Id"] = request.id
        route = request.resolver_match.route if request.resolver_match else getattr(request, "kept_route", "")
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
        elif record.name.split(".")[0] == "actions":
            line["text"] = record.getMessage()  # our own: held to ids, numbers and names of errors
        elif record.name.split(".")[0] in PLAIN and isinstance(record.msg, str):
            line["text"] = record.msg
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["lines"] = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(record.exc_info[2])[-8:]]
        return json.dumps(line, ensure_ascii=False)
