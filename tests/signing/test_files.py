"""Sealed files: what is written comes out again, nothing lies in the clear, and what is half done is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from nacl.exceptions import CryptoError

from actions.signing import files
from actions.signing.models import SealedChunk, SealedFile

pytestmark = pytest.mark.django_db
CONTENT = b"Kari Nordmann;kari@example.org\n" * 40_000


def written(content: bytes = CONTENT) -> SealedFile:
    with files.Writer(name="a.csv", content_type="text/csv") as out:
        for start in range(0, len(content), 70_001):
            out.write(content[start : start + 70_001])
        assert out.tell() == len(content)
    return out.file


def test_what_is_written_comes_out_again():
    file = written()
    assert file.size == len(CONTENT)
    assert SealedChunk.objects.filter(file=file).count() == -(-len(CONTENT) // files.CHUNK)
    assert b"".join(files.read(file)) == CONTENT


def test_an_empty_file_is_a_file():
    assert b"".join(files.read(written(b""))) == b""


def test_nothing_of_it_lies_in_the_clear():
    """Seen to fail with the chunk stored as it is."""
    file = written()
    for chunk in file.chunks.all():
        assert b"Nordmann" not in bytes(chunk.sealed)


def test_a_file_whose_writing_fails_is_gone():
    def half() -> None:
        with files.Writer(name="a", content_type="b") as out:
            out.write(CONTENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert not SealedFile.objects.exists()
    assert not SealedChunk.objects.exists()


@pytest.mark.parametrize("change", ["unfinished", "expired"])
def test_what_is_not_whole_or_over_is_not_given_out(change):
    file = written()
    if change == "unfinished":
        file.complete = False
    else:
        file.expires_at = timezone.now() - timedelta(seconds=1)
    file.save()
    with pytest.raises(files.FileGone):
        files.read(file)


def test_parts_cannot_change_places():
    """Seen to fail without the associated data."""
    file = written()
    first, second = file.chunks.order_by("number")[:2]
    SealedChunk.objects.filter(pk=first.pk).update(sealed=bytes(second.sealed))
    with pytest.raises(CryptoError):
        list(files.read(file))


def test_expired_files_are_deleted():
    kept, gone = written(), written()
    SealedFile.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    assert files.forget_expired() == 1
    assert SealedFile.objects.get() == kept
