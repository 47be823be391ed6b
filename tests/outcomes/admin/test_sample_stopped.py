"""Who drew a sample may stop it, with a reason; its page says of how many its numbers are."""

import re
from html import unescape

import pytest

from outcomes.actions import draw_sample, stop_sample
from outcomes.actions.sampling import places
from outcomes.models import BlindCode, Sample
from surveys.models import Theme
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
STOP, PAGE, CODE = "outcomes_sample_stop", "outcomes_sample_change", "outcomes_sample_code"
SETTLE, LIST = "outcomes_sample_settle", "outcomes_sample_changelist"
WHY = {"why": "Ann is on <leave>."}


@pytest.fixture
def ann(groups):
    return world.person("ann", "Analyst")


@pytest.fixture
def sample(survey, consultation, ann, ben, asha):
    """Of four; both have coded two, and differ about one; Ann has coded one more."""
    said = [world.response(survey, f"Sleep, {number}", NOW).answers.get() for number in range(4)]
    world.group(world.run(consultation, asha, NOW), "health", said)
    who = {"first": ann, "second": ben}
    made = draw_sample(consultation=consultation, **who, by=asha, now=NOW, number=4, seed=7)
    themes = {theme.code: theme for theme in Theme.objects.all()}
    for by, names in ((ann, ["health", "health", "none"]), (ben, ["health", "families"])):
        for place, name in zip(places(made), names, strict=False):
            BlindCode.objects.create(place=place, by=by, theme=themes[name], at=NOW)
    return made


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def test_who_may_draw_stops_it_after_a_look_at_how_far_it_is(visit, sample, asha, fran, dev):
    for who in (dev, fran):
        assert visit(who, STOP, sample.pk).status_code == 403
        assert visit(who, STOP, sample.pk, data=WHY).status_code == 403
    page = words(visit(asha, STOP, sample.pk))
    assert "ann has coded 3 of 4 ideas, ben 2. Both have coded 2." in page
    assert Sample.objects.get().stopped_at is None
    assert visit(asha, STOP, sample.pk, data=WHY).status_code == 302
    assert Sample.objects.get().stopped_why == WHY["why"]


def test_its_page_says_so_and_of_how_many_the_numbers_are(visit, sample, asha):
    assert "How well the two agree" not in words(visit(asha, PAGE, sample.pk))
    visit(asha, STOP, sample.pk, data=WHY)
    page = words(visit(asha, PAGE, sample.pk))
    assert "This sample was stopped on 22 November 2026, 12:00." in page
    assert "Until then both had coded 2 of its 4 ideas." in page
    assert "All numbers below are of those alone." in page
    assert "Why it was stopped: Ann is on <leave>." in page
    assert "Of 2 ideas to which both gave a theme, the two chose the same main theme for 1" in page
    assert "Stop this sample" not in page
    assert "ann: 3 of 4 coded" in page
    assert "stopped, 5 of 8 codes" in words(visit(asha, LIST))


def test_the_two_have_nothing_to_do_any_more(visit, sample, ann, ben, asha, client):
    waiting = words(visit(ben, "index"))
    assert "2 for you to code" in waiting
    visit(asha, STOP, sample.pk, data=WHY)
    assert "for you to code" not in words(visit(ben, "index"))
    assert "Code your ideas" not in words(visit(ben, PAGE, sample.pk))
    for sent in (None, {"main": "health"}):
        back = visit(ben, CODE, sample.pk, data=sent, query="?place=3")
        assert back.url.endswith(f"/sample/{sample.pk}/change/")
    assert "What you coded until then is kept." in words(client.get(back.url))
    assert BlindCode.objects.count() == 5


def test_only_what_both_have_coded_is_settled(visit, sample, asha):
    visit(asha, STOP, sample.pk, data=WHY)
    shown = [visit(asha, SETTLE, sample.pk, place.pk).status_code for place in places(sample)]
    assert shown == [200, 200, 404, 404]


def test_stopped_before_anything_it_shows_no_number(visit, sample, asha):
    BlindCode.objects.all().delete()
    visit(asha, STOP, sample.pk, data=WHY)
    page = words(visit(asha, PAGE, sample.pk))
    assert "both had coded 0 of its 4 ideas, so nothing can be compared." in page
    assert "How well the two agree" not in page
    assert "Code your ideas" not in page


def test_no_reason_too_long_a_one_and_twice_are_told(visit, sample, asha, ben):
    assert "This field is required." in words(visit(asha, STOP, sample.pk, data={"why": " "}))
    long = visit(asha, STOP, sample.pk, data={"why": "x" * 401})
    assert "Say why in 400 characters or fewer." in words(long)
    assert "x" * 401 in words(long)
    stop_sample(sample=sample, why="So.", by=ben, now=NOW)
    again = visit(asha, STOP, sample.pk, data=WHY)
    assert "Somebody stopped this sample already." in words(again)
    assert Sample.objects.get().stopped_why == "So."
