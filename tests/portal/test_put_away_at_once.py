"""Put into a cluster by one and put away by another at the same moment: each idea is in one of the
two. Row locks are PostgreSQL's: `make test-postgres` runs these where they can fail.
"""

import pytest

from outcomes.actions import (
    adopt,
    bring_in,
    dispose,
    dispose_several,
    dispose_texts,
    foresee_texts,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import ClusterIdea, Disposition, Idea
from surveys.models import Answer, Passage
from surveys.refusals import BadText
from tests import world
from tests.at_once import at_once, chain_is_whole, refused

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4


def suggested(survey, by, now):
    """A suggested group of two ideas, and these."""
    said = [world.response(survey, f"Sleep {number}", now) for number in range(2)]
    answers = list(Answer.objects.filter(response__in=said))
    group = world.group(world.run(survey.consultation, by, now), "health", answers)
    return group, list(Idea.objects.filter(suggestions__group=group).order_by("pk"))


def test_adopted_while_another_hands_one_on_no_idea_is_in_a_cluster_and_put_away(
    survey, asha, ben, now
):
    for turn in range(TURNS):
        group, ideas = suggested(survey, asha, now)
        whole = Passage.objects.get(answer=ideas[0].answer_id) if turn % 2 else ideas[0]
        results = at_once(
            lambda group=group, turn=turn: adopt(
                suggestion=group, name=f"Sleep {turn}", by=asha, now=now
            ),
            lambda whole=whole: dispose(of=whole, what="case", by=ben, now=now),
        )
        there = ClusterIdea.objects.filter(idea=ideas[0]).exists()
        told = refused(results)
        assert [type(one) for one in told] == [BadText] * there, turn
        assert all("is in a cluster. Take it out there first." in str(one) for one in told)
        put_away = Disposition.objects.current().filter(by=ben)
        assert put_away.exists() is not there
        assert ClusterIdea.objects.filter(idea=ideas[1]).exists()
        put_away.delete()
    chain_is_whole()


def test_brought_in_while_many_are_put_away_each_idea_is_in_one_of_the_two(survey, asha, ben, now):
    cluster = world.cluster(survey, asha, now)
    for turn in range(TURNS):
        _, ideas = suggested(survey, asha, now)
        results = at_once(
            lambda ideas=ideas: bring_in(cluster=cluster, ideas=ideas[:1], by=asha, now=now),
            lambda ideas=ideas: dispose_several(ideas=ideas, by=ben, now=now),
        )
        there = ClusterIdea.objects.filter(idea=ideas[0]).exists()
        told = refused(results)
        assert [type(one) for one in told] == [AlreadyDecided] * (not there), turn
        assert all("was handed on, set aside or taken back meanwhile" in str(one) for one in told)
        ended = Disposition.objects.current().filter(idea__in=ideas)
        assert {one.idea for one in ended} == set(ideas[there:])
    chain_is_whole()


def test_brought_in_while_its_answer_is_put_away_with_others_it_is_in_one_of_the_two(
    survey, asha, ben, now
):
    cluster = world.cluster(survey, asha, now)
    for _ in range(TURNS):
        _, ideas = suggested(survey, asha, now)
        whole = Passage.objects.get(answer=ideas[0].answer_id)
        seen = foresee_texts(keys=[whole.pk], what="off topic").marks
        refused(
            at_once(
                lambda ideas=ideas: bring_in(cluster=cluster, ideas=ideas[:1], by=asha, now=now),
                lambda seen=seen: dispose_texts(seen=seen, what="off topic", by=ben, now=now),
            )
        )
        there = ClusterIdea.objects.filter(idea=ideas[0]).exists()
        assert Disposition.objects.current().filter(passage=whole).exists() is not there
    chain_is_whole()
