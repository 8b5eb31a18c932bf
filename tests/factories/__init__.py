"""Makes records for tests. `PetitionFactory(ended=True)` and its like say in one word what a test needs."""

from datetime import timedelta
from types import SimpleNamespace

import factory
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file_jpeg
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from actions.delivery.models import PetitionRecipient, Recipient
from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.country import CountryIndexPage, CountryPage
from actions.pages.hand_over import notice_of
from actions.pages.rights import RightsArticle
from actions.signing import hand_over
from actions.signing.keys import give_keys
from actions.signing.models import Petition, PublicNumber, Signer
from actions.signing.retention import set_legal_hold
from actions.signing.sealing import Person
from actions.signing.sign import sign
from home.organisation import Organisation
from home.pages import ContentPage, HomePage


class PetitionFactory(factory.django.DjangoModelFactory):
    """Open for a week, unless a trait says otherwise."""

    class Meta:
        model = Petition

    class Params:
        ended = factory.Trait(ends_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1)))
        scheduled = factory.Trait(opens_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=1)))
        draft = factory.Trait(opens_at=None, ends_at=None)

    name = factory.Sequence(lambda n: f"petition {n}")
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        if kwargs.get("high_risk"):
            kwargs.setdefault("counting", "confirmed")
        petition = super()._create(model_class, *args, **kwargs)
        give_keys(petition)
        return petition


class RecipientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recipient

    locale = factory.LazyFunction(Locale.get_default)
    name = "Chen Quanguo"
    office = "partisekretær i Xinjiang"
    postal_address = "479 Zhongshan Lu\nWulumuqi Shi"
    salutation = "Your Excellency,"
    country = "CN"


def person(number: int = 1, **changes) -> Person:
    return Person(**{"name": "Kari Nordmann", "email": f"signer{number}@example.org"} | changes)


def several(petition: Petition, number: int = 5, **more) -> None:
    """Sign with several people, in the three languages by turns."""
    for n in range(number):
        sign(petition=petition, person=person(n), language=("nb", "nn", "en")[n % 3], **more)


def answered(petition: Petition | None = None) -> None:
    """Let the mailboxes of all signers (of a petition) say that it was their owners who signed."""
    signers = Signer.objects.filter(signature__petition=petition) if petition else Signer.objects.all()
    signers.filter(proved_at=None).update(proved_at=timezone.now())


def seen_by_visitors(petition: Petition, number: int) -> None:
    """Let visitors see this number of signatures, which stands still (`signing.public`)."""
    still = {"number": number, "step": 5, "rises_at": 10**12, "falls_at": -1}
    PublicNumber.objects.update_or_create(petition=petition, defaults=still)


def addressed(petition: Petition, *recipients: Recipient) -> Petition:
    for order, recipient in enumerate(recipients):
        PetitionRecipient.objects.create(petition=petition, recipient=recipient, sort_order=order)
    return petition


def told(petition: Petition, level: str = "name", *to: Recipient, language: str = "nb") -> int:
    """Let a form hand over names, to recipients it has or is given, and return the number of what it says of it."""
    petition.handed_over, petition.ask_country = level, petition.ask_country or level in ("country", "place")
    petition.save(update_fields=["handed_over", "ask_country"])
    addressed(petition, *to)
    notice = notice_of(petition, Locale.objects.get(language_code=language))
    assert notice is not None
    found = hand_over.record(petition=petition, shown=notice.fingerprint, notice=notice)
    assert found is not None
    return found


def image(title: str = "picture"):
    return get_image_model().objects.create(title=title, file=get_test_image_file_jpeg(size=(1600, 1000)))


def article(number: int, locale: Locale) -> RightsArticle:
    return RightsArticle.objects.get_or_create(
        instrument="udhr",
        number=number,
        locale=locale,
        defaults={"title": f"Article {number}", "summary": "A right.", "url": "https://example.org/"},
    )[0]


def stream(model, field: str, blocks: list[tuple[str, dict]]):
    """The value of a StreamField from (type, raw value) pairs, with an id for every block."""
    block = model._meta.get_field(field).stream_block
    value = block.to_python([{"type": kind, "value": raw} for kind, raw in blocks])
    list(value)
    return block.to_python(block.get_prep_value(value))


def publish(parent: Page, page: Page) -> Page:
    page.locale = parent.locale
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def add(parent: Page, page: Page) -> Page:
    """A page as it stands there once it was published, without the revision it was published from."""
    page.locale = parent.locale
    page.first_published_at = page.last_published_at = timezone.now()
    return parent.add_child(instance=page)


def action(
    site: SimpleNamespace, petition: Petition | None = None, *, published: bool = False, **changes
) -> ActionPage:
    """An action, open to visitors; `published` the way editors do it, where a test is about what that leaves behind."""
    values = {"title": "Fengslet uten dom", "lead": "Krev at leirene stenges.", "country": site.china}
    page = ActionPage(petition=petition, **(values | changes))
    return publish(site.index, page) if published else add(site.index, page)


def languages() -> dict[str, Locale]:
    return {code: Locale.objects.get_or_create(language_code=code)[0] for code in ("nb", "nn", "en")}


def small_site() -> SimpleNamespace:
    """In Bokmål: home, action index, countries, a notice on privacy, an organisation; made where they are not there."""
    locale = languages()["nb"]
    if not HomePage.objects.exists():
        _make_site(locale)
    return SimpleNamespace(
        site=Site.objects.get(),
        home=HomePage.objects.get(locale=locale),
        index=ActionIndexPage.objects.get(locale=locale),
        countries=CountryIndexPage.objects.get(locale=locale),
        china=CountryPage.objects.get(locale=locale),
        privacy=ContentPage.objects.get(locale=locale),
        organisation=Organisation.objects.get(locale=locale),
    )


def _make_site(locale: Locale) -> None:
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    home = HomePage(title="Forsiden", slug="hjem", heading="Navnet ditt teller", locale=locale)
    root.add_child(instance=home)
    home.save_revision().publish()
    wagtail_site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, hostname="localhost")
    wagtail_site.root_page = home
    wagtail_site.save()
    publish(home, ActionIndexPage(title="Aksjoner", slug="aksjoner", show_in_menus=True))
    countries = publish(home, CountryIndexPage(title="Land", slug="land"))
    publish(countries, CountryPage(title="Kina", slug="kina", code="CN", region="asia"))
    publish(home, ContentPage(title="Personvern", slug="personvern", purpose="privacy", show_in_menus=True))
    Organisation.objects.create(
        site=wagtail_site,
        locale=locale,
        name="Foreningen",
        controller_name="Foreningen",
        controller_email="personvern@example.org",
        donate_url="https://example.org/",
        consent_action="Dere kan skrive til meg om denne aksjonen.",
        consent_other="Dere kan skrive til meg om annet arbeid.",
    )


def translate(instance, language: str, words: dict[str, str] | None = None):
    """Publish a translation; texts without a word of their own get their language in front."""
    locale = Locale.objects.get(language_code=language)
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in source.stringsegment_set.all():
        text = segment.string.data
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={"data": (words or {}).get(text, f"{language}-{text}")},
        )
    translation.save_target(publish=True)
    return instance.get_translation(locale)


def hold(petition, by, reason="court", *, days=30):
    """Set a legal hold for a claim."""
    until = timezone.localdate() + timedelta(days=days)
    set_legal_hold(petition=petition, by=by, reason=reason, until=until, ground=Petition.HoldGround.CLAIM)
