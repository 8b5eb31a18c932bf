"""Teasers end with a whole word."""

import pytest

from home.templatetags.frame import cut_at_a_word


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [
        ("Kort tekst.", 20, "Kort tekst."),
        ("Menneskene i fengselet venter", 20, "Menneskene i…"),
        ("Menneskene i fengselet venter", 22, "Menneskene i…"),
        ("Menneskene i fengselet venter", 23, "Menneskene i fengselet…"),
        ("Menneskene, som venter", 13, "Menneskene…"),
        ("To\nlinjer  og mer", 10, "To linjer…"),
        ("自由" * 20, 10, "自由自由自由自由自…"),
        ("", 10, ""),
    ],
)
def test_a_teaser_ends_with_a_whole_word(text, longest, cut):
    """Seen to fail with Django's truncatechars."""
    assert cut_at_a_word(text, longest) == cut
    assert len(cut) <= longest
