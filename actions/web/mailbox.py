"""Development only: the mails that landed in the folder instead of being sent."""

import email
from email import policy
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin


def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest fifty mails, newest first."""
    files = sorted(_folder().glob("*.log"), key=lambda f: f.stat().st_mtime, reverse=True)[:50]
    mails = [(f.stem, _read(f)) for f in files]
    return render(request, "actions/mail/mailbox.html", {"mails": mails})


@xframe_options_sameorigin
def letter(request: HttpRequest, name: str) -> HttpResponse:
    path = _folder() / f"{name}.log"
    if not path.is_file():
        raise Http404
    html = _read(path).get_body(("html", "plain"))
    return HttpResponse(html.get_content() if html else "")


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _read(path: Path):
    # The file backend ends each message with a line of dashes.
    text = path.read_bytes().rpartition(b"\n" + b"-" * 79)[0]
    return email.message_from_bytes(text, policy=policy.default)
