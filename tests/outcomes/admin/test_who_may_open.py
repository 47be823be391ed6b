"""Every page and button of our own: denied to some, granted to others."""

import re
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from outcomes.actions import (
    as_read,
    ask_for_file,
    code_blind,
    comment,
    dispose,
    draw_sample,
    keep_count,
    raise_concern,
    tell_of_concern,
    words_about,
)
from outcomes.models import AnalysisRun, Comment, Idea
from surveys.actions import Received, break_glass, check_entry, enter_response
from surveys.models import Answer, FormatRequest, Picture, QuestionWording, Survey, SurveyWording
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

OFFICERS = {"asha", "ben"}
READERS = {"asha", "ben", "gwen"}
# An unknown row's number cannot be tried on these.
NO_KEY = ("", "answer", "note", "place", "code", "settling")
# There for some, who find only what they typed in, or asked for.
OWN_ALONE = (
    "surveys_concern_raise-answer",
    "outcomes_job_change",
    "outcomes_job_take",
    "outcomes_job_cancel!",
    "outcomes_job_confirm!",
    "outcomes_job_decide!",
)
# Address, what it is about, who may; a name that ends in ! is a button: a form sent to it.
PAGES = [
    ("surveys_consultation_change", "consultation", READERS),
    ("surveys_consultation_publish!", "consultation", OFFICERS),
    ("surveys_consultation_reach", "consultation", OFFICERS),
    ("surveys_consultation_standard-list!", "consultation", OFFICERS),
    ("surveys_survey_change", "survey", READERS),
    ("surveys_survey_extend", "survey", OFFICERS),
    ("surveys_survey_print", "survey", READERS),
    ("surveys_survey_poster", "survey", READERS),
    ("surveys_survey_paper", "survey", READERS),
    ("surveys_survey_qr", "survey", READERS),
    ("surveys_survey_equality", "survey", OFFICERS),
    ("surveys_survey_preview", "survey", READERS),
    ("surveys_survey_start-pilot!", "survey", OFFICERS),
    ("surveys_survey_stop-pilot!", "survey", OFFICERS),
    ("surveys_survey_ask-extra-equality", "survey", OFFICERS),
    ("surveys_survey_fix-words", "survey", OFFICERS),
    ("surveys_questionwording_fix-words", "question wording", OFFICERS),
    ("surveys_surveywording_fix-words", "survey wording", OFFICERS),
    ("surveys_question_picture", "picture", READERS),
    ("surveys_contact_changelist", "", OFFICERS),
    ("surveys_contact_write", "consultation", OFFICERS),
    ("surveys_formatrequest_changelist", "", OFFICERS),
    ("surveys_formatrequest_change", "request", OFFICERS),
    ("surveys_formatrequest_met", "request", OFFICERS),
    ("surveys_privacynotice_changelist", "", READERS),
    ("surveys_privacynotice_add", "", OFFICERS),
    ("surveys_response_changelist", "", OFFICERS | {"fran"}),
    ("surveys_response_choose", "", OFFICERS | {"fran"}),
    ("surveys_response_enter", "survey", OFFICERS | {"fran"}),
    ("surveys_response_checks", "", OFFICERS | {"fran"}),
    ("surveys_response_check", "entered", OFFICERS | {"fran"}),
    ("surveys_response_settle", "checked", OFFICERS),
    ("surveys_response_import", "", OFFICERS | {"fran"}),
    ("surveys_response_empty-sheet", "", OFFICERS | {"fran"}),
    ("surveys_response_export", "", set()),
    ("surveys_session_changelist", "", OFFICERS | {"fran"}),
    ("surveys_session_notes", "session", OFFICERS | {"fran"}),
    ("surveys_session_note", "place", OFFICERS | {"fran"}),
    ("surveys_session_paste", "session", OFFICERS | {"fran"}),
    ("surveys_session_file", "session", OFFICERS | {"fran"}),
    ("surveys_session_preview!", "session", OFFICERS | {"fran"}),
    ("surveys_redaction_changelist", "", {"fran"}),  # and the redactor's
    ("surveys_redaction_passage", "passage", {"fran"}),
    ("surveys_concern_changelist", "", {"lena"}),
    ("surveys_concern_change", "concern", {"lena"}),
    ("surveys_concern_seen!", "concern", {"lena"}),
    ("surveys_concern_refer", "concern", {"lena"}),
    ("surveys_concern_clear", "concern", {"lena"}),
    ("surveys_concern_hide-details", "concern", {"lena"}),
    ("surveys_concern_close", "told", {"lena"}),
    ("surveys_concern_raise", "", OFFICERS | {"fran", "gwen", "lena"}),
    ("surveys_concern_raise-answer", "answer", OFFICERS),
    ("surveys_concern_raise-note", "note", OFFICERS | {"fran"}),
    ("surveys_breakglass_changelist", "", OFFICERS),
    ("surveys_breakglass_change", "glass", OFFICERS),
    ("surveys_breakglass_add", "", set()),  # the administrator's
    ("surveys_breakglass_end!", "glass", set()),
    ("surveys_auditevent_sheet", "", set()),  # the data protection reader's
    ("surveys_agency_import", "", set()),
    ("surveys_agency_export", "", READERS),
    ("outcomes_analysisrun_changelist", "", OFFICERS),
    ("outcomes_analysisrun_change", "run", OFFICERS),
    ("outcomes_analysisrun_ask!", "consultation", OFFICERS),
    ("outcomes_analysisrun_cancel!", "run", OFFICERS),
    ("outcomes_groupsuggestion_change", "group", OFFICERS),
    ("outcomes_groupsuggestion_adopt!", "group", OFFICERS),
    ("outcomes_groupsuggestion_add-to!", "group", OFFICERS),
    ("outcomes_idea_changelist", "", OFFICERS),
    ("outcomes_idea_answer", "answer", OFFICERS),
    ("outcomes_idea_note", "note", OFFICERS),
    ("outcomes_idea_check", "", OFFICERS),
    ("outcomes_idea_together!", "", OFFICERS),
    ("outcomes_idea_undo-together!", "", OFFICERS),
    ("outcomes_idea_decide!", "idea", OFFICERS | {"fran"}),
    ("outcomes_idea_borders", "idea", OFFICERS | {"fran"}),
    ("outcomes_idea_cut", "idea", OFFICERS | {"fran"}),
    ("outcomes_idea_join", "idea", OFFICERS | {"fran"}),
    ("surveys_passage_changelist", "", OFFICERS | {"fran"}),
    ("surveys_passage_change", "passage", OFFICERS | {"fran"}),
    ("surveys_passage_dispose!", "passage", OFFICERS | {"fran"}),
    ("surveys_passage_mark", "passage", OFFICERS | {"fran"}),
    ("surveys_passage_rest!", "passage", OFFICERS | {"fran"}),
    ("surveys_passage_uncut!", "passage", OFFICERS | {"fran"}),
    ("surveys_passage_together!", "", OFFICERS),
    ("outcomes_disposition_changelist", "", OFFICERS),
    ("outcomes_disposition_change", "case", OFFICERS),
    ("outcomes_disposition_hand-on", "case", OFFICERS),
    ("outcomes_disposition_hand-on-several", "", OFFICERS),
    ("outcomes_disposition_sheet", "", OFFICERS),
    ("outcomes_disposition_paper", "", OFFICERS),
    ("outcomes_disposition_ledger", "consultation", OFFICERS),
    ("outcomes_disposition_nothing-found", "consultation", OFFICERS),
    ("outcomes_sample_changelist", "", OFFICERS),
    ("outcomes_sample_change", "sample", OFFICERS),
    ("outcomes_sample_draw", "consultation", OFFICERS),
    ("outcomes_sample_code", "sample", OFFICERS),  # of a sample that they were asked to code
    ("outcomes_sample_settle", "settling", OFFICERS),
    ("outcomes_sample_take-over", "sample done", OFFICERS),
    ("outcomes_sample_stop", "sample", OFFICERS),
    ("outcomes_cluster_changelist", "", OFFICERS),
    ("outcomes_cluster_board", "consultation", OFFICERS),
    ("outcomes_cluster_picture", "consultation", OFFICERS),
    ("outcomes_cluster_keep-count", "consultation", OFFICERS),
    ("outcomes_cluster_count-file", "kept count", OFFICERS),
    ("outcomes_cluster_change", "cluster", OFFICERS),
    ("outcomes_cluster_merge!", "", OFFICERS),
    ("outcomes_cluster_rename", "cluster", OFFICERS),
    ("outcomes_cluster_theme", "cluster", OFFICERS),
    ("outcomes_cluster_move-ideas", "cluster", OFFICERS),
    ("outcomes_cluster_set-aside", "cluster", OFFICERS),
    ("outcomes_cluster_take-up", "cluster", OFFICERS),
    ("outcomes_cluster_split", "cluster", OFFICERS),
    ("outcomes_cluster_bring-in!", "cluster", OFFICERS),
    ("outcomes_cluster_take-in", "cluster", OFFICERS),
    ("outcomes_cluster_campaign", "cluster", OFFICERS),
    ("outcomes_cluster_no-campaign", "cluster", OFFICERS),
    ("outcomes_cluster_contradict", "cluster", OFFICERS),
    ("outcomes_cluster_unlink", "cluster", OFFICERS),
    ("outcomes_cluster_undo", "cluster", OFFICERS),
    ("outcomes_cluster_comment", "cluster", set()),  # the reviewer's
    ("outcomes_cluster_draft-outcome", "cluster", OFFICERS),
    ("outcomes_outcome_ask", "second round", OFFICERS),
    ("outcomes_outcome_changelist", "", READERS),
    ("outcomes_outcome_change", "outcome", READERS),
    ("outcomes_outcome_by-code", "code", READERS),
    ("outcomes_outcome_reword", "outcome", OFFICERS),
    ("outcomes_outcome_put-forward", "outcome", OFFICERS),
    ("outcomes_outcome_retire", "outcome", OFFICERS),
    ("outcomes_outcome_position", "outcome", {"gwen"}),
    ("outcomes_outcome_comment", "outcome", {"gwen"}),
    ("outcomes_comment_changelist", "", READERS),
    ("outcomes_comment_change", "comment", READERS),
    ("outcomes_comment_answer", "comment", OFFICERS),
    ("outcomes_frameworkversion_changelist", "", READERS),
    ("outcomes_frameworkversion_publish", "consultation", {"ben"}),
    ("outcomes_coding_changelist", "", OFFICERS),
    ("outcomes_coding_of", "consultation", OFFICERS),
    ("outcomes_coding_file", "consultation", OFFICERS),
    ("outcomes_coding_carry-over", "consultation", OFFICERS),
    ("outcomes_coding_import", "", OFFICERS),
    ("outcomes_codebook_changelist", "", OFFICERS),
    ("outcomes_codebook_change", "code book", OFFICERS),
    ("outcomes_codebook_bring", "consultation", OFFICERS),
    ("outcomes_codebook_use", "code book", OFFICERS),
    ("outcomes_codebook_stop", "code book", OFFICERS),
    ("outcomes_job_changelist", "", OFFICERS),
    ("outcomes_job_change", "job", {"asha"}),
    ("outcomes_job_take", "job", {"asha"}),
    ("outcomes_job_cancel!", "job", {"asha"}),
    ("outcomes_job_confirm!", "job", {"asha"}),
    ("outcomes_job_decide!", "job", {"asha"}),
    ("outcomes_strategy_import", "", OFFICERS),
    ("outcomes_strategy_export", "", READERS),
    ("outcomes_improvementpriority_import", "", set()),
]


def _entered(survey, by, reference):
    """Typed in from paper, under a reference that is in the sample for a second typing."""
    received = Received(
        survey=survey, channel="paper", received_on=NOW.date(), texts={"what_matters": "Rest"}
    )
    return enter_response(received=received, by=by, now=NOW, reference=reference)


def _checked(survey, by, second):
    made = _entered(survey, by, "BCDFGHJKMP")
    check_entry(response=made, texts={"what_matters": "Best"}, by=second, now=NOW)
    return made


def _sampled(survey, first, second, *, done):
    """Two ideas that the two were asked to code; done, they have."""
    made = draw_sample(
        consultation=survey.consultation, first=first, second=second, by=first, now=NOW, number=2
    )
    for place in made.ideas.all() if done else []:
        for who in (first, second):
            code_blind(place=place, themes=[place.suggested], by=who, now=NOW)
    return made


def _comment(outcome, by):
    seen = as_read(words_about(outcome))
    comment(about=outcome, text="We agree.", seen=seen, by=by, now=NOW)
    return Comment.objects.get()


def _case(survey, by):
    passage = world.response(survey, "About my own child.", NOW).answers.get().passage
    return dispose(of=passage, what="case", by=by, now=NOW)


@pytest.fixture
def rows(outcome, group, cluster, survey, note, asha, ben, fran, gwen):
    return {
        "entered": _entered(survey, gwen, "BCDFGHJKMY"),
        "checked": _checked(survey, fran, asha),
        "consultation": survey.consultation,
        "survey": survey,
        "run": AnalysisRun.objects.first(),
        "job": ask_for_file(
            consultation=survey.consultation, what="ideas", kind="csv", by=asha, now=NOW
        ),
        "code book": world.code_book(survey.consultation.area, asha, NOW),
        "group": group,
        "kept count": keep_count(consultation=survey.consultation, by=asha, now=NOW),
        "cluster": cluster,
        "outcome": outcome,
        "note": note,
        "passage": note.passage,
        "session": note.session,
        "answer": Answer.objects.first(),
        "concern": raise_concern(
            source=Answer.objects.order_by("pk")[1],
            category="other",
            reason="I worry.",
            by=asha,
            now=NOW,
        ),
        "told": tell_of_concern(category="other", reason="I worry.", by=gwen, now=NOW),
        "comment": _comment(outcome, gwen),
        "glass": break_glass(reason="Something stops at an answer.", by=asha, now=NOW),
        "case": _case(survey, asha),
        "sample": _sampled(survey, asha, ben, done=False),
        "sample done": _sampled(survey, asha, ben, done=True),
        "second round": Survey.objects.create(
            consultation=survey.consultation, slug="right", kind="outcomes", title="Right?"
        ),
        "question wording": QuestionWording.objects.filter(question__survey=survey).first(),
        "survey wording": SurveyWording.objects.create(survey=survey, form="easy_read"),
        "picture": Picture.objects.create(
            question=survey.questions.first(), label="A cat", image=b"not looked at here"
        ),
        "request": FormatRequest.objects.create(
            area=survey.consultation.area, format="bsl", contact="Call me", asked_at=NOW
        ),
        "idea": Idea.objects.create(
            note=note, start=0, end=6, found_by=AnalysisRun.objects.first()
        ),
    }


def _args(rows, about):
    if about == "code":
        return [rows["outcome"].code]
    if about == "place":
        return [rows["session"].pk, rows["note"].order]
    if about == "settling":
        return [rows["sample done"].pk, rows["sample done"].ideas.first().pk]
    return [rows[about].pk] if about else []


@pytest.fixture
def clients(clock, rows, asha, ben, gwen, fran, lena, dev):
    """A browser of each, signed in, and one of nobody."""
    made = {one.username: Client() for one in (dev, fran, gwen, lena, ben, asha)}
    for one in (dev, fran, gwen, lena, ben, asha):
        made[one.username].force_login(one)
    return made | {"nobody": Client()}


@contextmanager
def undone():
    """What happens inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.any_database
def test_it_opens_for_those_who_may_and_nobody_else(clients, rows, subtests):
    """Nor has any page a style or script of its own."""
    for name, about, may in PAGES:
        address = reverse(f"admin:{name.rstrip('!')}", args=_args(rows, about))
        with subtests.test(name), undone():
            pages = {
                who: client.post(address) if name.endswith("!") else client.get(address)
                for who, client in clients.items()
            }
            signed_out = pages.pop("nobody")
            assert signed_out.status_code == 302
            assert signed_out.url.startswith(reverse("admin:login"))
            refused = (403, 404) if name in OWN_ALONE else (403,)
            for who, page in pages.items():
                assert page.status_code in ((200, 302) if who in may else refused), who
                assert_nothing_of_its_own(page)
            if not name.endswith("!") and name not in NOT_SHOWN:
                assert any(page.status_code == 200 for page in pages.values())


# What leads elsewhere, and what none of these may open.
NOT_SHOWN = {
    "outcomes_cluster_comment",
    "surveys_breakglass_add",
    "outcomes_idea_answer",  # these lead to the passage
    "outcomes_idea_note",
    "outcomes_idea_join",  # of the only idea of its passage
    "surveys_agency_import",
    "surveys_auditevent_sheet",
    "surveys_response_export",
    "outcomes_improvementpriority_import",
    "outcomes_disposition_hand-on-several",  # nothing is chosen here
    "outcomes_job_take",  # not written yet
    "outcomes_coding_file",  # leads back unless `?what=` names a file
    "outcomes_outcome_by-code",
}


def assert_nothing_of_its_own(page):
    if not page["Content-Type"].startswith("text/html"):
        return  # a PDF or a picture
    text = page.content.decode()
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<[^>]+\son[a-z]+=", text)


def test_every_address_of_ours_is_in_the_table():
    from django.contrib import admin

    stock = {"changelist", "add", "history", "delete", "change", "process_import", None}
    ours = set()
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in ("surveys", "outcomes"):
            prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
            names = {str(one.name).removeprefix(prefix) for one in model_admin.get_urls()}
            ours |= {prefix + name for name in names - stock - {"None"}}
    listed = {name.rstrip("!") for name, _, _ in PAGES}
    assert ours - listed == {"outcomes_improvementpriority_export"}


def test_someone_who_leads_no_agency_now_records_no_position(visit, outcome, gwen, council):
    gwen_leads = council.leads.get()
    gwen_leads.until = gwen_leads.since
    gwen_leads.save()
    assert visit(gwen, "outcomes_outcome_position", outcome.pk).status_code == 200
    ida = world.person("ida", "Agency lead")
    assert visit(ida, "outcomes_outcome_position", outcome.pk).status_code == 403
    assert "Record your" not in visit(ida, "outcomes_outcome_change", outcome.pk).content.decode()


def test_drafts_are_hidden_from_agency_leads(visit, outcome, gwen):
    type(outcome).objects.update(state="draft")
    assert outcome.code not in visit(gwen, "outcomes_outcome_changelist").content.decode()
    for name in ("change", "position", "history"):
        assert visit(gwen, f"outcomes_outcome_{name}", outcome.pk).status_code == 404


def test_agency_leads_see_the_words_as_they_are_and_no_drafts_of_them(visit, outcome, asha, gwen):
    world.reworded(outcome, "I feel better.", asha, NOW)
    page = visit(gwen, "outcomes_outcome_change", outcome.pk).content.decode()
    assert "I feel better." in page
    assert "I feel well." not in page
    assert "parents and carers: fewer than 5" in page
    assert "I feel well." in visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()


def test_agency_leads_see_nothing_of_clusters_and_ideas(visit, outcome, cluster, gwen):
    for name, *args in [("index",), ("outcomes_outcome_change", outcome.pk)]:
        page = visit(gwen, name, *args).content.decode()
        assert cluster.name not in page
        assert "/outcomes/cluster/" not in page
        assert "/outcomes/idea/" not in page


def test_dev_is_told_that_no_role_was_given(visit, dev):
    assert "Your account has no role here yet" in visit(dev, "index").content.decode()


def test_the_index_reads_in_river_order(visit, asha):
    page = visit(asha, "index").content.decode()
    found = re.findall(r'<span class="section">([^<]+)', page)
    assert found == [
        "1. What we ask",
        "2. What people said",
        "3. What the machine suggests",
        "4. What people decided",
        "5. What is published",
        "Alongside",
        "The area and its agencies",
    ]


@pytest.mark.any_database
def test_an_unknown_row_is_not_found(clients, subtests):
    rosa = Client()
    rosa.force_login(world.person("rosa", "Redactor"))
    for name in [page[0].rstrip("!") for page in PAGES if page[1] not in NO_KEY]:
        client = clients["gwen" if name.endswith("position") else "ben"]
        client = clients["lena"] if "_concern_" in name else client
        client = rosa if "_redaction_" in name else client
        posts = name.split("_")[-1] in {"publish", "ask", "cancel", "adopt", "seen"}
        with subtests.test(name):
            for key in (999_999, 99_999_999_999_999_999_999):
                address = reverse(f"admin:{name}", args=[key])
                page = client.post(address) if posts else client.get(address)
                assert page.status_code == 404


LISTS = ["analysisrun", "idea", "groupsuggestion", "cluster", "outcome"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_the_database_no_more_for_more_rows(
    visit,
    asha,
    council,
    nhs,
    survey,
    name,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    def more(first, last):
        for number in range(first, last):
            made = world.cluster(survey, asha, NOW, voices=1)
            world.proposed(made, asha, NOW, words=f"I feel well, {number}.")

    more(0, 3)
    visit(asha, f"outcomes_{name}_changelist")
    with django_assert_max_num_queries(30) as few:
        visit(asha, f"outcomes_{name}_changelist")
    more(3, 15)
    with django_assert_num_queries(len(few)):
        visit(asha, f"outcomes_{name}_changelist")
