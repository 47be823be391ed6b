"""Responses in the admin."""

import pytest
from django.urls import reverse

from surveys.actions import begin_response, save_answer
from surveys.models import AuditEvent
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(survey):
    made, _ = begin_response(survey=survey, now=NOW)
    first = survey.questions.all()[0]
    save_answer(response=made, question=first, text="not sent yet", seen=None, now=NOW)
    return made


def test_a_response_shows_its_answers_as_typed_and_no_hash(visit, asha, survey):
    made = world.response(survey, "Line one\n  <script>alert(1)</script>", NOW)
    page = visit(asha, "surveys_response_change", made.pk).content.decode()
    assert '<blockquote class="original">Line one\n  &lt;script&gt;alert(1)' in page
    lines = visit(asha, "surveys_response_changelist").content.decode()
    assert made.reference in lines
    for shown in (page, lines):
        assert made.code_hash not in shown
        assert "code_hash" not in shown


def test_a_draft_is_read_by_nobody(visit, asha, survey, draft):
    root = world.person("root")
    root.is_superuser = True
    root.save()
    for person in (asha, root):
        assert draft.reference not in visit(person, "surveys_response_changelist").content.decode()
        for name in ("change", "history", "delete"):
            page = visit(person, f"surveys_response_{name}", draft.pk)
            assert page.status_code in (403, 404)
            assert b"not sent yet" not in page.content
        answer = draft.answers.get()
        assert visit(person, "outcomes_idea_answer", answer.pk).status_code == 404


def test_a_code_cannot_be_guessed_at_through_the_filters(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    start = made.code_hash[:4]
    page = visit(asha, "surveys_response_changelist", query=f"?code_hash__startswith={start}")
    assert page.status_code == 400


def test_responses_are_neither_added_nor_changed(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    assert visit(asha, "surveys_response_add").url == reverse("admin:surveys_response_choose")
    visit(asha, "surveys_response_change", made.pk, data={"channel": "phone"})
    made.refresh_from_db()
    assert made.channel == "online"


def test_the_list_asks_the_database_no_more_for_more_rows(
    visit, asha, survey, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(5):
        world.response(survey, f"Heard {number}", NOW)
    visit(asha, "surveys_response_changelist")
    with django_assert_max_num_queries(20) as few:
        visit(asha, "surveys_response_changelist")
    for number in range(45):
        world.response(survey, f"Heard again {number}", NOW)
    with django_assert_num_queries(len(few)):
        visit(asha, "surveys_response_changelist")


def test_a_facilitator_reads_no_response_that_somebody_else_gave_or_entered(visit, fran, survey):
    made = world.response(survey, "Being heard", NOW)
    assert visit(fran, "surveys_response_change", made.pk).status_code == 404
    assert made.reference not in visit(fran, "surveys_response_changelist").content.decode()


def test_what_the_helper_thinks_stands_apart_from_what_they_said(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    made.help, made.helper = "typed", "family"
    made.helper_words, made.source = "She means her school.", "poster"
    made.save()
    rosa = world.person("rosa", "Officer", "Redactor")
    assert (
        "She means her school."
        not in visit(asha, "surveys_response_change", made.pk).content.decode()
    )
    assert not AuditEvent.objects.filter(what="read the original").exists()
    page = visit(rosa, "surveys_response_change", made.pk).content.decode()
    assert AuditEvent.objects.get(what="read the original").about == f"surveys.response {made.pk}"
    theirs = page[page.index("About them, as they said it") :]
    assert "They wrote what I said" in theirs
    assert "She means her school." not in theirs
    helpers = page[page.index("What the helper thinks") : page.index("About them")]
    assert "She means her school." in helpers
    assert "came by poster" in page


def test_a_response_says_in_which_words_and_language_it_was_asked(visit, asha, survey):
    made = world.response(survey, "Być wysłuchanym", NOW)
    made.wording_form, made.language = "easy_read", "pl"
    made.save()
    page = visit(asha, "surveys_response_change", made.pk).content.decode()
    assert "easy read wording in Polish" in page
    assert "They read it in standard wording." in page


def test_the_list_tells_the_form_the_help_and_what_was_late(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    made.wording_form, made.help = "easy_read", "read"
    made.late, made.late_reason = "accepted", "Stamped in time."
    made.save()
    page = visit(
        asha, "surveys_response_changelist", query="?wording_form__exact=easy_read&help__exact=read"
    )
    page = page.content.decode()
    assert made.reference in page
    for words in ("easy read", "they read it to me", "late, and counted"):
        assert f">{words}</td>" in page
    other = visit(asha, "surveys_response_changelist", query="?help__exact=typed").content.decode()
    assert made.reference not in other
