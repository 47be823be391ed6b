"""On the page of a passage: the newest cut taken back, and nothing more said of the rest."""

import re
from html import unescape

import pytest

from outcomes.actions import code, cut, dispose, find_idea, join, move_border, nothing_more
from outcomes.models import Cutting, Disposition, Idea
from surveys.models import Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "He sleeps at night. And then I said to her, well, you know, what is there to be said of it."
PAGE, UNCUT, REST = "surveys_passage_change", "surveys_passage_uncut", "surveys_passage_rest"
SOME = "?_changelist_filters=rest%3Dsome"


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def passage(survey) -> Passage:
    return world.response(survey, TEXT, NOW).answers.get().passage


@pytest.fixture
def idea(passage, run):
    return Idea.objects.create(answer=passage.answer, start=0, end=19, found_by=run)


@pytest.fixture
def other(survey, run):
    """A second answer with words in no idea, and an idea to decide."""
    passage = world.response(survey, TEXT, NOW).answers.get().passage
    Idea.objects.create(answer=passage.answer, start=0, end=19, found_by=run)
    return passage


@pytest.fixture
def health(area):
    return area.themes.get(code="health")


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def seen_on(page) -> str:
    form = page.content.decode().partition("/uncut/")[2]
    return re.search(r'name="seen" value="(\d*)"', form)[1]


def test_a_button_says_what_it_takes_back_and_whose_it_was(visit, client, asha, ben, passage, idea):
    assert "Undo:" not in text(visit(asha, PAGE, passage.pk))
    cut(idea=idea, at=10, by=ben, now=NOW)
    page = visit(asha, PAGE, passage.pk)
    assert "Undo: cut in two, by ben, 22 November 2026, 12:00" in text(page)
    done = visit(asha, UNCUT, passage.pk, data={"seen": seen_on(page)}, query=SOME)
    assert done.url.endswith(f"{SOME}#idea-{idea.pk}")
    assert "Taken back: cut in two, by ben, 22 November 2026, 12:00." in text(client.get(done.url))
    assert Idea.objects.get().text == "He sleeps at night."


def test_who_looks_at_an_old_page_is_told_and_nothing_changes(
    visit, client, asha, ben, passage, idea
):
    idea = move_border(idea=idea, start=0, end=9, by=asha, now=NOW)
    old = seen_on(visit(asha, PAGE, passage.pk))
    move_border(idea=idea, start=3, end=9, by=ben, now=NOW)
    for sent in (old, "", "x", "9" * 40):
        done = visit(asha, UNCUT, passage.pk, data={"seen": sent})
        assert "cut these words otherwise meanwhile" in text(client.get(done.url))
    assert Idea.objects.get().text == "sleeps"


def test_a_marked_idea_that_was_coded_stays_and_the_page_says_why(
    visit, client, asha, passage, idea, health
):
    marked = find_idea(passage=passage, start=20, end=41, by=asha, now=NOW)
    code(idea=marked, themes=[health], by=asha, now=NOW)
    seen = seen_on(visit(asha, PAGE, passage.pk))
    done = visit(asha, UNCUT, passage.pk, data={"seen": seen})
    assert "Take that back first." in text(client.get(done.url))
    code(idea=marked, themes=[], by=asha, how="undone", now=NOW)
    done = visit(asha, UNCUT, passage.pk, data={"seen": seen})
    assert done.url.endswith(f"/{passage.pk}/change/")
    assert Idea.objects.get() == idea


def test_only_who_codes_takes_back_or_says_that_there_is_nothing_more(visit, passage, idea, asha):
    move_border(idea=idea, start=0, end=9, by=asha, now=NOW)
    reader = world.person("rob", "Co-production reviewer")
    page = visit(reader, PAGE, passage.pk).content.decode()
    assert "/uncut/" not in page
    assert "/rest/" not in page
    for name in (UNCUT, REST):
        assert visit(reader, name, passage.pk, data={}).status_code == 403
        assert visit(asha, name, passage.pk).status_code == 302
    assert Idea.objects.get().end == 9


# Words in no idea.


def test_nothing_more_is_said_by_a_button_and_taken_back_by_another(
    visit, client, asha, passage, idea
):
    assert "Nothing more to code here" in text(visit(asha, PAGE, passage.pk))
    done = visit(asha, REST, passage.pk, data={"seen": ""})
    assert f"/{passage.pk}/change/" in done.url, "its idea is to be decided still"
    page = client.get(done.url)
    assert "Nothing more to code here (asha, 22 November 2026, 12:00)" in text(page)
    assert page.context["end"] is None
    made = Disposition.objects.get()
    late = visit(asha, REST, passage.pk, data={"seen": ""})
    told = text(client.get(late.url))
    assert "decided meanwhile: nothing more to code" in told
    visit(asha, REST, passage.pk, data={"seen": made.pk, "take_back": "1"})
    assert not Disposition.objects.of_the_rest().exists()


def test_of_what_is_all_in_ideas_or_decided_as_a_whole_there_is_no_rest(visit, asha, passage, idea):
    Idea.objects.filter(pk=idea.pk).update(end=len(TEXT))
    assert "/rest/" not in visit(asha, PAGE, passage.pk).content.decode()
    Idea.objects.filter(pk=idea.pk).update(end=19)
    dispose(of=passage, what="off topic", by=asha, now=NOW)
    assert "/rest/" not in visit(asha, PAGE, passage.pk).content.decode()


def test_after_the_last_of_it_comes_the_next_with_words_left(
    visit, client, asha, passage, idea, other, health
):
    for one in Idea.objects.all():
        code(idea=one, themes=[health], by=asha, now=NOW)
    done = visit(asha, REST, passage.pk, data={"seen": ""}, query=SOME)
    assert f"/{other.pk}/change/" in done.url
    done = visit(asha, REST, other.pk, data={"seen": ""}, query=SOME)
    assert "Nothing is left to decide in this list." in text(client.get(done.url))


def test_the_inbox_is_filtered_by_it(visit, asha, passage, idea, other):
    def listed(value):
        page = visit(asha, "surveys_passage_changelist", query=f"?rest={value}")
        return [row.pk for row in page.context["cl"].result_list]

    nothing_more(passage=passage, by=asha, now=NOW)
    assert listed("some") == [other.pk]
    assert listed("none") == [passage.pk]


def test_the_ledger_names_those_that_are_read_and_leads_to_them(
    visit, client, survey, asha, passage, idea, other, health
):
    def line():
        page = visit(asha, "outcomes_disposition_ledger", survey.consultation.pk)
        return page.context["words_left"]["number"], text(page), page

    assert line()[0] == 0, "nobody has decided about their ideas"
    for one in Idea.objects.all():
        code(idea=one, themes=[health], by=asha, now=NOW)
    number, told, page = line()
    assert number == 2
    assert "2 answers or notes of those that are read have words in no idea" in told
    found = client.get(page.context["words_left"]["url"]).context["cl"].result_list
    assert [row.pk for row in found] == [passage.pk, other.pk]
    nothing_more(passage=passage, by=asha, now=NOW)
    assert "1 answer or note of those that are read has words in no idea" in line()[1]
    nothing_more(passage=other, by=asha, now=NOW)
    assert "words in no idea" not in line()[1]


def test_what_comes_back_of_a_join_is_told_before_and_after(visit, client, asha, passage, idea):
    second = Idea.objects.create(answer=passage.answer, start=20, end=41, found_by=idea.found_by)
    join(idea=idea, by=asha, now=NOW)
    page = visit(asha, PAGE, passage.pk)
    assert "Each part gets back what was decided of it before." in text(page)
    done = visit(asha, UNCUT, passage.pk, data={"seen": seen_on(page)})
    assert "Each part has again what was decided of it before" in text(client.get(done.url))
    assert Idea.objects.filter(pk=second.pk).exists()
    join(idea=Idea.objects.get(pk=idea.pk), by=asha, now=NOW)
    Cutting.objects.update(before=[[0, 19], [20, 41]])
    page = visit(asha, PAGE, passage.pk)
    assert "Both parts get what is decided of the whole now." in text(page)
    done = visit(asha, UNCUT, passage.pk, data={"seen": seen_on(page)})
    assert "What was decided of the whole now holds for both parts." in text(client.get(done.url))
