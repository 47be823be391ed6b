"""What arrives is screened: its language told, details hidden, words of harm withheld; once."""

import pytest
from django.utils import timezone

from outcomes import screener
from outcomes.actions import ask_for_analysis, hide, show
from outcomes.models import AnalysisRun, GroupSuggestion, Idea, ThemeSuggestion
from outcomes.screener import screen, screen_passages
from outcomes.tasks import carry_out_analysis
from outcomes.worker import Stopped
from surveys.models import Concern, DetailSuggestion, Passage, Response, Session
from tests import world

pytestmark = pytest.mark.django_db
NAME = "Tamsin Okonkwo"
NAMED = f"My daughter {NAME} waited nine months. Ring me on 01632 960123."
HARM = "My dad hits me with his belt when he is drunk and I am scared to go home."
POLISH = "Chcę, żeby moja córka miała przyjaciół w szkole i mogła tam chodzić bez strachu."


@pytest.fixture
def said(survey, now):
    return [world.response(survey, text, now) for text in (NAMED, HARM, POLISH)]


def screened():
    return screen(Response.objects.all(), Session.objects.none())


def passage_of(response):
    return Passage.everything.get(answer__response=response)


def test_words_are_screened_for_language_details_and_harm(said):
    assert screened() == 1
    named, harm, polish = (passage_of(one) for one in said)
    assert NAME not in named.words
    assert "01632" not in named.words
    assert "[phone number]" in named.words
    assert named.source.text == NAMED
    assert (named.language, polish.language) == ("en", "pl")
    assert Concern.objects.get().answer == harm.answer
    assert harm not in Passage.objects.all()
    assert not Passage.everything.filter(screened_at=None).exists()


def test_a_comment_on_an_outcome_is_screened_too_and_is_in_no_inbox(survey, now):
    survey.questions.filter(order=1).update(construct="right")
    response = world.response(survey, HARM, now)
    assert screened() == 1
    assert passage_of(response) not in Passage.everything.counted()


def test_what_was_screened_is_not_screened_again(said):
    screened()
    before = list(Passage.everything.values_list("pk", "screened_at"))
    Concern.objects.update(state="cleared")
    assert screened() == 0
    assert list(Passage.everything.values_list("pk", "screened_at")) == before
    assert Concern.objects.count() == 1


def test_a_screening_cut_off_half_way_goes_on_where_it_stopped(survey, now, monkeypatch):
    for number in range(5):
        world.response(survey, f"Number {number}: ring 01632 96012{number}.", now)
    monkeypatch.setattr(screener, "AT_A_TIME", 2)

    def stop_at_two(_stage, done, _total):
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        screen_passages(Passage.everything.all(), stop_at_two)
    assert Passage.everything.filter(screened_at=None).count() == 3
    screen_passages(Passage.everything.all())
    assert not Passage.everything.filter(screened_at=None).exists()
    assert DetailSuggestion.objects.filter(kind="phone").count() == 5


def test_what_a_person_shows_stays_shown(said, asha, now):
    screened()
    passage = passage_of(said[0])
    phone = passage.detailsuggestions.get(kind="phone")
    show(passage=passage, start=phone.start, end=phone.end, by=asha, now=now)
    Passage.everything.update(screened_at=None)
    screened()
    assert "01632 960123" in passage_of(said[0]).words


def test_no_hidden_word_is_in_what_an_analysis_proposes(survey, asha, now):
    for number in range(4):
        world.response(survey, f"Miss Okonkwo at Wychwood rings back, {number} times.", now)
        passage = Passage.objects.order_by("-pk").first()
        hide(passage=passage, start=5, end=12, kind="person", by=asha, now=now)
        hide(passage=passage, start=16, end=24, kind="school", by=asha, now=now)
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=timezone.now())
    carry_out_analysis.call(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.trouble
    told = [text for row in GroupSuggestion.objects.all() for text in (row.name, row.reason)]
    rows = ThemeSuggestion.objects.all()
    told += [text for row in rows for text in (row.reason, row.check_reason)]
    told += [one.text for one in Idea.objects.with_source()]
    assert rows.exists()
    assert not any("okonkwo" in text.lower() or "wychwood" in text.lower() for text in told)


def test_an_analysis_marks_copies_and_says_where_ideas_lie(survey, asha, now):
    campaign = "Please bring back the respite weekends at the centre, families cannot cope."
    first = world.response(survey, campaign, now)
    second = world.response(survey, campaign + " Thank you.", now)
    world.response(survey, "A best friend who comes round on Saturdays", now)
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=now)
    carry_out_analysis.call(run.pk)
    copies = Passage.objects.exclude(copy_of=None)
    assert {one.answer.response for one in copies} <= {first, second}
    assert copies.count() == 1
    rows = list(ThemeSuggestion.objects.filter(run=run))
    ideas = {row.idea_id for row in rows}
    assert all(0 <= row.x <= 1 and 0 <= row.y <= 1 for row in rows)
    assert all(set(row.alike) <= ideas - {row.idea_id} for row in rows)
    assert sorted(row.check_order for row in rows if row.check_order)[:1] == [1]
    assert AnalysisRun.objects.get().measured["before"] <= 1
