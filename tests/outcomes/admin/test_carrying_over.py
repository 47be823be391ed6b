"""Clusters of an earlier consultation, carried over under their names: chosen, shown, adopted."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import adopt, raise_concern, rename, set_aside
from outcomes.models import Cluster, GroupSuggestion
from surveys.models import Answer, AuditEvent
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

CARRY = "outcomes_coding_carry-over"
SLEEP = ["She wakes all night.", "We need sleep at night.", "He wakes and we wake."]
BUSES = ["The bus never comes.", "A bus on Sunday.", "No bus to town."]


def suggested(survey, asha, theme, texts, now=NOW, run=None):
    said = [world.response(survey, text, now) for text in texts]
    answers = list(Answer.objects.filter(response__in=said))
    return world.group(run or world.run(survey.consultation, asha, now), theme, answers)


@pytest.fixture
def before(area, asha):
    """An earlier consultation, with a cluster about sleep and one about buses."""
    earlier = world.consultation(area, by=asha, now=NOW, slug="earlier")
    then = world.survey(earlier, "parent_carer", "then", NOW)
    for name, theme, texts in (("Nights", "health", SLEEP), ("Getting about", "none", BUSES)):
        adopt(suggestion=suggested(then, asha, theme, texts), name=name, by=asha, now=NOW)
    return earlier


@pytest.fixture
def here(survey, asha):
    """Two suggestions of the newest run here: about sleep and about buses."""
    run = world.run(survey.consultation, asha, NOW + timedelta(minutes=1))
    groups = [
        suggested(
            survey, asha, "families", ["I want sleep at night.", "Up all night, no bus."], run=run
        ),
        suggested(survey, asha, "activities", ["A bus in the evening.", "One bus."], run=run),
    ]
    for group, name in zip(groups, ("wakes", "buses"), strict=True):
        GroupSuggestion.objects.filter(pk=group.pk).update(name=name)
    return groups


@pytest.fixture
def carry(visit, asha, survey, before):
    """`carry()` opens the page; `carry({cluster: group})` sends it; `confirm=True` decides."""

    def carry(chosen=None, who=asha, confirm=False):
        data = None
        if chosen is not None:
            data = {f"cluster-{one.pk}": str(group.pk) for one, group in chosen.items()}
            data |= {"confirm": "Carry over"} if confirm else {}
        query = f"?from={before.pk}"
        return visit(who, CARRY, survey.consultation_id, data=data, query=query)

    return carry


@pytest.fixture
def nights(before):
    return Cluster.objects.get(name="Nights")


@pytest.fixture
def buses(before):
    return Cluster.objects.get(name="Getting about")


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def here_now(survey):
    return Cluster.objects.filter(consultation=survey.consultation)


def offered(page, cluster):
    line = next(one for one in page.context["lines"] if one.cluster == cluster)
    return [one.group for one in line.offers]


def test_each_earlier_cluster_is_shown_with_its_people_and_what_is_like_it_here(
    carry, here, nights, buses
):
    page = carry()
    assert offered(page, nights)[0] == here[0]
    assert offered(page, buses)[0] == here[1]
    assert re.search(
        r"Nights do not carry over wakes \(2 ideas, \d+% alike\) .*?Healthy lives 3 0 0 0",
        words(page),
    )


def test_what_will_be_carried_over_is_shown_before_anything_is(carry, here, nights, survey):
    page = words(carry({nights: here[0]}))
    assert "Nights Healthy lives wakes Suggested under Supporting families. 2" in page
    assert not here_now(survey).exists()


def test_confirmed_a_suggestion_is_adopted_under_the_earlier_name_and_theme(
    carry, here, nights, survey, asha
):
    assert carry({nights: here[0]}, confirm=True).status_code == 302
    made = here_now(survey).get()
    assert (made.name, made.theme.code, made.adopted_from) == ("Nights", "health", here[0])
    assert made.members.count() == 2
    decision = made.decisions.get()
    assert decision.by == asha
    assert decision.detail == (f"carried over from “What should get better?”, cluster {nights.pk}")
    event = AuditEvent.objects.get(what="carried over clusters")
    assert (event.by, event.detail) == (asha, "1 clusters")


def test_the_earlier_consultation_stays_as_it_was(carry, here, nights):
    ideas = list(nights.members.values_list("idea", flat=True))
    carry({nights: here[0]}, confirm=True)
    nights.refresh_from_db()
    assert list(nights.members.values_list("idea", flat=True)) == ideas
    assert nights.decisions.count() == 1


def test_all_or_nothing(carry, here, nights, buses, survey, asha):
    page = carry({nights: here[0], buses: here[0]}, confirm=True)
    assert "You chose one suggestion for two clusters" in words(page)
    assert not here_now(survey).exists()
    page = carry({nights: here[0], buses: here[1]}, confirm=True)
    assert page.status_code == 302
    assert here_now(survey).count() == 2


def test_a_suggestion_that_somebody_adopted_meanwhile_is_not_overwritten(
    carry, here, nights, buses, survey, ben
):
    adopt(suggestion=here[0], name="Sleep", by=ben, now=NOW)
    page = carry({nights: here[0], buses: here[1]}, confirm=True)
    assert "Nothing was carried over" in words(page)
    assert "not offered any longer" in words(page)
    assert [one.name for one in here_now(survey)] == ["Sleep"]
    assert re.search(rf'value="{here[1].pk}"\s+selected', page.content.decode())


def test_a_name_that_is_here_already_is_not_offered_again(carry, here, nights, survey, asha):
    carry({nights: here[0]}, confirm=True)
    page = carry()
    assert offered(page, nights) == []
    assert "A cluster here has this name" in words(page)


def test_nothing_chosen_is_said(carry, here, survey):
    assert "Choose a suggestion for at least one" in words(carry({}))


def test_what_was_set_aside_is_not_offered(carry, here, nights, asha):
    set_aside(cluster=nights, reason="Out of scope.", by=asha, now=NOW)
    assert "Nights" not in words(carry())
    page = carry({nights: here[0]}, confirm=True)
    assert "Choose a suggestion for at least one" in words(page)


def test_the_newest_name_is_carried(carry, here, nights, survey, asha):
    rename(cluster=nights, name="Sleep for all", by=asha, now=NOW)
    carry({nights: here[0]}, confirm=True)
    assert here_now(survey).get().name == "Sleep for all"


def test_withheld_words_liken_nothing_and_are_carried_nowhere(carry, here, nights, survey, asha):
    for answer in Answer.objects.filter(response__survey=survey):
        raise_concern(source=answer, category="harm", reason="Look.", by=asha, now=NOW)
    page = carry()
    assert offered(page, nights) == []
    carry({nights: here[0]}, confirm=True)
    assert not here_now(survey).exists()


def test_another_areas_consultation_is_not_offered(visit, survey, asha, before):
    elsewhere = world.consultation(world.area("hills"), by=asha, now=NOW, slug="hills")
    page = visit(asha, CARRY, survey.consultation_id)
    assert [one.pk for one in page.context["others"]] == [before.pk]
    page = visit(asha, CARRY, survey.consultation_id, query=f"?from={elsewhere.pk}")
    assert page.context["earlier"] is None


@pytest.mark.parametrize("key", ["", "x", "99999", "-1", "9" * 30, "²"])
def test_an_earlier_consultation_that_there_is_not_asks_again(visit, survey, asha, before, key):
    page = visit(asha, CARRY, survey.consultation_id, query=f"?from={key}")
    assert page.status_code == 200
    assert page.context["earlier"] is None


@pytest.mark.parametrize(
    "role", ["Publisher", "Co-production reviewer", "Facilitator", "Safeguarding lead"]
)
def test_who_may_not_make_clusters_may_not_carry_them_over(carry, here, nights, survey, role):
    pat = world.person("pat", role)
    assert carry(who=pat).status_code == 403
    assert carry({nights: here[0]}, who=pat, confirm=True).status_code == 403
    assert not here_now(survey).exists()


def test_an_analyst_may(carry, here, nights, survey):
    ana = world.person("ana", "Analyst")
    carry({nights: here[0]}, who=ana, confirm=True)
    assert here_now(survey).get().decisions.get().by == ana


def test_the_page_takes_as_many_queries_however_many_there_are(carry, here, before, asha, survey):
    then = before.surveys.get()
    carry()
    with CaptureQueriesContext(connection) as few:
        carry()
    run = here[0].run
    for number in range(6):
        world.cluster(then, asha, NOW)
        suggested(survey, asha, "health", [f"Feeling well {number}"], run=run)
    with CaptureQueriesContext(connection) as many:
        carry()
    assert len(many) == len(few)
