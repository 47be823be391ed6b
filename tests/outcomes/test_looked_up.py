"""What pages look up, because it is quicker, is what working it out for each row gives."""

import pytest
from django.db.models import Q

from benchmarks.workbench_data import fill
from outcomes.admin.counting import counted, people
from outcomes.ledger import (
    State,
    lines_of_passages,
    not_withheld,
    passages_of,
    waiting,
    with_state,
    with_words_left,
)
from outcomes.models import Cluster, ClusterIdea, Idea, ThemeSuggestion
from surveys.models import Concern, Note, Passage, Question, Response
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(consultation, asha, ben):
    """A hundred ideas: some coded, in clusters, withheld or disposed of; texts read in part."""
    for audience in ("parent_carer", "young_person"):
        world.survey(consultation, audience, audience.replace("_", "-"), NOW)
    fill(consultation=consultation, ideas=100, by=asha, second=ben, now=NOW)
    some = Passage.objects.filter(answer__isnull=False).order_by("pk")
    for one in some[:3]:
        Concern.objects.create(
            answer=one.answer, category="other", reason="I worry.", raised_at=NOW
        )
    Passage.everything.update(length=1_000)
    Note.objects.filter(pk=Note.objects.first().pk).update(kind=Note.Kind.FACILITATOR)
    return consultation


def test_ideas_that_wait_are_those_that_stand_at_coded_or_to_read(filled):
    stand = with_state(Idea.everything.all()).filter(stands__in=(State.CODED, State.TO_READ))
    found = set(waiting(Idea.objects.all()).values_list("pk", flat=True))
    assert found == set(stand.values_list("pk", flat=True))
    assert 0 < len(found) < Idea.objects.count()


def test_texts_with_words_left_are_those_read_that_have_some(filled):
    rows = with_words_left(passages_of(filled)).filter(words_left=True, stands=State.CODED)
    found = sum(line.words_left for line in lines_of_passages(filled))
    assert found == rows.count() > 0


def test_what_is_not_withheld_by_its_key_is_what_pages_may_show(filled):
    for model, idea in ((ThemeSuggestion, "idea"), (ClusterIdea, "idea"), (Idea, "pk")):
        found = set(not_withheld(model.everything.all(), idea).values_list("pk", flat=True))
        assert found == set(model.objects.values_list("pk", flat=True))
        assert 0 < len(found) < model.everything.count()


def test_passages_that_count_are_those_of_responses_that_count(filled):
    late, pilot, open_ = Response.objects.order_by("pk")[:3]
    Response.objects.filter(pk=late.pk).update(late="not_counted", late_reason="So.")
    Response.objects.filter(pk=pilot.pk).update(is_pilot=True)
    Response.objects.filter(pk=open_.pk).update(state="draft", sent_at=None)
    Question.objects.filter(pk=Question.objects.first().pk).update(construct="right")
    comments = Q(answer__question__construct="right")
    of_counted = Q(answer__response__in=Response.objects.counted()) & ~comments
    counted = set(Passage.everything.counted().values_list("pk", flat=True))
    rows = Passage.everything.filter(Q(note__isnull=False) | of_counted)
    assert counted == set(rows.values_list("pk", flat=True))
    sent = Q(note__isnull=False) | Q(answer__response__in=Response.objects.sent())
    rows = Passage.everything.sent()
    assert set(rows) == set(Passage.everything.filter(sent))
    assert len(counted) < rows.count() < Passage.everything.count()


def test_people_of_many_clusters_are_those_of_each(filled):
    numbers = counted(ClusterIdea.objects.all(), "cluster")
    clusters = list(Cluster.objects.with_people())
    assert clusters
    for cluster in clusters:
        own = numbers[cluster.pk]
        assert (own.ideas, people(own)) == (cluster.ideas_count, people(cluster))
        assert own.taken == own.ideas
