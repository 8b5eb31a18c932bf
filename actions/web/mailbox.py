"""Development only: the mails that landed in the folder instead of being sent."""

import email
from email import policy
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

# The file backend ends each message with a line of dashes. Mails of one connection land in one file.
END = b"\n" + b"-" * 79 + b"\n"
MOST = 50


def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest mails, newest first."""
    files = sorted(_folder().glob("*.log"), key=lambda f: f.stat().st_mtime, reverse=True)[:MOST]
    mails = [
        (f"{file.stem}-{number}", mail) for file in files for number, mail in reversed(list(enumerate(_read(file))))
    ]
    return render(request, "actions/mail/mailbox.html", {"mails": mails[:MOST]})


@xframe_options_sameorigin
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, by its file and its place in there."""
    stem, _dash, number = name.rpartition("-")
    path = _folder() / f"{stem}.log"
    mails = dict(enumerate(_read(path))) if path.is_file() and number.isdecimal() else {}
    if not mails or int(number) not in mails:
        raise Http404
    html = mails[int(number)].get_body(("html", "plain"))
    return HttpResponse(html.get_content() if html else "")


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _read(path: Path) -> list:
    parts = path.read_bytes().split(END)[:-1]
    return [email.message_from_bytes(part, policy=policy.default) for part in parts]
