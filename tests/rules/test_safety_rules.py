"""Retention, jumps, networks and mistyped hosts: tables of cases."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from actions.rules.address import domain_of, suggestion
from actions.rules.alarm import domain_jumps, group_jumps, hour_jumps
from actions.rules.network import client_address, exceeded, networks_of, normal_network, too_many_new
from actions.rules.retention import forget_at

END = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("ends_at", "delivered", "days", "expected"),
    [
        (None, None, 30, None),
        (None, END, 30, None),  # still open: nobody is forgotten
        (END, None, 30, END + 183 * DAY),  # never handed over: half a year after the end
        (END, END + 10 * DAY, 30, END + 40 * DAY),
        (END, END - 10 * DAY, 30, END + 30 * DAY),  # handed over while open: from the end
        (END, END + 170 * DAY, 30, END + 183 * DAY),  # handed over late: never past half a year
        (END, END, 400, END + 183 * DAY),
        (END, END, 0, END),
    ],
)
def test_signers_are_forgotten_some_days_after_the_hand_over_and_at_the_latest_half_a_year_after_the_end(
    ends_at, delivered, days, expected
):
    assert forget_at(ends_at=ends_at, last_delivered_at=delivered, days=days) == expected


@pytest.mark.parametrize(
    ("forwarded", "peer", "depth", "expected"),
    [
        ("", "192.0.2.7", 0, "192.0.2.7"),
        ("198.51.100.1", "192.0.2.7", 0, "192.0.2.7"),  # no proxy is trusted: the header is the visitor's own
        ("198.51.100.1", "192.0.2.7", 1, "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "192.0.2.7", 1, "198.51.100.1"),  # the first entry is forged
        ("203.0.113.9, 198.51.100.1, 192.0.2.6", "192.0.2.7", 2, "198.51.100.1"),
        ("198.51.100.1", "192.0.2.7", 2, "198.51.100.1"),  # fewer proxies than said: as far as the chain goes
        ("", "192.0.2.7", 3, "192.0.2.7"),
        ("nonsense", "192.0.2.7", 1, None),
        ("2001:db8::1", "192.0.2.7", 1, "2001:db8::1"),
        ("[2001:db8::1]", "192.0.2.7", 1, "2001:db8::1"),
        ("::ffff:198.51.100.1", "192.0.2.7", 1, "198.51.100.1"),
        (" , ,198.51.100.1", "192.0.2.7", 1, "198.51.100.1"),
        ("", "", 0, None),
    ],
)
def test_the_address_is_taken_from_the_right(forwarded, peer, depth, expected):
    found = client_address(forwarded=forwarded, peer=peer, depth=depth)
    assert found == (ip_address(expected) if expected else None)


def test_an_address_belongs_to_networks_with_growing_limits():
    assert networks_of(ip_address("192.0.2.7")) == [("192.0.2.0/24", 1), ("192.0.0.0/16", 20)]
    assert networks_of(ip_address("2001:db8:1:203:3::4")) == [
        ("2001:db8:1:203::/64", 1),
        ("2001:db8:1:200::/56", 3),
        ("2001:db8:1::/48", 8),
        ("2001:db8::/32", 100),
    ]
    assert networks_of(None) == [("unknown", 1)]


@pytest.mark.parametrize(
    ("new", "of", "percent", "expected"),
    [
        (199, 199, 70, False),
        (140, 200, 70, False),
        (141, 200, 70, True),
        (200, 200, 0, False),
        (1000, 1000, 100, False),
    ],
)
def test_people_come_from_the_same_few_providers(new, of, percent, expected):
    assert too_many_new(new=new, of=of, percent=percent) is expected


@pytest.mark.parametrize(
    ("typed", "normal"),
    [("192.0.2.7/24", "192.0.2.0/24"), (" 10.0.0.0/8 ", "10.0.0.0/8"), ("192.0.2.7", "192.0.2.7/32"),
     ("2001:db8:1::/48", "2001:db8:1::/48")],
)  # fmt: skip
def test_a_network_is_written_in_one_form(typed, normal):
    assert normal_network(typed) == normal


@pytest.mark.parametrize("typed", ["", "school", "0.0.0.0/0", "10.0.0.0/7", "::/0", "2001::/16", "300.1.1.1/24"])
def test_no_network_and_half_the_internet_are_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011
        normal_network(typed)


@pytest.mark.parametrize(
    ("counts", "limits", "expected"),
    [((40, 40), (40, 50), False), ((41, 41), (40, 50), True), ((3, 51), (40, 50), True), ((999, 999), (0, 0), False)],
)
def test_a_limit_holds_above_and_not_at_its_number(counts, limits, expected):
    assert exceeded(counts, limits) is expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(59, [1] * 100, False), (60, [1] * 100, True), (600, [100] * 100, False), (601, [100] * 100, True),
     (5000, [], False), (60, [0, 0, 0], True)],
)  # fmt: skip
def test_an_hour_stands_out_from_the_week_before_it(now, before, expected):
    assert hour_jumps(now=now, before=before) is expected


def test_a_country_and_a_domain_stand_out():
    assert group_jumps(now=30, usual=0.1)
    assert not group_jumps(now=29, usual=0.1)
    assert not group_jumps(now=60, usual=10)
    assert domain_jumps(domain="mailinator.example", now=20, of=60)
    assert not domain_jumps(domain="mailinator.example", now=20, of=90)
    assert not domain_jumps(domain="gmail.com", now=1000, of=1000)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("kari@gmial.com", "kari@gmail.com"), ("kari@gmail.con", "kari@gmail.com"), ("kari@gmail.com", ""),
     ("kari@hotmial.com", "kari@hotmail.com"), ("kari@mail.com", ""), ("kari@example.org", ""), ("kari", ""),
     ("@gmial.com", ""), ("", ""),
     ("kari@googlemail.com", ""), (" kari@outlok.com ", "kari@outlook.com")],
)  # fmt: skip
def test_a_mistyped_mail_host_is_asked_about(typed, expected):
    assert suggestion(typed) == expected


def test_the_domain_of_an_address():
    assert domain_of("kari@Example.ORG") == "example.org"
