import pytest
from django.core import mail
from django.core.management import call_command

from actions.signing.models import OutboxMail
from actions.signing.outbox import Letter
from actions.signing.sign import sign
from actions.web.mail import compose
from home import standing
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("nb", "Du har skrevet under"), ("nn", "Du har skrive under"),
                                                 ("en", "You have signed")])  # fmt: skip
def test_the_receipt_is_in_the_signers_language_and_says_what_and_to_whom(language, words, site):
    petition = addressed(PetitionFactory(), RecipientFactory())
    page = action(site, petition)
    sign(petition=petition, person=person(name="Zanzibar"), language=language)
    call_command("send_mail", "--once")
    (message,) = mail.outbox
    assert message.subject == f"{words}: {page.title}"
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert "Chen Quanguo, partisekretær i Xinjiang" in text
        assert page.get_full_url() in text
        assert "personvern@example.org" in text
        assert "Zanzibar" not in text
    assert message.to == ["signer1@example.org"]
    assert message.extra_headers["Message-ID"].endswith("@testserver>")


def test_a_thousand_mails_in_a_row_look_up_their_page_once(site, settings, django_assert_num_queries):
    """Seen to fail with page, recipients and organisation asked for at each mail."""
    settings.PAGE_CACHE = True
    standing.forget_here()
    petition = addressed(PetitionFactory(), RecipientFactory())
    action(site, petition)
    for number in range(2):
        sign(petition=petition, person=person(number), language="nb")
    first, second = OutboxMail.objects.select_related("signature__petition", "signature__signer")
    assert compose(Letter(first, "one@example.org", "x", "", []))
    with django_assert_num_queries(0):
        assert compose(Letter(second, "two@example.org", "y", "", [])).to == ["two@example.org"]
    standing.forget_here()
