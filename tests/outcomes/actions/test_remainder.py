"""Words in no idea: nothing more to code in them, which says nothing of the ideas."""

from datetime import timedelta

import pytest

from outcomes.actions import (
    ChangedMeanwhile,
    code,
    code_several,
    dispose,
    find_idea,
    look_again,
    nothing_more,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.ledger import State, ideas_of, ledger_of_passages, with_words_left
from outcomes.models import Coding, Disposition, Idea, ThemeSuggestion
from outcomes.picture import picture_of
from outcomes.proposals import undecided
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "He sleeps. And then I said to her, well, you know, what is there to be said of it."


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def passage(survey) -> Passage:
    return world.response(survey, TEXT, NOW).answers.get().passage


@pytest.fixture
def health(area):
    return area.themes.get(code="health")


@pytest.fixture
def idea(passage, run, health):
    made = Idea.objects.create(answer=passage.answer, start=0, end=10, found_by=run)
    ThemeSuggestion.objects.create(run=run, idea=made, theme=health, scores={}, reason="x")
    return made


def left():
    rows = with_words_left(Passage.objects.all())
    return list(rows.filter(words_left=True))


def test_words_in_no_idea_are_left_until_somebody_says_that_there_is_nothing_more(
    passage, idea, asha
):
    assert left() == [passage]
    nothing_more(passage=passage, by=asha, now=NOW)
    assert left() == []
    look_again(passage=passage, by=asha, now=NOW)
    assert left() == [passage]
    told = AuditEvent.objects.filter(what__startswith="read:").order_by("number")
    assert [one.what for one in told] == [
        "read: nothing more to code in the words that are in no idea",
        "read: more to code after all",
    ]


@pytest.mark.parametrize(
    ("length", "inside", "is_left"),
    [(100, 59, True), (100, 60, False), (500, 399, True), (500, 400, False), (41, 0, True)],
)
def test_a_few_words_are_no_remainder(survey, run, length, inside, is_left):
    passage = world.response(survey, "x" * length, NOW).answers.get().passage
    if inside:
        half = inside // 2
        for start, end in ((0, half), (half, inside)):
            Idea.objects.create(answer=passage.answer, start=start, end=end, found_by=run)
    assert left() == ([passage] if is_left else [])


def test_a_note_has_words_left_too(session, run):
    note = add_note(session=session, text=TEXT)
    passage = Passage.objects.get(note=note)
    idea = Idea.objects.create(note=note, start=0, end=10, found_by=run)
    assert left() == [passage]
    Idea.objects.filter(pk=idea.pk).update(end=len(TEXT))
    assert left() == []


def test_it_is_no_decision_about_the_ideas(survey, passage, idea, run, health, asha):
    consultation = survey.consultation
    nothing_more(passage=passage, by=asha, now=NOW)
    assert not Disposition.objects.current().exists()
    assert list(undecided(Idea.objects.all())) == [idea]
    assert ideas_of(consultation).get().stands == State.TO_READ
    assert ledger_of_passages(consultation)[State.TO_READ] == 1
    assert picture_of(consultation, NOW).ideas == 1
    code_several(ideas=[idea], themes=[health], by=asha, now=NOW)
    assert Coding.objects.current().get().theme == health
    assert ledger_of_passages(consultation)[State.CODED] == 1
    assert Disposition.objects.of_the_rest().exists()


def test_an_idea_in_a_cluster_does_not_stand_in_the_way(survey, asha):
    made = world.cluster(survey, asha, NOW, voices=1)
    passage = made.members.get().idea.answer.passage
    assert nothing_more(passage=passage, by=asha, now=NOW).what == "rest"


def test_marking_words_takes_it_back(passage, idea, asha):
    nothing_more(passage=passage, by=asha, now=NOW)
    find_idea(passage=passage, start=11, end=33, by=asha, now=NOW)
    assert not Disposition.objects.of_the_rest().exists()
    assert left() == [passage]


def test_it_is_not_said_beside_a_decision_about_all_of_it(passage, idea, asha):
    dispose(of=passage, what="off topic", by=asha, now=NOW)
    with pytest.raises(BadText, match="about something else"):
        nothing_more(passage=passage, by=asha, now=NOW)
    assert left() == []


def test_of_an_answer_without_ideas_all_of_it_is_decided(passage, run, asha):
    with pytest.raises(BadText, match="no idea in it"):
        nothing_more(passage=passage, by=asha, now=NOW)


def test_twice_is_once_and_late_is_told(passage, idea, asha, ben):
    later = NOW + timedelta(hours=1)
    made = nothing_more(passage=passage, by=asha, now=NOW, seen=None)
    assert nothing_more(passage=passage, by=ben, now=later, seen=made.pk) == made
    with pytest.raises(ChangedMeanwhile, match="asha decided meanwhile"):
        nothing_more(passage=passage, by=ben, now=later, seen=None)
    look_again(passage=passage, by=ben, now=later, seen=made.pk)
    with pytest.raises(AlreadyDecided, match="Nobody said"):
        look_again(passage=passage, by=asha, now=later)


def test_coding_goes_on_as_before(passage, idea, health, asha):
    nothing_more(passage=passage, by=asha, now=NOW)
    assert code(idea=idea, themes=[health], by=asha, now=NOW).theme == health
