"""R32: the second step is set up without anybody being led astray, scripts never get a page, and who is out stays out.

Found by people who tried it: what each of these asks for was not so.
"""

import re
import time

import pytest
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from actions.accounts.models import ProposedRole
from actions.backoffice import own_sessions, second_factor
from tests.codes import code

pytestmark = pytest.mark.django_db
PASSWORD = "a long password here"
SECRET = "JBSWY3DPEHPK3PXP"
OF_A_SCRIPT = [
    {"sec-fetch-dest": "empty"},
    {"sec-fetch-dest": "script"},
    {"sec-fetch-dest": "image"},
    {"x-requested-with": "XMLHttpRequest"},
]


@pytest.fixture(autouse=True)
def required(settings, locales):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


def log_in(client, name: str = "staff", password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": name, "password": password})


@pytest.fixture
def someone(django_user_model):
    """Somebody who has no role."""
    return django_user_model.objects.create_user("someone", "someone@example.org", PASSWORD, first_name="Som")


@pytest.fixture
def set_up(client, monkeypatch):
    """Sets up an app with codes for whoever is logged in; returns the answer."""

    def do():
        body = client.get(reverse("mfa_activate_totp")).content.decode()
        secret = re.search(r'id="authenticator_secret" value="(\w+)"', body)[1]
        monkeypatch.setattr("django.db.transaction.on_commit", lambda do: do())  # within the request, as on the site
        return client.post(reverse("mfa_activate_totp"), {"code": code(secret)})

    return do


class TestWhatScriptsGet:
    @pytest.mark.parametrize("name", ["wagtailadmin_sprite", "wagtailadmin_javascript_catalog"])
    @pytest.mark.parametrize("who", ["nobody", "without a factor", "without a role", "of yesterday"])
    def test_icons_and_words_are_the_same_for_everybody(self, client, staff, someone, name, who):
        if who != "nobody":
            log_in(client, "someone" if who == "without a role" else "staff")
        if who == "of yesterday":
            session = client.session
            session["staff_begun"] = session["staff_seen"] = time.time() - second_factor.LONGEST - 1
            session.save()
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert "html" not in answer.headers["Content-Type"]

    @pytest.mark.parametrize("headers", OF_A_SCRIPT)
    def test_before_the_second_step_a_script_gets_no_page(self, client, staff, headers):
        log_in(client)
        answer = client.get("/admin/pages/", headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "text/plain")
        body = client.get(reverse("mfa_index")).content.decode()
        assert "Sett opp det andre steget" not in body  # nothing is told twice: no page was asked for

    @pytest.mark.parametrize("headers", [*OF_A_SCRIPT, {}])
    def test_nor_does_the_interface_of_the_admin_lead_to_one(self, client, staff, headers):
        log_in(client)
        assert client.get("/admin/api/main/pages/", headers=headers).status_code == 401

    @pytest.mark.parametrize("headers", OF_A_SCRIPT[:3])
    def test_nor_does_anybody_who_is_logged_out(self, client, headers):
        assert client.get("/admin/pages/", headers=headers).status_code == 401

    @pytest.mark.parametrize("headers", OF_A_SCRIPT)
    def test_nor_a_screen_that_asks_for_the_factor_anew(self, client, staff, headers):
        TOTP.activate(staff, SECRET)
        log_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600, "type": "totp"}]
        session.save()
        assert client.get(reverse("person:index"), headers=headers).status_code == 401

    @pytest.mark.parametrize("headers", [{}, {"sec-fetch-dest": "document"}, {"sec-fetch-dest": "iframe"}])
    def test_a_person_is_still_led_to_the_second_step(self, client, staff, headers):
        """It was so before."""
        log_in(client)
        assert client.get("/admin/pages/", headers=headers).url == reverse("mfa_index")


class TestSettingItUp:
    def test_whoever_set_it_up_is_in_and_stays_in(self, client, staff, set_up):
        log_in(client)
        assert set_up().url == reverse("mfa_view_recovery_codes")
        for _ in range(2):
            assert client.get("/admin/").status_code == 200

    def test_with_a_security_key_too(self, client, staff, django_user_model):
        log_in(client)
        key = Authenticator.objects.create(user=staff, type="webauthn", data={"credential": {}})
        request = RequestFactory().get("/")
        request.session, request.user = client.session, staff
        signals.authenticator_added.send(Authenticator, request=request, user=staff, authenticator=key)
        request.session.save()
        assert client.get("/admin/").status_code == 200

    def test_codes_alone_let_nobody_in(self, client, staff):
        """It was so before: recovery codes are no second step."""
        log_in(client)
        codes = Authenticator.objects.create(user=staff, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        request = RequestFactory().get("/")
        request.session, request.user = client.session, staff
        signals.authenticator_added.send(Authenticator, request=request, user=staff, authenticator=codes)
        request.session.save()
        assert client.get("/admin/").status_code == 302

    def test_the_codes_are_shown_to_read_print_and_take_along_and_once(self, client, staff, set_up):
        log_in(client)
        address = set_up().url
        body = client.get(address).content.decode()
        codes = re.findall(r"<li>(\d{8})</li>", body)
        assert len(codes) == 10
        assert all(f"{one}%0A" in body for one in codes)
        assert 'id="print"' in body
        again = client.get(address).content.decode()
        assert not any(one in again for one in codes)
        assert "10 koder" in again
        assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403

    def test_the_password_is_not_asked_for_again_right_after_the_log_in(self, client, staff):
        log_in(client)
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_but_it_is_a_while_later(self, client, staff):
        """It was so before."""
        log_in(client)
        session = client.session
        session["account_authentication_methods"][0]["at"] -= second_factor.JUST_NOW
        session.save()
        assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))


class TestWithoutARole:
    def test_is_told_so_and_by_whom_one_is_given(self, client, staff, someone, set_up):
        staff.first_name, staff.last_name = "Ada", "Berg"
        staff.save()
        log_in(client, "someone")
        set_up()
        answer = client.get("/admin/", follow=True)
        body = answer.content.decode()
        assert answer.status_code == 403
        assert answer.redirect_chain == []
        assert "Du har ingen rolle ennå" in body
        assert "Ada Berg" in body
        assert reverse("account_logout") in body

    def test_and_what_waits_for_another_person(self, client, staff, someone, set_up):
        group = Group.objects.get(name="Signature officer")
        ProposedRole.objects.create(user=someone, group=group, asked_by=staff)
        log_in(client, "someone")
        set_up()
        body = client.get("/admin/pages/").content.decode()
        assert "Signaturansvarlig" in body
        assert "Signature officer" not in body

    def test_a_script_gets_no_page_of_it(self, client, someone, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        log_in(client, "someone")
        answer = client.get("/admin/pages/", headers={"sec-fetch-dest": "empty"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/plain")

    def test_a_link_to_a_new_password_still_opens(self, client, someone, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        log_in(client, "someone")
        assert client.get(reverse("wagtailadmin_password_reset")).status_code == 200


class TestSwitchedOff:
    WAYS = {
        "saved": lambda user: setattr(user, "is_active", False) or user.save(),
        "many at once": lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False),
        "in the database": lambda user: connection.cursor().execute(
            "update auth_user set is_active = false where id = %s", [user.pk]
        ),
    }

    @pytest.mark.parametrize("way", WAYS)
    def test_whoever_was_switched_off_must_log_in_again(self, client, staff, settings, way):
        settings.SECOND_FACTOR_REQUIRED = False
        log_in(client)
        assert client.get("/admin/").status_code == 200
        self.WAYS[way](staff)
        type(staff).objects.filter(pk=staff.pk).update(is_active=True)
        assert client.get("/admin/").status_code == 302
        log_in(client)
        assert client.get("/admin/").status_code == 200

    def test_what_has_ended_is_not_listed_as_a_place_where_one_is_logged_in(self, client, staff, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        for _ in range(2):
            log_in(Client())
        type(staff).objects.filter(pk=staff.pk).update(is_active=False)
        type(staff).objects.filter(pk=staff.pk).update(is_active=True)
        log_in(client)
        staff.refresh_from_db()
        assert len(own_sessions.sessions_of(staff)) == 1


def test_the_log_in_offers_one_way_to_a_new_password(client):
    body = client.get(reverse("account_login")).content.decode()
    assert body.count(reverse("wagtailadmin_password_reset")) == 1
    assert reverse("account_reset_password") not in body
    assert "Glemt passordet?" in body


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.0", "et annet program"),
        ("", "et annet program"),
    ],
)
def test_where_one_is_logged_in_is_told_in_words(staff, settings, said, told):
    settings.SECOND_FACTOR_REQUIRED = False
    client = Client(headers={"user-agent": said})
    log_in(client)
    client.get("/admin/")
    body = client.get(reverse("own_sessions")).content.decode()
    assert re.search(rf"<td>{told} <strong>", body)
    assert "Mozilla" not in body


class TestInvited:
    def address(self, user) -> str:
        from actions.backoffice.invitations import _password_address

        return _password_address(user).removeprefix("http://testserver")

    def test_whoever_comes_for_the_first_time_is_welcomed_and_told_what_a_password_needs(self, client, someone):
        body = client.get(self.address(someone), follow=True).content.decode()
        assert "Velkommen, Som" in body
        assert "<strong>someone</strong>" in body
        assert "12 tegn" in body

    def test_whoever_forgot_the_password_is_not(self, client, someone, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        log_in(client, "someone")
        client.post(reverse("account_logout"))
        someone.refresh_from_db()
        body = client.get(self.address(someone), follow=True).content.decode()
        assert "Velkommen" not in body
        assert "Velg et nytt passord" in body
        assert "<strong>someone</strong>" in body

    def test_a_link_that_holds_no_more_says_what_to_do(self, client, someone):
        address = self.address(someone)
        someone.set_password("another long password")
        someone.save()
        assert "ny invitasjon" in client.get(address, follow=True).content.decode()
