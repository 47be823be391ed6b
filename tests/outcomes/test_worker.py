"""The worker carries out an analysis with the real engine."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from outcomes.actions import adopt, ask_for_analysis, cancel_analysis
from outcomes.actions.analysing import AnalysisUnderWay, NothingToAnalyse
from outcomes.engine.pipeline import Analysis, FoundGroup, FoundIdea
from outcomes.models import AnalysisRun, GroupSuggestion, Idea, ThemeSuggestion
from outcomes.tasks import carry_out_analysis
from outcomes.worker import Stopped, write
from surveys.actions import (
    add_note,
    begin_response,
    correct_note,
    save_answer,
    send_response,
    withdraw_response,
)
from surveys.models import Answer, Note, Session, Theme
from tests import world

SAID = [
    "I want to tell our story once. Also a proper night's sleep would change everything.",
    "To be believed the first time, not sent on another parenting course",
    "- swimming lessons that do not say no\n- a best friend",
    "she goes into school without being sick with fear in the car park",
    "n/a",
]


@pytest.fixture
def said(survey, now):
    for text in SAID:
        world.response(survey, text, now)
    session = Session.objects.create(
        consultation=survey.consultation,
        title="Workshop",
        audience="parent_carer",
        held_on=now.date(),
        people=9,
    )
    add_note(session=session, text="One mum said nobody tells you about the Local Offer.")
    return survey.consultation


def analysed(consultation, by, now):
    run = ask_for_analysis(consultation=consultation, by=by, now=now)
    carry_out_analysis.call(run.pk)
    run.refresh_from_db()
    return run


def test_every_idea_is_a_span_of_the_untouched_text_with_a_theme_and_a_reason(said, asha, now):
    run = analysed(said, asha, now)
    assert (run.state, run.trouble) == ("done", "")
    assert run.engine_version
    assert len(run.fingerprint) == 64
    texts = [idea.text for idea in Idea.objects.with_source()]
    assert "a best friend" in texts
    assert "n/a" not in texts
    assert all(idea.text.strip() == idea.text for idea in Idea.objects.with_source())
    assert Idea.objects.filter(note__isnull=False).exists()
    themes = ThemeSuggestion.objects.filter(run=run)
    assert themes.count() == Idea.objects.count()
    for row in themes:
        assert row.reason
        assert sum(row.scores.values()) == pytest.approx(1, abs=0.01)


def test_why_to_check_an_idea_is_said_in_the_areas_own_names(said, asha, now):
    run = analysed(said, asha, now)
    first = ThemeSuggestion.objects.get(run=run, check_order=1)
    labels = [theme.label for theme in said.area.themes.all()]
    assert any(f"Between {label} and " in first.check_reason for label in labels)


def test_a_group_holds_ideas_of_its_own_theme(said, asha, now):
    run = analysed(said, asha, now)
    for group in GroupSuggestion.objects.filter(run=run):
        assert group.members.exists()
        assert {member.theme for member in group.members.all()} == {group.theme}


def test_a_second_run_keeps_the_ideas_and_what_officers_made(said, survey, asha, now):
    run = analysed(said, asha, now)
    suggestion = world.group(run, "families", [])
    ThemeSuggestion.objects.filter(run=run).update(group=suggestion)
    cluster = adopt(suggestion=suggestion, name="Everything", by=asha, now=now)
    ideas = set(Idea.objects.values_list("pk", flat=True))
    world.response(survey, "Childcare in the holidays that will take him.", now)
    again = analysed(said, asha, now)
    assert ideas < set(Idea.objects.values_list("pk", flat=True))
    assert set(cluster.ideas.values_list("pk", flat=True)) == ideas
    assert ThemeSuggestion.objects.filter(run=again).count() == Idea.objects.count()


def test_the_same_texts_give_the_same_fingerprint_and_suggestions(said, asha, now):
    def found(run):
        rows = ThemeSuggestion.objects.filter(run=run).order_by("idea")
        return [(row.idea_id, row.theme_id, row.scores, row.reason) for row in rows]

    first, second = analysed(said, asha, now), analysed(said, asha, now)
    assert found(first) == found(second)


def test_a_draft_is_not_analysed(survey, asha, now):
    response, _ = begin_response(survey=survey, now=now)
    save_answer(
        response=response, question=survey.questions.first(), text="draft", seen="", now=now
    )
    with pytest.raises(NothingToAnalyse):
        ask_for_analysis(consultation=survey.consultation, by=asha, now=now)


def test_a_theme_that_the_area_lacks_fails_the_run_with_a_sentence(said, asha, now):
    Theme.objects.exclude(code="none").delete()
    run = analysed(said, asha, now)
    assert run.state == "failed"
    assert "The area has no theme with the code" in run.trouble
    assert not Idea.objects.exists()


def test_a_cancelled_run_is_left_alone(said, asha, now):
    run = ask_for_analysis(consultation=said, by=asha, now=now)
    cancel_analysis(run=run, now=now)
    carry_out_analysis.call(run.pk)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Idea.objects.exists()


def test_one_analysis_at_a_time_and_another_after_a_cancel(said, asha, now):
    run = ask_for_analysis(consultation=said, by=asha, now=now)
    with pytest.raises(AnalysisUnderWay):
        ask_for_analysis(consultation=said, by=asha, now=now)
    cancel_analysis(run=run, now=now)
    assert ask_for_analysis(consultation=said, by=asha, now=now).state == "queued"


def test_a_run_whose_worker_fell_silent_makes_way(said, asha, now):
    run = ask_for_analysis(consultation=said, by=asha, now=now)
    AnalysisRun.objects.filter(pk=run.pk).update(state="running", heard_from_at=now)
    later = now + timedelta(minutes=3)
    assert ask_for_analysis(consultation=said, by=asha, now=later) != run
    run.refresh_from_db()
    assert (run.state, run.trouble) == ("failed", "The worker stopped before it was done.")


@pytest.mark.django_db(transaction=True)
def test_cancelling_in_the_middle_keeps_nothing(survey, asha, now):
    for number in range(60):
        world.response(survey, f"I want {number} friends who come round on Saturdays", now)
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=now)

    def work():
        carry_out_analysis.call(run.pk)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    while AnalysisRun.objects.get(pk=run.pk).state == "queued":
        time.sleep(0.005)
    cancel_analysis(run=run, now=now)
    worker.join()
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Idea.objects.exists()


def test_only_what_was_sent_is_read(said, survey, asha, now):
    draft, _ = begin_response(survey=survey, now=now)
    question = survey.questions.first()
    save_answer(response=draft, question=question, text="not sent", seen="", now=now)
    analysed(said, asha, now)
    assert "not sent" not in [idea.text for idea in Idea.objects.with_source()]


def test_another_consultation_is_another_analysis(said, area, asha, now):
    other = world.consultation(area, by=asha, now=now, slug="other")
    elsewhere = world.survey(other, "parent_carer", "o", now)
    world.response(elsewhere, "Said in another consultation", now)
    analysed(said, asha, now)
    assert not Idea.objects.of(other).exists()


def test_a_text_that_was_split_is_not_split_again(said, asha, now):
    answer = Answer.objects.get(text__startswith="To be believed")
    odd = Idea.objects.create(answer=answer, start=3, end=11, found_by=world.run(said, asha, now))
    analysed(said, asha, now)
    assert list(Idea.objects.filter(answer=answer)) == [odd]


def test_one_person_in_three_answers_is_one_voice(survey, asha, now):
    response, _ = begin_response(survey=survey, now=now)
    for question in survey.questions.all():
        text = "We need a proper night's sleep at home"
        save_answer(response=response, question=question, text=text, seen="", now=now)
    send_response(response=response, may_quote=None, now=now)
    run = analysed(survey.consultation, asha, now)
    assert ThemeSuggestion.objects.filter(run=run).count() == 3
    assert not GroupSuggestion.objects.filter(run=run).exists()


def test_words_in_another_language_have_no_theme_until_they_are_translated(said, asha, now):
    world.response(said.surveys.first(), "Chcę, żeby moja córka miała przyjaciół w szkole", now)
    run = analysed(said, asha, now)
    (one,) = ThemeSuggestion.objects.filter(run=run, theme=None)
    assert one.idea.text.startswith("Chcę")
    assert (one.reason, one.kind, one.sure) == ("Written in Polish: translate it first.", "", False)
    others = ThemeSuggestion.objects.filter(run=run).exclude(pk=one.pk)
    assert {row.kind for row in others} <= {"outcome", "experience", "service", "measure"}


def test_what_officers_decided_teaches_the_next_analysis(said, asha, now):
    first = analysed(said, asha, now)
    idea = ThemeSuggestion.objects.filter(run=first).exclude(theme__code="activities").first().idea
    activities = Theme.objects.get(area=said.area, code="activities")
    theme = ThemeSuggestion.objects.get(run=first, idea=idea).theme
    group = GroupSuggestion.objects.create(run=first, theme=theme, name="Ours", reason="x", order=9)
    ThemeSuggestion.objects.filter(run=first, idea=idea).update(group=group)
    adopt(suggestion=group, name="Ours", by=asha, now=now, theme=activities)
    again = ThemeSuggestion.objects.get(run=analysed(said, asha, now), idea=idea)
    assert again.theme == activities
    assert again.reason == "An officer decided so for the same words."


def test_what_cannot_be_written_whole_is_not_written_at_all(said, asha, now):
    run = ask_for_analysis(consultation=said, by=asha, now=now)
    AnalysisRun.objects.take(run.pk, now)
    there = f"answer-{Answer.objects.first().pk}"
    found = Analysis(
        ideas=(FoundIdea(there, 0, 5, "health", {}, None, "x", None),) * 2,
        groups=(),
        texts=(),
        version="1",
        settings={},
        fingerprint="f",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        write(run, found)
    assert not Idea.objects.exists()
    run.refresh_from_db()
    assert run.state == "running"


def test_what_was_taken_back_or_corrected_meanwhile_fails_no_run(said, asha, now):
    run = ask_for_analysis(consultation=said, by=asha, now=now)
    AnalysisRun.objects.take(run.pk, now)
    kept, gone = Answer.objects.all()[:2]
    note = Note.objects.get()
    sources = [f"answer-{kept.pk}", f"answer-{gone.pk}", f"note-{note.pk}"]
    found = Analysis(
        ideas=tuple(
            FoundIdea(source, 0, 5, "health", {}, None, "x", number)
            for number, source in enumerate(sources)
        ),
        groups=tuple(FoundGroup(number, "health", "x", "x") for number in range(3)),
        texts=(),
        version="1",
        settings={},
        fingerprint="f",
    )
    withdraw_response(response=gone.response, now=now)
    words = {"text": "One mum said so.", "kind": "said", "dots": None}
    correct_note(note=note, seen=note.pk, by=asha, **words)
    write(run, found)
    assert [idea.answer for idea in Idea.objects.all()] == [kept]
    assert GroupSuggestion.objects.filter(run=run).count() == 1
    run.refresh_from_db()
    assert run.state == "done"


def test_what_was_cancelled_while_it_ended_is_not_written(said, asha, now):
    run = ask_for_analysis(consultation=said, by=asha, now=now)
    AnalysisRun.objects.take(run.pk, now)
    cancel_analysis(run=run, now=now)
    found = Analysis((), (), (), version="1", settings={}, fingerprint="f")
    with pytest.raises(Stopped):
        write(run, found)


def test_a_group_that_officers_made_is_called_by_its_clusters_name(said, asha, now):
    run = analysed(said, asha, now)
    some = ThemeSuggestion.objects.filter(run=run, theme__code="families")
    group = GroupSuggestion.objects.create(
        run=run, theme=some.first().theme, name="believed", reason="Alike.", order=99
    )
    some.update(group=group)
    cluster = adopt(suggestion=group, name="Being believed", by=asha, now=now)
    again = analysed(said, asha, now + timedelta(minutes=1))
    names = list(GroupSuggestion.objects.filter(run=again).values_list("name", flat=True))
    assert "Being believed" in names
    assert f"cluster {cluster.pk}" not in " ".join(names)
