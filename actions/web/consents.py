"""The words that signers agreed to, each version at an address of its own: for signers, staff and programs."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from actions.signing import consents
from actions.signing.models import Consent, ConsentText

from .caching import kept

HOUR = timedelta(hours=1)


@require_safe
def consent_words(request: HttpRequest, language: str, version: int) -> HttpResponse:
    """One version of the words, in the language they were shown in. It never changes."""
    text = get_object_or_404(ConsentText, language=language, version=version)
    with translation.override(language):
        about = [(consent.label, consents.words(text, consent)) for consent in Consent if consents.words(text, consent)]
        response = render(request, "actions/signing/consent_words.html", {"text": text, "about": about})
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = language
    return kept(response, now=timezone.now(), fresh=HOUR)
