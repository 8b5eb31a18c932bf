"""A page that is for some only, asked for by anybody through nginx."""

import pytest

pytestmark = pytest.mark.processes

PAGE, ENGLISH = "/nb/aksjoner/stans-henrettelsene/", "/en/actions/stop-the-executions/"
GOOD = {"name": "Kari Nordmann", "email": "kept.out@example.org"}
PLACES = ("", "embed/", "thanks/", "embed/thanks/", "privacy/", "picture/")


def test_it_is_shut_and_takes_no_signature_in_any_language(deployed):
    """Told to the database alone, as by a process of staff whose word has not come yet."""
    public, query = deployed.public, deployed.site.query
    where = "select id from wagtailcore_page where url_path like '%%/stans-henrettelsene/'"
    asked = [path + place for path in (PAGE, ENGLISH) for place in PLACES]
    assert {public.get(path).status for path in asked} == {200}
    signed = (
        "select count(*) from actions_signature s join actions_actionpage a using (petition_id) where a.page_ptr_id"
    )
    before = query(f"{signed} in ({where})")
    query(
        "insert into wagtailcore_pageviewrestriction (restriction_type, password, page_id) "
        f"select 'login', '', id from wagtailcore_page where id in ({where})"
    )
    try:
        for path in (PAGE, f"{PAGE}embed/", ENGLISH, f"{ENGLISH}embed/"):
            assert public.post(path, GOOD).status == 404, path
        assert query(f"{signed} in ({where})") == before
    finally:
        query("delete from wagtailcore_pageviewrestriction")
