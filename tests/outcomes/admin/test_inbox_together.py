"""The inbox: several answers and notes ticked, looked at and decided about together."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import code, dispose, raise_concern
from outcomes.models import Disposition, Idea
from surveys.models import Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
INBOX, TOGETHER = "surveys_passage_changelist", "surveys_passage_together"
PAGE = "surveys_passage_change"


@pytest.fixture
def passages(survey, asha):
    """Three parents' answers, with an idea each."""
    said = [world.response(survey, f"Sleep at night, {n}", NOW).answers.get() for n in range(3)]
    world.group(world.run(survey.consultation, asha, NOW), "health", said)
    return [one.passage for one in said]


def text(page):
    return re.sub(r"\s+", " ", unescape(page.content.decode()))


def chosen(visit, who, passages, query="", **more):
    data = {"action": "decide_together", "_selected_action": [one.pk for one in passages], **more}
    return visit(who, INBOX, data=data, query=query)


def together(visit, who, passages, **data):
    ids = ",".join(str(one.pk) for one in passages)
    return visit(who, TOGETHER, data={"ids": ids, "back": "read=unread", **data})


def confirmed(visit, client, who, passages, **data):
    """The preview, and what the page says after it was confirmed."""
    seen = together(visit, who, passages, **data).context["plan"]["seen"]
    done = together(visit, who, passages, seen=seen, **data)
    return text(client.get(done.url))


def ends():
    return list(Disposition.objects.current().order_by("passage").values_list("what", flat=True))


def test_what_is_ticked_in_the_list_is_asked_about(visit, asha, passages):
    page = text(visit(asha, INBOX))
    assert 'name="_selected_action"' in page
    assert "Decide about these together…" in page
    page = text(chosen(visit, asha, passages[:2], query="?read=unread"))
    assert "Decide about 2 answers and notes together" in page
    assert 'name="back" value="read=unread"' in page
    assert "Sleep at night, 0" in page
    assert "Sleep at night, 2" not in page


def test_what_is_offered_is_what_one_page_offers_and_nothing_more(visit, asha, passages):
    one = visit(asha, PAGE, passages[0].pk).context["whole"].fields["what"].choices
    many = chosen(visit, asha, passages).context["form"].fields["what"].choices
    assert {value for value, _ in many} - {value for value, _ in one} == {"rest"}
    assert [pair for pair in many if pair[0] != "rest"] == list(one)


def test_nothing_happens_before_it_was_looked_at_and_confirmed(visit, client, asha, passages):
    dispose(of=passages[0], what="case", by=asha, now=NOW)
    page = together(visit, asha, passages, what="off topic")
    told = text(page)
    assert "2 of 3 will change" in told
    assert "Not decided" in told
    assert f"1: decided already: {Disposition.What.CASE.label}" in told
    assert ends() == ["case"]
    told = confirmed(visit, client, asha, passages, what="off topic")
    assert "2 answers and notes: about something else." in told
    assert ends() == ["case", "off topic", "off topic"]


def test_each_is_taken_back_on_its_own_page(visit, client, asha, passages):
    confirmed(visit, client, asha, passages, what="set aside", reason="Another plan.")
    page = visit(asha, PAGE, passages[0].pk)
    assert "Another plan." in text(page)
    data = {"take_back": "1", "seen": page.context["end_seen"]}
    visit(asha, "surveys_passage_dispose", passages[0].pk, data=data)
    assert ends() == ["set aside"] * 2
    dispose(of=passages[1], what="open", by=asha, now=NOW)
    confirmed(visit, client, asha, passages[:2], what="rest")
    page = visit(asha, PAGE, passages[1].pk)
    data = {"take_back": "1", "seen": page.context["end_seen"]}
    visit(asha, "surveys_passage_rest", passages[1].pk, data=data)
    assert Disposition.objects.of_the_rest().get().passage == passages[0]


def test_who_confirms_late_is_told_what_stayed(visit, client, asha, ben, passages, area):
    seen = together(visit, asha, passages, what="nothing").context["plan"]["seen"]
    idea = Idea.objects.get(answer=passages[0].answer)
    code(idea=idea, themes=[area.themes.get(code="health")], by=ben, now=NOW)
    raise_concern(source=passages[1].answer, category="other", reason="Hm.", by=ben, now=NOW)
    done = together(visit, asha, passages, what="nothing", seen=seen)
    assert done.url == "/admin/surveys/passage/?read=unread"
    told = text(client.get(done.url))
    assert "1 answer or note: nothing to code." in told
    assert "2 stay as before" in told
    assert Disposition.objects.current().get().passage == passages[2]


def test_who_looks_again_hears_what_is_withheld_and_reads_none_of_it(visit, asha, ben, passages):
    raise_concern(source=passages[1].answer, category="other", reason="Hm.", by=ben, now=NOW)
    page = text(together(visit, asha, passages, what="nothing"))
    assert "2 of 2 will change" in page
    assert "1: taken back, or withheld" in page
    assert "Sleep at night, 1" not in page


def test_what_people_decided_about_ideas_is_told(visit, asha, passages, area):
    idea = Idea.objects.get(answer=passages[0].answer)
    code(idea=idea, themes=[area.themes.get(code="health")], by=asha, now=NOW)
    told = "people decided about ideas before"
    assert told in text(together(visit, asha, passages, what="nothing"))
    assert told not in text(together(visit, asha, passages, what="rest"))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose what becomes of them."),
        ({"what": "open"}, "Select a valid choice"),
        ({"what": "set aside", "reason": "  "}, "Say why it is set aside."),
        ({"what": "nothing", "seen": ""}, "None of the answers and notes"),
    ],
)
def test_bad_choices_are_told_and_what_was_chosen_is_kept(visit, asha, passages, data, told):
    page = together(visit, asha, passages, **data)
    assert told in text(page)
    assert f'value="{",".join(str(one.pk) for one in passages)}"' in text(page)
    assert not Disposition.objects.exists()


@pytest.mark.parametrize("ids", ["", "x,-1,²,1e3", "9" * 400, "0,999999999999", "' OR 1=1"])
def test_ids_that_no_page_sends_are_none(visit, asha, client, passages, ids):
    page = visit(asha, TOGETHER, data={"ids": ids, "what": "nothing", "seen": "1:x,,:,z"})
    assert "None of the answers and notes" in text(client.get(page.url))
    assert not Disposition.objects.exists()


def test_what_was_not_sent_is_not_decided(visit, asha, survey, passages):
    said = world.response(survey, "A trial.", NOW)
    passage = said.answers.get().passage
    seen = together(visit, asha, [passage], what="nothing").context["plan"]["seen"]
    type(said).objects.filter(pk=said.pk).update(is_pilot=True)
    together(visit, asha, [passage, passages[0]], what="nothing", seen=seen)
    assert not Disposition.objects.exists()


def test_too_many_are_refused_and_the_whole_list_may_be_taken(
    visit, client, asha, passages, monkeypatch
):
    page = text(chosen(visit, asha, passages[:1], select_across="1", query="?q=sleep"))
    assert "Decide about 3 answers and notes together" in page
    monkeypatch.setattr("outcomes.actions.MOST_TEXTS", 2)
    monkeypatch.setattr("outcomes.actions.texts_together.MOST_TEXTS", 2)
    page = text(client.get(chosen(visit, asha, passages).url))
    assert "You chose 3 answers and notes. Choose 2 at most" in page
    assert "Choose 2 answers and notes at most" in text(
        together(visit, asha, passages, what="nothing")
    )
    assert not Disposition.objects.exists()


def test_who_may_not_code_all_words_is_offered_nothing_and_refused(visit, fran, note, passages):
    reader = world.person("rob", "Co-production reviewer")
    for who in (reader, fran):
        page = text(visit(who, INBOX))
        assert 'name="_selected_action"' not in page
        assert "Decide about these together" not in page
        assert together(visit, who, [note.passage], what="nothing").status_code == 403
        chosen(visit, who, [note.passage])
    assert not Disposition.objects.exists()
    analyst = world.person("ana", "Analyst")
    assert "1 of 1 will change" in text(together(visit, analyst, [note.passage], what="nothing"))


def test_more_rows_take_as_many_queries(visit, asha, passages, django_assert_num_queries):
    together(visit, asha, passages, what="nothing")
    with CaptureQueriesContext(connection) as few:
        seen = together(visit, asha, passages[:1], what="nothing").context["plan"]["seen"]
    with django_assert_num_queries(len(few)):
        together(visit, asha, passages[1:], what="nothing")
    with CaptureQueriesContext(connection) as few:
        together(visit, asha, passages[:1], what="nothing", seen=seen)
    number = len(few)
    seen = together(visit, asha, passages[1:], what="nothing").context["plan"]["seen"]
    with django_assert_num_queries(number):
        together(visit, asha, passages[1:], what="nothing", seen=seen)
    assert Passage.objects.count() == Disposition.objects.count() == 3
