"""What comes too fast is held back, whole schools are not, and no address is kept."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from surveys.actions import begin_change, begin_response
from surveys.limits import HOUR, LIMITS, Salt, held_back, too_fast
from tests import world

HERE = {"REMOTE_ADDR": "203.0.113.7"}


def request(**meta):
    return RequestFactory().get("/", **meta)


def tries(what: str, times: int, *, moment: float = 0.0, **meta) -> list[bool]:
    return [held_back(request(**meta), what, moment=moment) for _ in range(times)]


@pytest.mark.parametrize(("what", "most"), [("begin", 300), ("code", 200), ("contact", 20)])
def test_so_many_are_let_through_and_no_more(what, most):
    assert LIMITS[what].most == most
    assert tries(what, most, **HERE) == [False] * most
    assert tries(what, 3, **HERE) == [True] * 3


def test_places_and_purposes_are_counted_apart():
    tries("code", 200, **HERE)
    assert tries("code", 1, REMOTE_ADDR="203.0.113.8") == [False]
    assert tries("contact", 1, **HERE) == [False]


def test_looking_counts_nothing():
    def looks() -> bool:
        return held_back(request(**HERE), "code", count=False, moment=0.0)

    assert not any(looks() for _ in range(50))
    tries("code", 200, **HERE)
    assert looks()


def test_a_minute_later_some_are_let_through_again():
    tries("begin", 300, **HERE)
    assert tries("begin", 6, moment=60.0, **HERE) == [False] * 5 + [True]


def test_after_its_time_everything_is_open_again():
    tries("code", 200, **HERE)
    assert tries("code", 200, moment=600.0, **HERE) == [False] * 200


def test_trying_while_held_back_makes_nothing_worse():
    tries("code", 1000, **HERE)
    assert tries("code", 21, moment=60.0, **HERE) == [False] * 20 + [True]


def test_the_salt_is_another_after_an_hour():
    salt = Salt()
    first = salt.at(1000.0)
    assert len(first) == 16
    assert salt.at(1000.0 + HOUR - 1) == first
    assert salt.at(1000.0 + HOUR) != first
    assert Salt().at(1000.0) != first


def test_nothing_in_the_cache_names_the_address():
    tries("begin", 1, **HERE)
    assert cache._cache
    assert "203.0.113" not in str(cache._cache)
    assert b"203.0.113" not in b"".join(cache._cache.values())


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "203.0.113.7, 10.0.0.1"])
def test_nobody_is_held_back_where_addresses_cannot_be_told(address):
    assert not any(tries("code", 50, REMOTE_ADDR=address))


def test_a_home_with_ipv6_is_one_place():
    tries("code", 200, REMOTE_ADDR="2001:db8:1:2::5")
    assert tries("code", 1, REMOTE_ADDR="2001:db8:1:2:aaaa::9") == [True]
    assert tries("code", 1, REMOTE_ADDR="2001:db8:1:3::5") == [False]


def test_one_address_written_in_two_ways_is_one_place():
    tries("code", 200, **HERE)
    assert tries("code", 1, REMOTE_ADDR="::ffff:203.0.113.7") == [True]


def test_without_proxies_nobody_talks_us_into_another_address():
    tries("code", 200, **HERE)
    assert tries("code", 1, HTTP_X_FORWARDED_FOR="198.51.100.1", **HERE) == [True]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "held"),
    [
        (1, "203.0.113.7", True),
        (1, "198.51.100.1, 203.0.113.7", True),
        (1, "203.0.113.7, 198.51.100.1", False),
        (2, "203.0.113.7, 10.0.0.2", True),
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.2", True),
        (2, "203.0.113.7", False),
        (1, "", False),
    ],
)
def test_behind_proxies_the_address_that_the_outermost_saw_counts(
    settings, proxies, forwarded, held
):
    tries("code", 200, **HERE)
    settings.PROXIES = proxies
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}
    assert tries("code", 1, **meta) == [held]


@pytest.mark.parametrize(("https", "held"), [(True, False), (False, True)])
def test_a_proxy_that_nobody_told_us_of_is_not_taken_for_its_visitors(settings, https, held):
    settings.HTTPS = https
    tries("code", 200, REMOTE_ADDR="127.0.0.1")
    assert tries("code", 1, REMOTE_ADDR="127.0.0.1") == [held]


def test_nobody_sends_within_three_seconds(settings, survey, now):
    settings.SECONDS_TO_ANSWER = 3
    draft, _ = begin_response(survey=survey, now=now)
    assert too_fast(draft, now)
    assert too_fast(draft, now + timedelta(seconds=2.9))
    assert not too_fast(draft, now + timedelta(seconds=3))


def test_a_change_may_be_sent_at_once(settings, survey, now):
    settings.SECONDS_TO_ANSWER = 3
    change = begin_change(response=world.response(survey, "Words", now), now=now)
    assert not too_fast(change, now)
