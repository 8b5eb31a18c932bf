"""Documents and films for visitors, on the public surface: those of collections that are for everybody.

Whether one is, is asked of the database each time, and no answer may be kept by anybody but the browser that asked,
which asks again before it shows it: a collection that is closed is closed at once. On staff's surface Wagtail's own
view answers, with the rights of who asks.
"""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseFileResponse
from whitenoise.responders import MissingFileError, StaticFile

from home.documents import CustomDocument

# Where nginx finds them, for itself alone (deploy/nginx-media-*.conf). It says that it can: with that header an answer
# names the file, and nginx sends it, whole or in parts.
INSIDE = "/inside/"
CAN_SEND = ("HTTP_X_SENDFILE_TYPE", "X-Accel-Redirect")


@require_safe
def document(request: HttpRequest, document_id: int, filename: str) -> HttpResponseBase:
    found = CustomDocument.objects.for_everybody().exclude(public_copy="").filter(pk=document_id).first()
    if found is None:
        raise Http404
    if filename != found.filename:  # an address from before it was named otherwise
        return HttpResponseRedirect(found.url)
    headers = _headers(found)
    if request.META.get(CAN_SEND[0]) == CAN_SEND[1]:
        return HttpResponse(headers=headers | {"X-Accel-Redirect": INSIDE + str(found.public_copy.name)})
    return _sent(request, found, headers)


def _headers(found: CustomDocument) -> dict[str, str]:
    how = "inline" if found.opens_in_browser else "attachment"
    # A browser's own program for PDFs does not start in a sandbox.
    sandbox = "" if found.content_type == "application/pdf" else "; sandbox"
    return {
        "Content-Type": found.content_type,
        "Content-Disposition": f'{how}; filename="{found.filename}"',
        "Content-Security-Policy": f"default-src 'none'; frame-ancestors 'none'{sandbox}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }


def _sent(request: HttpRequest, found: CustomDocument, headers: dict[str, str]) -> HttpResponseBase:
    """By this process itself: whole, in parts, or that nothing has changed."""
    try:
        path = found.public_copy.path
    except NotImplementedError:  # object storage without nginx before it
        return FileResponse(found.public_copy.open(), headers=headers)
    try:
        answer = StaticFile(path, list(headers.items())).get_response(request.method, request.META)
    except (MissingFileError, FileNotFoundError) as error:
        raise Http404 from error
    response = WhiteNoiseFileResponse(answer.file or (), status=int(answer.status))
    del response["Content-Type"]
    for name, value in (*headers.items(), *answer.headers):
        response[name] = value
    return response
