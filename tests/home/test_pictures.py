"""Pictures on pages: left out when they may not be shown, cannot be made or are not made yet; asked for from a worker;
credited; never told of by the names staff give them."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import PageViewRestriction, ReferenceIndex

from actions.checks import files_lie_apart
from actions.pages import picture_alarm
from actions.signing.models import Alarm
from home.images import CustomImage, CustomRendition, WantedRendition
from home.pages import ContentPage
from home.tasks import is_a_size, look, make_wanted_sizes, take_off_past_pictures
from tests import canaries
from tests.factories import PetitionFactory, action, image, publish, stream
from tests.home.reading import elements

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def story(site) -> ContentPage:
    """With the same picture in every place a picture can be, and words beside it."""
    picture = image("Kari Nordmann")
    raw = {"image": picture.pk, "alt_text": "a fence", "decorative": False}
    body = stream(
        ContentPage,
        "body",
        [
            ("image", {"image": raw, "caption": "Words beside it", "credit": ""}),
            ("video", {"title": "A film", "url": "https://vimeo.com/76979871", "file": None, "poster": raw}),
        ],
    )
    page = ContentPage(title="Sak", slug="sak", hero_image=picture, hero_alt="a fence", share_image=picture, body=body)
    return publish(site.home, page)


def pictures(answer) -> list[str]:
    """Every address of a picture that an answer holds."""
    found = [one.attrs.get("src", "") for one in elements(answer, "img")]
    found += [
        one.attrs.get("content", "") for one in elements(answer, "meta") if one.attrs.get("property") == "og:image"
    ]
    return [address for address in found if "/media/" in address]


def shown_until(day) -> None:
    CustomImage.objects.update(shown_until=day)


@pytest.mark.parametrize(("days", "number"), [(None, 4), (1, 4), (0, 4), (-1, 0)])
def test_after_its_day_a_picture_is_shown_nowhere(days, number, story, client):
    """Seen to fail without the question in `CustomImage.shown`."""
    shown_until(None if days is None else TODAY() + timedelta(days=days))
    answer = client.get(story.get_url())
    assert answer.status_code == 200
    assert len(pictures(answer)) == number
    assert ("Words beside it" in answer.content.decode()) is bool(number)


def test_a_card_and_a_drawn_picture_are_without_it_too(site, client):
    page = action(site, PetitionFactory(), hero_image=image())
    before = client.get(page.get_url() + "picture/").content
    shown_until(TODAY() - timedelta(days=1))
    assert pictures(client.get(site.home.get_url())) == []
    drawn = client.get(page.get_url() + "picture/")
    assert drawn.status_code == 200
    assert drawn.content != before


def test_what_visitors_could_still_ask_for_is_deleted_after_the_day(story, client):
    client.get(story.get_url())
    names = [size.file.name for size in CustomRendition.objects.all()]
    shown_until(TODAY() - timedelta(days=1))
    take_off_past_pictures.call()
    assert names
    assert not CustomRendition.objects.exists()


def test_the_title_of_a_picture_is_told_to_nobody(story, client, site):
    """Seen to fail with Wagtail's own words for a picture that nothing else is written of: its title."""
    raw = {"image": CustomImage.objects.get().pk, "alt_text": "", "decorative": False}
    body = stream(ContentPage, "body", [("image", {"image": raw, "caption": "", "credit": ""})])
    bare = publish(site.home, ContentPage(title="Uten ord", slug="uten-ord", body=body))
    assert pictures(client.get(bare.get_url()))
    for address in (story.get_url(), bare.get_url(), site.home.get_url()):
        assert "Kari Nordmann" not in client.get(address).content.decode()


def test_the_credit_of_the_library_is_shown_where_nothing_else_is_written(story, client):
    CustomImage.objects.update(credit="Åse Foto", licence="CC BY 4.0")
    words = client.get(story.get_url()).content.decode()
    assert words.count("Åse Foto / CC BY 4.0") == 2
    ContentPage.objects.update(hero_credit="Written here")
    assert client.get(story.get_url()).content.decode().count("Åse Foto") == 1


class TestOnThePublicSurface:
    """The process that visitors reach cannot read originals and makes nothing."""

    @pytest.fixture(autouse=True)
    def _public(self, settings, story, tmp_path):
        settings.SURFACE = "public"
        settings.PRIVATE_MEDIA_ROOT = tmp_path / "nothing"
        ReferenceIndex.create_or_update_for_object(story)  # a task of Wagtail's

    def test_a_page_whose_pictures_are_not_made_is_shown_and_they_are_asked_for(self, story, client):
        """Seen to fail with sizes made while a visitor waits: an error for everybody where originals cannot be read."""
        answer = client.get(story.get_url())
        assert (answer.status_code, pictures(answer)) == (200, [])
        assert WantedRendition.objects.filter(filter_spec="format-avif|width-640").exists()
        assert not CustomRendition.objects.exists()
        number = WantedRendition.objects.count()
        client.get(story.get_url())
        assert WantedRendition.objects.count() == number

    def test_the_worker_makes_them_and_the_page_shows_them(self, story, client, settings, tmp_path):
        client.get(story.get_url())
        settings.SURFACE, settings.PRIVATE_MEDIA_ROOT = "staff", tmp_path / "private-media"
        make_wanted_sizes.call()
        assert not WantedRendition.objects.exists()
        settings.SURFACE, settings.PRIVATE_MEDIA_ROOT = "public", tmp_path / "nothing"
        assert len(pictures(client.get(story.get_url()))) == 4

    def wished(self, settings, tmp_path) -> bool:
        """Whether the worker makes what the public process wishes for."""
        image = CustomImage.objects.get()
        WantedRendition.objects.create(image=image, filter_spec="format-avif|width-640")
        settings.SURFACE, settings.PRIVATE_MEDIA_ROOT = "staff", tmp_path / "private-media"
        make_wanted_sizes.call()
        assert not WantedRendition.objects.exists()
        return image.renditions.exists()

    def test_what_stands_on_a_page_for_everybody_is_made(self, story, settings, tmp_path):
        assert self.wished(settings, tmp_path)

    def test_a_picture_on_no_page_is_not_made(self, story, settings, tmp_path):
        """Seen to fail: whoever had broken into the public process published any picture by wishing for a size."""
        story.delete()
        assert not self.wished(settings, tmp_path)

    def test_a_picture_on_a_draft_or_a_closed_page_is_not_made(self, story, settings, tmp_path):
        PageViewRestriction.objects.create(page=story, restriction_type="login")
        assert not self.wished(settings, tmp_path)
        PageViewRestriction.objects.all().delete()
        story.unpublish()
        assert not self.wished(settings, tmp_path)

    def test_a_picture_in_a_draft_of_a_page_that_is_published_is_not_made(self, story, settings, tmp_path):
        """The index of references tells of the draft."""
        index = list(ReferenceIndex.objects.values())
        nothing = stream(ContentPage, "body", [])
        ContentPage.objects.update(hero_image=None, share_image=None, body=nothing)
        ReferenceIndex.objects.all().delete()
        ReferenceIndex.objects.bulk_create(ReferenceIndex(**row) for row in index)
        assert not self.wished(settings, tmp_path)


class TestThatCannotBeMade:
    """No room, no folder, a file that is gone. Seen to fail before: the wish was deleted, and nobody was told."""

    @pytest.fixture
    def wanted(self, story, monkeypatch):
        def full(self, size):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(CustomImage, "create_rendition", full)
        ReferenceIndex.create_or_update_for_object(story)  # a task of Wagtail's
        return WantedRendition.objects.create(image=CustomImage.objects.get(), filter_spec="width-640")

    def try_again(self, times: int) -> None:
        for _ in range(times):
            WantedRendition.objects.update(due_at=timezone.now())
            make_wanted_sizes.call()

    def test_it_stays_wished_for_is_written_down_and_tried_again(self, wanted, monkeypatch, caplog):
        self.try_again(1)
        assert WantedRendition.objects.get().failed == 1
        assert f"no size could be made of image {wanted.image_id}: OSError" in caplog.text
        make_wanted_sizes.call()
        assert WantedRendition.objects.get().failed == 1, "a minute later"
        monkeypatch.undo()
        self.try_again(1)
        assert not WantedRendition.objects.exists()
        assert CustomRendition.objects.filter(filter_spec="width-640").exists()

    def test_somebody_is_told_after_some_tries_once_a_day(self, wanted):
        self.try_again(2)
        assert picture_alarm.look(timezone.now()) == []
        self.try_again(1)
        (alarm,) = picture_alarm.look(timezone.now())
        assert (alarm.kind, alarm.number) == (Alarm.Kind.PICTURES, 1)
        assert picture_alarm.look(timezone.now()) == []

    def test_a_page_of_staffs_is_shown_without_and_says_why_in_the_log(self, wanted, caplog):
        assert wanted.image.shown("width-640") == {}
        assert "OSError" in caplog.text

    def test_what_is_no_size_is_not_wished_for_again(self, wanted):
        WantedRendition.objects.update(filter_spec="original")
        make_wanted_sizes.call()
        assert not WantedRendition.objects.exists()


def test_a_picture_for_others_has_the_address_of_visitors(story, settings):
    """Seen to fail with Wagtail's own, which begins with where staff come."""
    settings.SITE_URL, settings.WAGTAILADMIN_BASE_URL = "https://example.org", "http://localhost:8100"
    (size,) = CustomImage.objects.get().shown("width-40").values()
    assert size.full_url.startswith("https://example.org/media/images/")


@pytest.mark.parametrize(
    ("surface", "private", "number"),
    [
        ("staff", "private", 0),
        ("staff", "media/private", 1),
        ("staff", "media", 1),
        ("public", "private", 1),
        ("public", "nothing", 0),
    ],
)
def test_a_check_says_where_files_do_not_lie_apart(surface, private, number, settings, tmp_path):
    for name in ("private", "media/private"):
        (tmp_path / name).mkdir(parents=True)
    settings.SURFACE, settings.MEDIA_ROOT = surface, tmp_path / "media"
    settings.PRIVATE_MEDIA_ROOT = tmp_path / private
    assert [found.id for found in files_lie_apart(None)] == ["actions.E029"] * number


def test_the_proxy_can_read_what_is_public_and_nobody_else_what_is_private(settings):
    """Under the mask of the units (0077). Seen to fail without modes for what is public: its owner alone reads it."""
    before = os.umask(0o077)
    try:
        made = CustomImage.objects.create(title="x", file=ContentFile(canaries.png(), name="x.png"))
        size = made.shown("width-40")["width-40"]
    finally:
        os.umask(before)
    modes = [Path(path).stat().st_mode & 0o777 for path in (size.file.path, Path(size.file.path).parent)]
    assert modes == [0o664, 0o775]
    modes = [Path(path).stat().st_mode & 0o777 for path in (made.file.path, Path(made.file.path).parent)]
    assert modes == [0o660, 0o770]


@pytest.mark.parametrize(
    ("spec", "is_one"),
    [
        ("fill-640x400|format-avif", True),
        ("format-avif|width-640", True),
        ("format-avif|format-webp", False),
        ("width-640|width-641", False),
        ("width-1280|format-jpeg", True),
        ("height-80", True),
        ("fill-9999x9999", False),
        ("original", False),
        ("max-100", False),
        ("min-5", False),
        ("width-1x1", False),
        ("fill-100", False),
        ("width-0", False),
        ("fill-1x1|jpegquality-1", False),
    ],
)
def test_nobody_can_wish_for_more_than_pages_show(spec, is_one):
    assert is_a_size(spec) is is_one


def test_work_is_asked_for_once(story, monkeypatch):
    asked = []
    for task in (make_wanted_sizes, take_off_past_pictures):
        monkeypatch.setattr(type(task), "enqueue", lambda self, *a, **k: asked.append(self.func.__name__))
    WantedRendition.objects.create(image=CustomImage.objects.get(), filter_spec="width-640")
    look()
    assert asked == ["make_wanted_sizes"]


def test_names_of_files_and_sizes_tell_nothing():
    made = CustomImage.objects.create(title="x", file=ContentFile(canaries.png(), name="Kari Nordmann.png"))
    one, other = made.shown("width-40", "width-50").values()
    assert not [name for name in (made.file.name, one.file.name) if "ari" in name.lower()]
    assert one.file.name.split("/")[1][:8] != other.file.name.split("/")[1][:8]
