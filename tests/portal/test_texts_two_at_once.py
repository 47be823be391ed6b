"""Two officers decide about the same answers at the same moment: each answer is decided once."""

import pytest

from outcomes.actions import dispose, dispose_texts, foresee_texts, nothing_more
from outcomes.models import Disposition, Idea
from surveys.models import Answer, AuditEvent, Passage
from tests import world
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4


@pytest.fixture
def passages(survey, asha, now):
    said = [world.response(survey, f"Sleep, {n}", now) for n in range(4)]
    run = world.run(survey.consultation, asha, now)
    for one in Answer.objects.filter(response__in=said):
        Idea.objects.create(answer=one, start=0, end=5, found_by=run)
    return list(Passage.objects.order_by("pk"))


def test_each_answer_is_decided_by_one_of_them_and_both_hear_how_many(passages, asha, ben, now):
    keys = [one.pk for one in passages]
    for turn in range(TURNS):
        Disposition.objects.all().delete()
        mine = foresee_texts(keys=keys, what="nothing").marks
        theirs = foresee_texts(keys=keys[:: -1 if turn % 2 else 1], what="rest").marks
        made = at_once(
            lambda mine=mine: dispose_texts(seen=mine, what="nothing", by=asha, now=now),
            lambda theirs=theirs: dispose_texts(seen=theirs, what="rest", by=ben, now=now),
        )
        assert sorted(made) == [0, len(keys)]
        assert Disposition.objects.filter(is_current=True).count() == len(keys)
    assert AuditEvent.objects.filter(what__startswith="read:").count() == TURNS * len(keys)


def test_one_decided_alone_while_all_are_is_left_or_follows_after(passages, asha, ben, now):
    for turn in range(TURNS):
        Disposition.objects.all().delete()
        one = passages[turn]
        seen = foresee_texts(keys=[one.pk for one in passages], what="nothing").marks
        number, alone, _ = at_once(
            lambda seen=seen: dispose_texts(seen=seen, what="nothing", by=asha, now=now),
            lambda one=one: dispose(of=one, what="complaint", by=ben, now=now),
            lambda turn=turn: nothing_more(passage=passages[turn - 1], by=ben, now=now),
        )
        assert len(passages) - 2 <= number <= len(passages)
        assert alone.what == "complaint"
        assert Disposition.objects.get(passage=one, is_current=True).by == ben
        assert Disposition.objects.filter(is_current=True).count() == len(passages)
