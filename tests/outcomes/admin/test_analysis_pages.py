"""Asking for an analysis, watching it, reading what it suggests."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.admin.reading import pieces
from outcomes.models import AnalysisRun, Cluster, Idea
from surveys.actions import begin_response, save_answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(consultation, asha):
    return AnalysisRun.objects.create(consultation=consultation, asked_by=asha, asked_at=NOW)


def page_of(visit, who, run, **facts):
    AnalysisRun.objects.filter(pk=run.pk).update(**facts)
    return visit(who, "outcomes_analysisrun_change", run.pk).content.decode()


def test_a_button_queues_an_analysis(visit, asha, survey):
    world.response(survey, "Being heard", NOW)
    assert visit(asha, "outcomes_analysisrun_ask", survey.consultation_id).status_code == 405
    page = visit(asha, "outcomes_analysisrun_ask", survey.consultation_id, data={})
    run = AnalysisRun.objects.get()
    assert (run.asked_by, run.asked_at, run.state) == (asha, NOW, "queued")
    assert page.url == f"/admin/outcomes/analysisrun/{run.pk}/change/"


def test_a_refusal_to_ask_is_a_message(visit, asha, client, survey):
    page = visit(asha, "outcomes_analysisrun_ask", survey.consultation_id, data={})
    assert "There is nothing to analyse yet" in client.get(page.url).content.decode()
    world.response(survey, "Being heard", NOW)
    for _ in range(2):
        page = visit(asha, "outcomes_analysisrun_ask", survey.consultation_id, data={})
    assert "An analysis is under way." in client.get(page.url).content.decode()
    assert AnalysisRun.objects.count() == 1


def test_progress_is_told_in_words(visit, asha, waiting):
    page = page_of(visit, asha, waiting)
    assert "Waiting for the worker" in page
    assert "Look again" in page
    page = page_of(visit, asha, waiting, state="running", stage="Splitting", done=3, total=4)
    assert "Running: Splitting" in page
    assert '<progress max="100" value="75" aria-label="How far it is">75%</progress>' in page
    assert "3 of 4" in page
    assert "admin-progress" in page


def test_a_silent_worker_is_told(visit, asha, waiting):
    facts = {"state": "running", "heard_from_at": NOW - timedelta(minutes=1)}
    assert "has not been heard from" not in page_of(visit, asha, waiting, **facts)
    facts["heard_from_at"] = NOW - timedelta(minutes=3)
    assert "has not been heard from" in page_of(visit, asha, waiting, **facts)


def test_trouble_is_told_in_words(visit, asha, waiting):
    facts = {"state": "failed", "finished_at": NOW, "trouble": "The model is <missing>."}
    page = page_of(visit, asha, waiting, **facts)
    assert "The model is &lt;missing&gt;." in page
    assert "Look again" not in page
    assert "admin-progress" not in page


def test_a_button_cancels(visit, asha, waiting):
    assert "Cancel this analysis" in page_of(visit, asha, waiting)
    assert visit(asha, "outcomes_analysisrun_cancel", waiting.pk).status_code == 405
    visit(asha, "outcomes_analysisrun_cancel", waiting.pk, data={})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.finished_at) == ("cancelled", NOW)
    assert "Cancel this analysis" not in page_of(visit, asha, waiting)


def test_what_a_run_found_stands_by_theme(visit, asha, group, cluster):
    page = visit(asha, "outcomes_analysisrun_change", group.run_id).content.decode()
    assert "3 ideas</a>" in page
    assert "The machine suggests" in page
    assert f"/admin/outcomes/groupsuggestion/{group.pk}/change/" in page
    assert "nothing yet" in page
    earlier = visit(asha, "outcomes_analysisrun_change", cluster.adopted_from.run_id)
    assert "adopted as <a" in earlier.content.decode()


def test_a_run_with_many_groups_asks_the_database_no_more(
    visit, asha, group, survey, django_assert_num_queries, django_assert_max_num_queries
):
    address = ("outcomes_analysisrun_change", group.run_id)
    visit(asha, *address)
    with django_assert_max_num_queries(30) as few:
        visit(asha, *address)
    for number in range(8):
        said = world.response(survey, f"More {number}", NOW)
        world.group(group.run, "health", list(said.answers.all()))
    with django_assert_num_queries(len(few)):
        visit(asha, *address)


def test_a_group_shows_every_idea_with_who_said_it_and_why(visit, asha, group):
    page = visit(asha, "outcomes_groupsuggestion_change", group.pk).content.decode()
    for number in range(3):
        assert f"Sleep at night, {number}" in page
    assert page.count("parents and carers</td>") == 3
    assert "Close." in page
    assert "Alike." in page


def test_a_group_is_adopted_under_the_officers_own_name(visit, asha, group):
    theme = group.run.consultation.area.themes.get(code="health")
    sent = {"name": "We sleep at night", "theme": theme.pk}
    page = visit(asha, "outcomes_groupsuggestion_adopt", group.pk, data=sent)
    made = Cluster.objects.get(adopted_from=group)
    assert page.url == f"/admin/outcomes/cluster/{made.pk}/change/"
    assert (made.name, made.theme, made.members.count()) == ("We sleep at night", theme, 3)
    again = visit(asha, "outcomes_groupsuggestion_change", group.pk).content.decode()
    assert "People decided: adopted as" in again
    assert "Your name for it" not in again


def test_a_refused_name_is_shown_again(visit, asha, group):
    name = "one two three four five six seven eight nine ten eleven twelve &thirteen"
    sent = {"name": name, "theme": group.theme_id}
    page = visit(asha, "outcomes_groupsuggestion_adopt", group.pk, data=sent).content.decode()
    assert "Use 12 words or fewer. This name has 13." in page
    assert "twelve &amp;thirteen" in page
    assert not Cluster.objects.filter(adopted_from=group).exists()


def test_the_second_officer_to_adopt_is_told(visit, asha, ben, group):
    sent = {"name": "We sleep", "theme": group.theme_id}
    visit(asha, "outcomes_groupsuggestion_adopt", group.pk, data=sent)
    sent["name"] = "They sleep"
    page = visit(ben, "outcomes_groupsuggestion_adopt", group.pk, data=sent).content.decode()
    assert "This suggestion was adopted already." in page
    assert Cluster.objects.filter(adopted_from=group).count() == 1


def test_the_answer_of_a_draft_has_no_page(visit, asha, survey):
    draft, _ = begin_response(survey=survey, now=NOW)
    first = survey.questions.all()[0]
    save_answer(response=draft, question=first, text="secret still", seen=None, now=NOW)
    assert visit(asha, "outcomes_idea_answer", draft.answers.get().pk).status_code == 404


def test_a_note_is_read_as_taken_down(visit, asha, note):
    there = visit(asha, "outcomes_idea_note", note.pk).url
    assert there == f"/admin/surveys/passage/{note.passage.pk}/change/"
    page = visit(asha, "surveys_passage_change", note.passage.pk).content.decode()
    assert "A club that says yes." in page
    assert "No analysis has split this into ideas yet." in page


def test_an_idea_leads_to_its_place_in_the_original(visit, asha, group):
    one = group.members.first().idea
    page = visit(asha, "outcomes_idea_change", one.pk)
    assert page.url == f"/admin/surveys/passage/{one.answer.passage.pk}/change/#idea-{one.pk}"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 5),
        ("?theme=families", 3),
        ("?theme=health", 2),
        ("?in_cluster=yes", 2),
        ("?in_cluster=no", 3),
        ("?audience=practitioner", 0),
        ("?audience=parent_carer", 5),
        ("?run=nonsense", 5),
    ],
)
def test_ideas_are_filtered(visit, asha, group, query, rows):
    page = visit(asha, "outcomes_idea_changelist", query=query)
    assert page.context["cl"].result_count == rows


def test_ideas_of_one_run(visit, asha, group):
    page = visit(asha, "outcomes_idea_changelist", query=f"?run={group.run_id}")
    assert page.context["cl"].result_count == 3


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_pieces_put_together_are_the_text(text, cuts):
    ends = sorted({min(cut, len(text)) for cut in cuts})
    spans = [Idea(start=a, end=b) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    drawn = list(pieces(text, spans))
    assert "".join(piece.text for piece in drawn) == text
    marked = [piece.text for piece in drawn if piece.number]
    assert marked == [text[span.start : span.end] for span in spans]
