"""Reviewers and agency leads comment on what they may open; officers and analysts answer."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import as_read, comment, draft_outcome, words_about
from outcomes.models import Comment
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
SAID = "Say “sleep” too."


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.fixture
def cora(groups):
    return world.person("cora", "Co-production reviewer")


@pytest.fixture
def ada(groups):
    return world.person("ada", "Analyst")


@pytest.fixture
def draft(cluster, asha):
    return draft_outcome(
        clusters=[cluster], i_statement="I sleep.", reason="So they said.", by=asha, now=NOW
    )


def say(about, by, words=SAID, at=NOW):
    seen = as_read(words_about(about))
    comment(about=about, text=words, seen=seen, by=by, now=at)
    return Comment.objects.latest("pk")


def form(about, words=SAID):
    return {"text": words, "seen": as_read(words_about(about))}


def test_a_reviewer_comments_on_a_cluster_and_on_a_draft(visit, cora, cluster, draft):
    for name, thing in (("cluster", cluster), ("outcome", draft)):
        page = visit(cora, f"outcomes_{name}_change", thing.pk)
        assert "Nobody has said anything of it yet." in text(page)
        assert as_read(words_about(thing)) in page.content.decode()
        sent = visit(cora, f"outcomes_{name}_comment", thing.pk, data=form(thing))
        assert sent.status_code == 302
        page = text(visit(cora, f"outcomes_{name}_change", thing.pk))
        assert f"cora , co-production reviewer, 22 November 2026, 12:00 {SAID}" in page
        assert "Not answered yet." in page


def test_who_answers_or_only_reads_writes_no_comment(visit, asha, ben, ada, fran, dev, cluster):
    for person in (asha, ben, ada, fran, dev):
        sent = visit(person, "outcomes_cluster_comment", cluster.pk, data=form(cluster))
        assert sent.status_code == 403
    page = visit(asha, "outcomes_cluster_change", cluster.pk).content.decode()
    assert "What reviewers say" in page
    assert "Send the comment" not in page
    assert not Comment.objects.exists()


def test_officers_and_analysts_answer_and_correct_the_answer(visit, cora, asha, ada, cluster):
    row = say(cluster, cora)
    assert "1 to answer" in text(visit(asha, "index"))
    assert "to answer" not in text(visit(cora, "index"))
    answers = ("We will.", "We did.")
    for person, words in zip((asha, ada), answers, strict=True):
        row.refresh_from_db()
        data = {"answer": words, "seen": as_read(row.answer)}
        assert visit(person, "outcomes_comment_answer", row.pk, data=data).status_code == 302
    page = text(visit(cora, "outcomes_cluster_change", cluster.pk))
    assert "Answered by ada , 22 November 2026, 12:00: We did." in page
    assert "We will." not in page
    assert "to answer" not in text(visit(asha, "index"))


def test_nobody_else_answers(visit, cora, ben, gwen, dev, outcome):
    row = say(outcome, cora)
    pure = world.person("pia", "Publisher")
    for person in (cora, gwen, dev, pure):
        data = {"answer": "No.", "seen": as_read("")}
        assert visit(person, "outcomes_comment_answer", row.pk, data=data).status_code == 403
    assert SAID in text(visit(pure, "outcomes_outcome_change", outcome.pk))


def test_a_refused_comment_keeps_what_was_typed_and_shows_the_words_now(visit, cora, asha, outcome):
    old = form(outcome)
    world.reworded(outcome, "I sleep well.", asha, NOW)
    page = visit(cora, "outcomes_outcome_comment", outcome.pk, data=old)
    assert "Read them again first." in text(page)
    assert SAID in text(page)
    assert "I sleep well." in text(page)
    again = re.search(r'name="seen" value="(\w+)"', page.content.decode()).group(1)
    sent = visit(cora, "outcomes_outcome_comment", outcome.pk, data=old | {"seen": again})
    assert sent.status_code == 302
    long = visit(cora, "outcomes_outcome_comment", outcome.pk, data=form(outcome, "a" * 2001))
    assert "2,000 characters or fewer" in text(long)
    assert "a" * 2001 in text(long)


def test_a_comment_on_earlier_words_says_so(visit, cora, asha, outcome):
    say(outcome, cora)
    assert "about earlier words" not in text(visit(asha, "outcomes_outcome_change", outcome.pk))
    world.reworded(outcome, "I sleep well.", asha, NOW)
    page = text(visit(asha, "outcomes_outcome_change", outcome.pk))
    assert "about earlier words The words then: I feel well." in page


def test_an_agency_lead_comments_on_what_was_put_forward_and_reads_no_more(
    visit, gwen, cora, cluster, outcome, draft
):
    before = world.person("carl", "Co-production reviewer")
    early = say(outcome, before, "Said of the draft.")
    Comment.objects.filter(pk=early.pk).update(at=NOW.replace(year=2025))
    hidden = [early, say(cluster, cora, "Of the cluster."), say(draft, cora, "Of the draft.")]
    say(outcome, cora, "Of what is put forward.")
    sent = visit(gwen, "outcomes_outcome_comment", outcome.pk, data=form(outcome, "We agree."))
    assert sent.status_code == 302
    pages = [visit(gwen, "outcomes_comment_changelist")]
    pages.append(visit(gwen, "outcomes_outcome_change", outcome.pk))
    for page in map(text, pages):
        assert "Of what is put forward." in page
        assert "gwen" in page
        assert "Director, Council" in page
        assert "Said of the draft." not in page
        assert "Of the cluster." not in page
    for row in hidden:
        assert visit(gwen, "outcomes_comment_change", row.pk).status_code == 404
        assert visit(cora, "outcomes_comment_change", row.pk).status_code == 200
    assert visit(gwen, "outcomes_outcome_comment", draft.pk, data=form(draft)).status_code == 404
    assert visit(gwen, "outcomes_cluster_comment", cluster.pk, data={}).status_code == 403


def test_the_list_tells_the_answered_from_those_that_wait(visit, cora, asha, cluster):
    done, waits = say(cluster, cora, "Answered one."), say(cluster, cora, "Waiting one.")
    Comment.objects.filter(pk=done.pk).update(answer="Yes.", answered_by=asha, answered_at=NOW)
    for query, there, gone in (
        ("?answered=no", waits, done),
        ("?answered=yes", done, waits),
    ):
        page = text(visit(asha, "outcomes_comment_changelist", query=query))
        assert there.text in page
        assert gone.text not in page


def test_its_pages_ask_the_database_no_more_for_more_comments(visit, cora, gwen, asha, outcome):
    def asked(name, *args):
        with CaptureQueriesContext(connection) as queries:
            assert visit(asha, name, *args).status_code == 200
        return len(queries)

    pages = [("outcomes_comment_changelist",), ("outcomes_outcome_change", outcome.pk)]
    say(outcome, cora)
    say(outcome, gwen)
    visit(asha, "outcomes_comment_changelist")
    few = [asked(*page) for page in pages]
    for number in range(60):
        say(outcome, (cora, gwen)[number % 2], f"{number}.")
    assert [asked(*page) for page in pages] == few
    assert "These are the newest." in text(visit(asha, *pages[1]))


def test_what_is_said_is_never_run(visit, cora, asha, cluster):
    say(cluster, cora, "<script src='x'></script><b>bold</b>")
    page = visit(asha, "outcomes_cluster_change", cluster.pk).content.decode()
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page
