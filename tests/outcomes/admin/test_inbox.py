"""The inbox: what it lists, finds and filters, and that it asks the database no more for more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import clear_concern, code, dispose, raise_concern
from outcomes.models import Idea, ThemeSuggestion
from surveys.models import Answer, Passage, Response
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
INBOX = "surveys_passage_changelist"


@pytest.fixture
def said(survey, asha, note):
    """Four parents' answers, of which the first two have an idea each; and a note."""
    texts = ["He swims on Sundays.", "A bus that comes.", "Sleep. " * 90, "Nothing."]
    made = [world.response(survey, text, NOW).answers.get() for text in texts]
    world.group(world.run(survey.consultation, asha, NOW), "health", made[:2])
    return made


@pytest.fixture
def ideas(said):
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def health(area):
    return area.themes.get(code="health")


@pytest.fixture
def listed(visit, asha):
    """The words that the inbox lists under a query, in order."""

    def listed(query=""):
        page = visit(asha, INBOX, query=f"?{query}")
        return [row.words.split(".")[0] for row in page.context["cl"].result_list]

    return listed


SWIM, BUS, SLEEP, NOTHING = "He swims on Sundays", "A bus that comes", "Sleep", "Nothing"
CLUB = "A club that says yes"


def test_every_answer_and_note_is_listed_in_the_order_it_came(listed, said):
    assert sorted(listed()) == sorted([SWIM, BUS, SLEEP, NOTHING, CLUB])


def test_a_line_says_who_how_many_ideas_and_what_theme(visit, asha, ideas, health):
    page = visit(asha, INBOX).content.decode()
    assert "parents and carers" in page
    assert "workshop: children and young people" in page
    assert "suggested: Healthy lives" in page
    code(idea=ideas[0], themes=[health], by=asha, now=NOW)
    page = visit(asha, INBOX).content.decode()
    assert ">Healthy lives<" in page
    assert "coded, and in no cluster yet" in page


def test_it_is_searched_by_words_in_any_form(listed, said):
    assert listed("q=swim") == [SWIM]
    assert listed("q=coming") == [BUS]
    assert listed("q=swim+bus") == []
    assert listed("q=...") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("length=long", {SLEEP}),
        ("channel=workshop", {CLUB}),
        ("channel=paper", {NOTHING}),
        ("quote=yes", {BUS}),
        ("audience=young_person", {CLUB}),
        ("suggested=health", {SWIM, BUS}),
        ("suggested=families", set()),
        ("sure=no", {BUS}),
        ("coded=health", {SWIM}),
        ("read=unread", {BUS, SLEEP, NOTHING}),
        ("read=left", {BUS, SLEEP, NOTHING}),
        ("standing=coded", {SWIM}),
        ("standing=handed on", {CLUB}),
        ("language=cy", {SLEEP}),
        ("cluster=none", {SWIM, BUS, SLEEP, NOTHING, CLUB}),
        ("worry=cleared", {NOTHING}),
        ("alike=yes", {NOTHING}),
        ("read=nonsense", {SWIM, BUS, SLEEP, NOTHING, CLUB}),
    ],
)
def test_it_is_filtered(listed, said, ideas, health, note, asha, lena, query, found):
    code(idea=ideas[0], themes=[health], by=asha, now=NOW)
    dispose(of=note.passage, what="case", by=asha, now=NOW)
    ThemeSuggestion.objects.filter(idea=ideas[1]).update(sure=False)
    Response.objects.filter(answers=said[1]).update(may_quote=True)
    Response.objects.filter(answers=said[3]).update(channel="paper")
    Passage.objects.filter(answer=said[2]).update(language="cy")
    Passage.objects.filter(answer=said[3]).update(copy_of=said[0].passage)
    worry = raise_concern(source=said[3], category="other", reason="I worry.", by=asha, now=NOW)
    clear_concern(concern=worry, reason="A story.", by=lena, now=NOW)
    assert set(listed(query)) == found


def test_ideas_in_a_cluster_are_found_by_it(listed, said, cluster):
    assert len(listed(f"cluster={cluster.pk}")) == 2
    assert len(listed("cluster=none")) == 5


def test_what_is_withheld_late_or_a_trial_is_not_listed(listed, said, asha):
    raise_concern(source=said[0], category="other", reason="I worry.", by=asha, now=NOW)
    Response.objects.filter(answers=said[1]).update(late="not_counted", late_reason="June.")
    Response.objects.filter(answers=said[2]).update(is_pilot=True)
    assert sorted(listed()) == [CLUB, NOTHING]
    assert listed("q=swim") == []


def test_the_index_says_how_many_are_unread(visit, asha, ideas, health):
    def waits(who):
        from django.contrib import admin

        request = visit(who, INBOX).wsgi_request
        return admin.site.get_model_admin(Passage).waits(request)

    assert waits(asha) == "5 unread"
    code(idea=ideas[0], themes=[health], by=asha, now=NOW)
    assert waits(asha) == "4 unread"
    reader = world.person("rob", "Co-production reviewer")
    assert waits(reader) == ""


def test_more_rows_take_as_many_queries(visit, asha, said, survey, django_assert_num_queries):
    address = (asha, INBOX)
    for query in ("", "?read=unread&suggested=health&q=sleep"):
        visit(*address, query=query)
        with CaptureQueriesContext(connection) as few:
            visit(*address, query=query)
        more = [world.response(survey, f"Sleep well, {n}", NOW).answers.get() for n in range(9)]
        world.group(world.run(survey.consultation, asha, NOW), "health", more)
        with django_assert_num_queries(len(few)):
            visit(*address, query=query)
        assert len(few) < 40


def test_ideas_are_filtered_by_what_people_gave(visit, asha, ideas, health):
    code(idea=ideas[0], themes=[health], by=asha, now=NOW)

    def number(query):
        page = visit(asha, "outcomes_idea_changelist", query=f"?{query}")
        return page.context["cl"].result_count

    assert number("coded=health") == 1
    assert number("coded=none") == 1
    assert number("standing=coded") == 1
    assert number("q=swimming") == 1


# Many at once.


def together(visit, who, ideas, **data):
    ids = ",".join(str(idea.pk) for idea in ideas)
    sent = {"ids": ids, "back": "theme=health", **data}
    return visit(who, "outcomes_idea_together", data=sent)


def test_ideas_are_chosen_in_the_list(visit, asha, ideas):
    data = {"action": "code_together", "_selected_action": [idea.pk for idea in ideas]}
    page = visit(asha, "outcomes_idea_changelist", data=data, query="?theme=health")
    text = page.content.decode()
    assert "Decide about 2 ideas together" in text
    assert 'name="back" value="theme=health"' in text


def test_nothing_changes_before_it_was_previewed_and_confirmed(visit, asha, ideas, area, health):
    families = area.themes.get(code="families")
    code(idea=ideas[0], themes=[families], by=asha, now=NOW)
    chosen = {"what": "themes", "first": health.pk}
    page = together(visit, asha, ideas, **chosen)
    text = page.content.decode()
    assert "2 of 2 ideas will change" in text
    assert "1 of these was decided otherwise before" in text
    assert ideas[0].codings.get(is_current=True).theme == families
    done = together(visit, asha, ideas, seen=page.context["plan"]["seen"], **chosen)
    assert done.url == "/admin/outcomes/idea/?theme=health"
    assert {idea.codings.get(is_current=True).theme for idea in ideas} == {health}


def test_who_confirms_an_old_preview_sees_a_new_one(visit, asha, ben, ideas, area, health):
    page = together(visit, asha, ideas, what="accept")
    code(idea=ideas[0], themes=[area.themes.get(code="families")], by=ben, now=NOW)
    again = together(visit, asha, ideas, what="accept", seen=page.context["plan"]["seen"])
    assert "Somebody decided about some of these meanwhile" in again.content.decode()
    assert not ideas[1].codings.exists()


def test_what_was_previewed_is_what_is_confirmed(visit, asha, ideas, area, health):
    seen = together(visit, asha, ideas, what="themes", first=health.pk).context["plan"]["seen"]
    other = {"what": "themes", "first": area.themes.get(code="families").pk}
    assert together(visit, asha, ideas, seen=seen, **other).status_code == 200
    assert not ideas[0].codings.exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose what to decide."),
        ({"what": "themes"}, "Choose a theme."),
        ({"what": "explode"}, "Select a valid choice"),
        ({"what": "themes", "first": "999999"}, "Select a valid choice"),
    ],
)
def test_bad_choices_are_told_and_the_chosen_ideas_kept(visit, asha, ideas, data, told):
    page = together(visit, asha, ideas, **data).content.decode()
    assert told in page
    assert f'value="{ideas[0].pk},{ideas[1].pk}"' in page


def test_too_many_are_refused(visit, asha, ideas, monkeypatch, client):
    monkeypatch.setattr("outcomes.admin.inbox_bulk.AT_ONCE", 1)
    data = {"action": "code_together", "_selected_action": [idea.pk for idea in ideas]}
    page = visit(asha, "outcomes_idea_changelist", data=data)
    told = client.get(page.url).content.decode()
    assert "You chose 2 ideas. Choose 1 at most" in told


def test_who_may_not_code_is_offered_nothing_and_refused(visit, ideas):
    reader = world.person("rob", "Co-production reviewer")
    page = visit(reader, "outcomes_idea_changelist").content.decode()
    assert "Decide about these together" not in page
    assert together(visit, reader, ideas, what="accept").status_code == 403
    assert not ideas[0].codings.exists()


# What to check next.


def test_the_machine_says_what_to_check_next_and_how_sure_it_is(visit, asha, ideas, survey):
    run = ThemeSuggestion.objects.first().run
    run.measured = {"checks": 2, "corrected": 1, "spread": 0, "before": 0.8, "after": 0.9}
    run.save()
    for turn, idea in enumerate(reversed(ideas), start=1):
        rows = ThemeSuggestion.objects.filter(idea=idea)
        rows.update(check_order=turn, check_reason=f"Reason {turn}")
    page = visit(asha, "outcomes_idea_check").content.decode()
    assert page.index("A bus that comes") < page.index("He swims")
    assert "80 of 100 ideas" in page
    assert "Not measured yet" in page
    asked = Answer.objects.get(pk=ideas[1].answer_id).passage
    data = {"do": "accept", "suggested": ThemeSuggestion.objects.first().theme_id}
    done = visit(asha, "outcomes_idea_decide", ideas[1].pk, data=data, query="?way=check")
    assert f"/{ideas[0].answer.passage.pk}/change/?way=check#idea-{ideas[0].pk}" in done.url
    assert asked.pk != ideas[0].answer.passage.pk
    page = visit(asha, "outcomes_idea_check").content.decode()
    assert "A bus that comes" not in page
    assert "1 of 1 decisions" in page
