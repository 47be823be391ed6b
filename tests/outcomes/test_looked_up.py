"""What pages look up, because it is quicker, is what working it out for each row gives."""

import pytest

from benchmarks.workbench_data import fill
from outcomes.admin.counting import counted, people
from outcomes.ledger import (
    State,
    passages_of,
    read_with_words_left,
    waiting,
    with_state,
    with_words_left,
)
from outcomes.models import Cluster, ClusterIdea, Idea
from surveys.models import Concern, Note, Passage
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
    assert read_with_words_left(filled) == rows.count() > 0


def test_people_of_many_clusters_are_those_of_each(filled):
    numbers = counted(ClusterIdea.objects.all(), "cluster")
    clusters = list(Cluster.objects.with_people())
    assert clusters
    for cluster in clusters:
        own = numbers[cluster.pk]
        assert (own.ideas, people(own)) == (cluster.ideas_count, people(cluster))
        assert own.taken == own.ideas
