"""What was published, from its frozen copy alone."""

import html
import re

import pytest

from outcomes.actions import set_aside
from outcomes.models import Cluster, FrameworkVersion
from surveys.dates import in_words
from surveys.models import Agency, Consultation, Theme
from tests import world


def shown(client, address="/framework/") -> str:
    page = client.get(address)
    assert page.status_code == 200
    text = re.sub(r"<span>(.*?)</span>", r"\1", page.content.decode())
    return " ".join(html.unescape(text).split())


@pytest.fixture
def agreed(council, nhs, gwen, hari, survey, asha, now):
    """An outcome that both required agencies endorse."""
    outcome = world.proposed(world.cluster(survey, asha, now, voices=6), asha, now)
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    return outcome


@pytest.fixture
def publish(agreed, consultation, ben, now):
    def make(summary="The first one.", **more):
        return world.publish(consultation, ben, now, summary, **more)

    return make


def test_before_anything_is_published_it_says_so(client, agreed):
    assert "No outcomes have been agreed yet." in shown(client)
    assert "I feel well." not in shown(client)
    assert client.get("/framework/1.0/").status_code == 404


def test_it_shows_the_words_their_number_and_their_day(client, publish, now):
    version = publish()
    words = shown(client)
    assert f"Version <strong>1.0</strong>, published on {in_words(now.date())}" in words
    assert "The first one." in words
    assert "I feel well." in words
    assert "HL-1" in words
    assert version.sha256 in words


def test_the_first_page_says_that_it_was_published(client, publish, now):
    assert "of the agreed outcomes was published" not in shown(client, "/")
    publish()
    publish("The second one.", minor=True)
    said = f"Version 1.1 of the agreed outcomes was published on {in_words(now.date())}."
    assert said in shown(client, "/")
    assert "Version 1.0" not in shown(client, "/")


def test_other_pages_do_not_ask_for_the_newest_version(
    client, publish, django_assert_max_num_queries
):
    publish()
    with django_assert_max_num_queries(10) as asked:
        client.get("/privacy/")
    assert not [query for query in asked if "frameworkversion" in query["sql"]]


def test_it_shows_how_many_people_it_came_from(client, publish):
    publish()
    words = shown(client)
    assert "parents and carers: 6 people" in words
    assert "practitioners: 0 people" in words


def test_fewer_than_five_are_not_told_apart(
    client, council, gwen, nhs, hari, survey, asha, ben, now
):
    outcome = world.proposed(world.cluster(survey, asha, now, voices=3), asha, now)
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    world.publish(survey.consultation, ben, now)
    assert "parents and carers: fewer than 5 people" in shown(client)


def test_it_shows_each_agencys_position_with_role_and_day(client, publish, now):
    publish()
    words = shown(client)
    assert "We endorse these words" in words
    assert f"Director, {in_words(now.date())}" in words
    assert f"Nursing lead, {in_words(now.date())}" in words


def test_a_theme_without_an_outcome_is_shown_empty(client, publish):
    publish()
    assert shown(client).count("No agreed outcome yet.") == len(world.THEMES) - 1


def test_what_was_not_taken_forward_is_shown_with_the_reason(client, publish, survey, asha, now):
    other = world.cluster(survey, asha, now, theme="education")
    Cluster.objects.filter(pk=other.pk).update(name="Free buses")
    other.refresh_from_db()
    set_aside(cluster=other, reason="The county decides that.", by=asha, now=now)
    publish()
    words = shown(client)
    assert "Free buses" in words
    assert "The county decides that." in words


def test_it_is_frozen(client, publish):
    publish()
    before = shown(client)
    Agency.objects.update(name="Renamed", short_name="Renamed")
    Theme.objects.update(label="Renamed")
    Consultation.objects.update(title="Renamed")
    assert shown(client) == before


def test_an_older_version_keeps_its_address_and_leads_to_the_newest(client, publish):
    publish()
    publish("The second one.", minor=True)
    assert "Version <strong>1.1</strong>" in shown(client)
    assert 'href="/framework/1.0/"' in shown(client)
    old = shown(client, "/framework/1.0/")
    assert "The first one." in old
    assert "This is an older version." in old
    assert "older version" not in shown(client, "/framework/1.1/")


@pytest.mark.parametrize("number", ["9.9", "1", "1.x", "99999999999999999999.0", "0.0", "-1.0"])
def test_a_number_that_was_never_published_is_not_found(client, publish, number):
    publish()
    page = client.get(f"/framework/{number}/")
    assert page.status_code == 404
    assert "Page not found" in page.content.decode()


def test_html_in_the_words_is_shown_as_text(client, publish):
    version = publish("<script>alert(1)</script>")
    assert FrameworkVersion.objects.get() == version
    assert "<script>alert" not in client.get("/framework/").content.decode()
