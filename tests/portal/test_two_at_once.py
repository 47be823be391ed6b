"""Two people at the same moment, on real connections: nobody's work is lost, nothing is doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from outcomes.actions import adopt, ask_for_analysis, merge
from outcomes.actions.analysing import AnalysisUnderWay
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import AnalysisRun, Cluster, ClusterIdea
from surveys.actions import begin_response, save_answer, send_response
from surveys.models import Answer, Response
from surveys.refusals import AnswerChangedElsewhere, Refusal
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all the works at the same moment, each on a connection of its own.

    Gives each one's result, or the Refusal it met; any other exception is raised.
    """
    barrier = Barrier(len(works))

    def do(work):
        try:
            barrier.wait()
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def test_many_writers_wait_for_each_other_and_none_fails(survey, now):
    question = survey.questions.first()

    def answer(number):
        for turn in range(10):
            response, _ = begin_response(survey=survey, now=now)
            text = f"writer {number}, turn {turn}"
            save_answer(response=response, question=question, text=text, seen="", now=now)
            send_response(response=response, may_quote=None, now=now)

    at_once(*[lambda number=number: answer(number) for number in range(6)])
    assert Response.objects.sent().count() == Answer.objects.count() == 60


def test_sent_from_two_tabs_is_one_response(survey, now):
    response, _ = begin_response(survey=survey, now=now)
    save_answer(response=response, question=survey.questions.first(), text="x", seen="", now=now)
    results = at_once(
        *[lambda: send_response(response=response, may_quote=None, now=now).reference] * 4
    )
    assert set(results) == {response.reference}
    assert Response.objects.sent().count() == 1


def test_saved_from_two_tabs_keeps_one_and_shows_both(survey, now):
    response, _ = begin_response(survey=survey, now=now)
    question = survey.questions.first()

    def save(text):
        save_answer(response=response, question=question, text=text, seen="", now=now)
        return text

    results = at_once(lambda: save("one"), lambda: save("two"))
    refused = [result for result in results if isinstance(result, AnswerChangedElsewhere)]
    assert len(refused) == 1
    assert refused[0].stored == Answer.objects.get().text


def test_a_suggestion_adopted_by_two_officers_is_one_cluster(survey, asha, ben, now):
    world.response(survey, "rest", now)
    run = world.run(survey.consultation, asha, now)
    group = world.group(run, "families", list(Answer.objects.all()))
    results = at_once(
        *[
            lambda who=who: adopt(suggestion=group, name=f"By {who}", by=who, now=now)
            for who in (asha, ben)
        ]
    )
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    assert Cluster.objects.count() == ClusterIdea.objects.count() == 1


def test_two_merges_across_each_other_lose_no_idea(survey, asha, ben, now):
    one, two = (world.cluster(survey, asha, now) for _ in range(2))
    results = at_once(
        lambda: merge(keep=one, others=[two], by=asha, now=now),
        lambda: merge(keep=two, others=[one], by=ben, now=now),
    )
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    (left,) = Cluster.objects.adopted()
    assert left.ideas.count() == 4


def test_two_officers_asking_get_one_analysis(survey, asha, ben, now):
    world.response(survey, "rest", now)
    results = at_once(
        *[
            lambda who=who: ask_for_analysis(consultation=survey.consultation, by=who, now=now)
            for who in (asha, ben)
        ]
    )
    assert sum(isinstance(result, AnalysisUnderWay) for result in results) == 1
    assert AnalysisRun.objects.count() == 1
