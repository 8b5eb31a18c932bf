"""What programs look for at fixed addresses: sitemap, robots, whom to tell of a hole, where to change a password."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import views
from wagtail.contrib.sitemaps.sitemap_generator import Sitemap
from wagtail.models import Page, Site

from home.organisation import Organisation
from home.visible import for_everybody

from .caching import kept

DAY = timedelta(days=1)


class PagesInEveryLanguage(Sitemap):
    """Every published page that is for everybody, with its translations."""

    protocol = "https" if settings.SECURE_SSL_REDIRECT else "http"

    def items(self):
        homes = for_everybody(
            Page.objects.filter(depth=2, translation_key=self.get_wagtail_site().root_page.translation_key)
        )
        found = Page.objects.none()
        for home in homes:
            found |= Page.objects.descendant_of(home, inclusive=True)
        return for_everybody(found).filter(alias_of=None).select_related("locale").order_by("path")

    def _urls(self, page, protocol, domain):
        pages = list(self.paginator.page(page).object_list)
        keys = {one.translation_key for one in pages}
        together: dict = {}
        for one in self.items().filter(translation_key__in=keys):
            if url := one.get_full_url(self.request):
                together.setdefault(one.translation_key, {})[one.locale.language_code] = url
        urls = []
        for one in pages:
            alternates = together.get(one.translation_key, {})
            if url := alternates.get(one.locale.language_code):
                told = [{"lang_code": code, "location": other} for code, other in alternates.items()]
                urls.append({"location": url, "lastmod": one.last_published_at, "alternates": told})
        self.latest_lastmod = max((url["lastmod"] for url in urls if url["lastmod"]), default=None)
        return urls


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        response = views.sitemap(request, {"pages": PagesInEveryLanguage}).render()
    response.headers.pop("X-Robots-Tag", None)
    return kept(response, now=timezone.now(), fresh=timedelta(minutes=10))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read but what is one person's, and what is staff's."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in settings.NOT_FOR_EVERYBODY)]
    lines += [f"Disallow: /{code}/my-signature/" for code, _name in settings.LANGUAGES]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return kept(HttpResponse("\n".join(lines), content_type="text/plain"), now=timezone.now(), fresh=DAY)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116. Without an address of its own, the one for questions about personal data."""
    own = Organisation.for_site(Site.find_for_request(request), settings.LANGUAGE_CODE).controller_email
    contact = settings.SECURITY_CONTACT or (f"mailto:{own}" if own else "")
    if not contact:
        raise Http404
    now = timezone.now()
    expires = (now + 180 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: " + ", ".join(dict.fromkeys(["nb", "en", *dict(settings.LANGUAGES)])),
        f"Canonical: {settings.SITE_URL}{request.path}",
        "",
    ]
    return kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"), now=now, fresh=DAY)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for a picture of what has no head of its own, such as a PDF."""
    return kept(HttpResponseRedirect(static("favicon.ico")), now=timezone.now(), fresh=DAY)


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """https://w3c.github.io/webappsec-change-password-url/; on the public surface nobody has a password."""
    if settings.SURFACE == "public":
        raise Http404
    return HttpResponseRedirect(reverse("wagtailadmin_account"))
