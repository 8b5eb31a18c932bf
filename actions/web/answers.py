"""Answers that several views give."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from .lost import shown


class SeeOther(HttpResponseRedirect):
    status_code = 303


def never_kept(response: HttpResponse) -> HttpResponse:
    """Mark an answer that nobody may keep."""
    add_never_cache_headers(response)
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database cannot write: readable, nothing stored, come back in half a minute."""
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "30"
    return never_kept(response)


class NotAllowed:
    """Middleware: to whoever sends something to an address that can only be read, a page that says so."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        told = render(request, "405.html", status=405)
        for name in ("Allow", "Cache-Control", "Content-Security-Policy", "Referrer-Policy", "X-Robots-Tag"):
            if name in response:
                told[name] = response[name]
        return told


def too_long(request: HttpRequest) -> HttpResponse:
    """Nobody is led on by an address of several kilobytes: readable, with a way on."""
    return never_kept(shown(request, 414))
