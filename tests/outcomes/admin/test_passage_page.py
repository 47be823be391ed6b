"""The page of a passage: read, decide idea by idea, cut, go on to the next."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import code, dispose, hide
from outcomes.models import Coding, Disposition, Idea, ThemeSuggestion
from surveys.models import Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "He sleeps. <b>Tom</b> is kind. And, well, a bus."
PAGE = "surveys_passage_change"


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


@pytest.fixture
def passage(survey) -> Passage:
    return world.response(survey, TEXT, NOW).answers.get().passage


@pytest.fixture
def ideas(passage, run, themes):
    """Its first two sentences."""
    made = []
    for start, end in ((0, 10), (11, 30)):
        idea = Idea.objects.create(answer=passage.answer, start=start, end=end, found_by=run)
        ThemeSuggestion.objects.create(
            run=run,
            idea=idea,
            theme=themes["health"],
            scores={"health": 0.734},
            reason="Near to other words.",
            kind="outcome",
            sure=False,
        )
        made.append(idea)
    return made


@pytest.fixture
def later(survey, run):
    """A second answer, with one idea."""
    answer = world.response(survey, "A garden.", NOW).answers.get()
    world.group(run, "families", [answer])
    return answer.passage


@pytest.fixture
def decide(visit, asha):
    def decide(idea, do, who=asha, query="", **data):
        seen = idea.codings.filter(is_current=True).values_list("pk", flat=True).first() or ""
        end = Disposition.objects.filter(idea=idea, is_current=True).first()
        sent = {"do": do, "seen": seen, "end_seen": end.pk if end else "", **data}
        return visit(who, "outcomes_idea_decide", idea.pk, data=sent, query=query)

    return decide


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def themes_now(idea):
    found = Coding.objects.current().filter(idea=idea).first()
    return [theme.code for theme in found.themes] if found else None


def test_the_words_are_drawn_with_their_ideas_and_escaped(visit, asha, passage, ideas):
    page = visit(asha, PAGE, passage.pk).content.decode()
    assert (
        "<mark><sup>1</sup>He sleeps.</mark> <mark><sup>2</sup>&lt;b&gt;Tom&lt;/b&gt; is kind."
        "</mark> And, well, a bus."
    ) in page
    assert "<b>Tom</b>" not in page


def test_it_says_who_was_asked_what_and_what_the_machine_thinks(visit, asha, passage, ideas):
    page = text(visit(asha, PAGE, passage.pk))
    for words in (
        "Parents and carers (online)",
        "What about what_matters?",
        "not asked, so no",
        "Healthy lives (73%) not sure",
        "Near to other words.",
        "an outcome: a change somebody wants",
        "People have not decided yet.",
    ):
        assert words in page, words


def test_what_is_hidden_is_hidden_in_every_part(visit, asha, passage, ideas):
    redactor = world.person("rita", "Redactor")
    start = TEXT.index("Tom")
    hide(passage=passage, start=start, end=start + 3, kind="person", by=redactor, now=NOW)
    for name, key in (
        (PAGE, passage.pk),
        ("outcomes_idea_cut", ideas[1].pk),
        ("outcomes_idea_borders", ideas[1].pk),
        ("outcomes_idea_join", ideas[0].pk),
        ("surveys_passage_mark", passage.pk),
    ):
        page = visit(asha, name, key)
        assert page.status_code == 200, name
        assert "Tom" not in page.content.decode(), name
    assert "[name]" in visit(asha, "outcomes_idea_cut", ideas[1].pk).content.decode()


def test_a_reader_without_the_right_reads_and_decides_nothing(visit, decide, passage, ideas):
    reader = world.person("rob", "Co-production reviewer")
    page = visit(reader, PAGE, passage.pk).content.decode()
    assert "He sleeps." in page
    assert "/decide/" not in page
    assert "/dispose/" not in page
    assert decide(ideas[0], "accept", reader).status_code == 403
    for name in ("cut", "borders", "join"):
        assert visit(reader, f"outcomes_idea_{name}", ideas[0].pk).status_code == 403
    for name in ("dispose", "mark"):
        assert visit(reader, f"surveys_passage_{name}", passage.pk, data={}).status_code == 403


def test_one_button_accepts_what_is_suggested(decide, ideas, themes):
    done = decide(ideas[0], "accept", suggested=themes["health"].pk)
    assert done.url.endswith(f"#idea-{ideas[1].pk}")
    assert themes_now(ideas[0]) == ["health"]
    assert Coding.objects.get().how == "accepted"


def test_one_button_gives_another_theme_and_a_form_gives_three(decide, ideas, themes):
    decide(ideas[0], f"theme-{themes['none'].pk}")
    assert themes_now(ideas[0]) == ["none"]
    key = ideas[1].pk
    chosen = {f"{key}-first": themes["health"].pk, f"{key}-third": themes["families"].pk}
    decide(ideas[1], "themes", **chosen)
    assert themes_now(ideas[1]) == ["health", "families"]


def test_a_refused_choice_is_told_and_kept(decide, ideas, themes):
    key = ideas[0].pk
    chosen = {f"{key}-first": themes["health"].pk, f"{key}-second": themes["health"].pk}
    page = decide(ideas[0], "themes", **chosen)
    assert "Choose each theme once." in text(page)
    assert page.content.decode().count(f'<option value="{themes["health"].pk}" selected') == 2
    assert "Choose a theme" in text(decide(ideas[0], "themes"))
    for nonsense in ("theme-0", "theme-²", "explode", ""):
        assert "Choose what to decide." in text(decide(ideas[0], nonsense))
    assert themes_now(ideas[0]) is None


def test_not_sure_and_nothing_to_code(decide, visit, asha, passage, ideas):
    decide(ideas[0], "not-sure")
    decide(ideas[1], "nothing")
    page = text(visit(asha, PAGE, passage.pk))
    assert "People were not sure." in page
    assert "People decided: nothing to code (asha" in page


def test_undo_takes_back_the_newest_decision_of_either_kind(decide, ideas, themes):
    decide(ideas[0], f"theme-{themes['health'].pk}")
    decide(ideas[0], "nothing")
    here = decide(ideas[0], "undo")
    assert here.url.endswith(f"#idea-{ideas[0].pk}")
    assert not Disposition.objects.current().exists()
    assert themes_now(ideas[0]) == ["health"]
    decide(ideas[0], "undo")
    assert themes_now(ideas[0]) == []
    assert "no decision about this idea to take back" in text(decide(ideas[0], "undo"))


def test_the_history_says_who_decided_what_and_when(visit, asha, ben, passage, ideas, themes):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    code(idea=ideas[0], themes=[themes["families"]], by=ben, now=NOW)
    page = text(visit(asha, PAGE, passage.pk))
    assert "Supporting families (chosen) ben, 22 November 2026" in page
    assert "Healthy lives (chosen) asha, 22 November 2026" in page


def test_the_second_of_two_officers_is_told_and_keeps_what_was_chosen(
    visit, asha, ben, passage, ideas, themes
):
    code(idea=ideas[0], themes=[themes["health"]], by=ben, now=NOW)
    key = ideas[0].pk
    sent = {"do": "themes", "seen": "", f"{key}-first": themes["families"].pk}
    page = visit(asha, "outcomes_idea_decide", key, data=sent)
    assert "ben coded this idea meanwhile: Healthy lives" in text(page)
    assert f'<option value="{themes["families"].pk}" selected' in page.content.decode()
    assert themes_now(ideas[0]) == ["health"]


# All of it.


def test_what_becomes_of_all_of_it_is_decided_and_taken_back(visit, asha, passage, ideas, later):
    address = ("surveys_passage_dispose", passage.pk)
    assert "Choose what becomes of it." in text(visit(asha, *address, data={"seen": ""}))
    page = visit(asha, *address, data={"seen": "", "what": "set aside"})
    assert "Say why it is set aside." in text(page)
    done = visit(asha, *address, data={"seen": "", "what": "case"})
    assert f"/{later.pk}/change/" in done.url
    made = Disposition.objects.current().get(passage=passage)
    assert "about one child or family: to hand on (asha" in text(visit(asha, PAGE, passage.pk))
    late = visit(asha, *address, data={"seen": "", "what": "off topic", "reason": "Mine."})
    assert "asha decided meanwhile" in text(late)
    assert "Mine." in late.content.decode()
    visit(asha, *address, data={"seen": made.pk, "take_back": "1"})
    assert not Disposition.objects.current().exists()


# Cutting.


def cut_page(visit, who, name, idea, **data):
    seen = visit(who, f"outcomes_idea_{name}", idea.pk).context["seen"]
    return visit(who, f"outcomes_idea_{name}", idea.pk, data={"seen": seen, **data})


def test_an_idea_is_cut_at_a_word(visit, asha, ideas):
    page = visit(asha, "outcomes_idea_cut", ideas[1].pk)
    assert [label for _, label in page.context["form"].fields["at"].choices] == ["is", "kind."]
    cut_page(visit, asha, "cut", ideas[1], at=TEXT.index("is kind"))
    assert [idea.text for idea in Idea.objects.order_by("start")] == [
        "He sleeps.",
        "<b>Tom</b>",
        "is kind.",
    ]


def test_an_idea_begins_and_ends_at_other_words(visit, asha, ideas):
    page = visit(asha, "outcomes_idea_borders", ideas[1].pk)
    offered = [label for _, label in page.context["form"].fields["last"].choices]
    assert offered[0] == "1. <b>Tom</b>"
    assert offered[-1] == "7. bus."
    chosen = {"first": TEXT.index("is kind"), "last": TEXT.index("And")}
    cut_page(visit, asha, "borders", ideas[1], **chosen)
    assert Idea.objects.get(pk=ideas[1].pk).text == "is kind. And,"


def test_a_stretch_that_ends_before_it_begins_is_refused(visit, asha, ideas):
    chosen = {"first": TEXT.index("And"), "last": TEXT.index("is kind")}
    page = cut_page(visit, asha, "borders", ideas[1], **chosen)
    assert "The last word comes before the first." in text(page)


def test_two_ideas_become_one(visit, asha, ideas):
    assert "audit log" in text(visit(asha, "outcomes_idea_join", ideas[0].pk))
    cut_page(visit, asha, "join", ideas[0])
    assert Idea.objects.get().text == "He sleeps. <b>Tom</b> is kind."
    assert visit(asha, "outcomes_idea_join", ideas[0].pk).status_code == 302


@pytest.mark.parametrize("name", ["cut", "borders", "join"])
def test_what_somebody_cut_meanwhile_is_not_cut_unseen(visit, asha, ideas, name):
    seen = visit(asha, f"outcomes_idea_{name}", ideas[0].pk).context["seen"]
    Idea.objects.filter(pk=ideas[0].pk).update(end=9)
    data = {"seen": seen, "at": 3, "first": 0, "last": 3}
    page = visit(asha, f"outcomes_idea_{name}", ideas[0].pk, data=data)
    assert "meanwhile" in text(page)
    assert Idea.objects.count() == 2


def test_words_in_no_idea_are_shown_and_can_become_one(visit, asha, passage, ideas):
    page = visit(asha, PAGE, passage.pk).content.decode()
    address = f"/admin/surveys/passage/{passage.pk}/mark/?from=30"
    assert address in page
    chosen = {"first": TEXT.index("a bus"), "last": TEXT.index("bus")}
    visit(asha, "surveys_passage_mark", passage.pk, data=chosen, query="?from=30")
    assert Idea.objects.order_by("start").last().text == "a bus."


# From one to the next.


def test_the_way_stays_within_the_filter(visit, asha, decide, passage, ideas, later, note, themes):
    kept = "_changelist_filters=suggested%3Dfamilies"
    page = visit(asha, PAGE, later.pk, query=f"?{kept}")
    way = page.context["way"]
    assert (way.place, way.total, way.before, way.after) == (1, 1, "", "")
    whole = visit(asha, PAGE, later.pk).context["way"]
    assert whole.total == 3
    assert f"/{passage.pk}/change/" in whole.before or f"/{passage.pk}/change/" in whole.after
    outside = visit(asha, PAGE, passage.pk, query=f"?{kept}")
    assert "not in the list of 1" in text(outside)
    assert (
        f"?{kept}"
        in decide(ideas[0], "accept", query=f"?{kept}", suggested=themes["health"].pk).url
    )


def test_after_the_last_idea_comes_the_next_passage_with_something_left(
    decide, ideas, later, passage, client, themes
):
    dispose_all_but(passage, later)
    done = decide(ideas[1], f"theme-{themes['health'].pk}")
    assert f"/{later.pk}/change/" in done.url
    only = later.answer
    done = decide(Idea.objects.get(answer=only), "nothing")
    assert f"/{passage.pk}/change/" in done.url, "its first idea is to be decided still"
    done = decide(ideas[0], f"theme-{themes['health'].pk}")
    assert "Nothing is left to decide in this list." in text(client.get(done.url))


def dispose_all_but(*kept):
    by = Idea.objects.first().found_by.asked_by
    for one in Passage.objects.exclude(pk__in=[passage.pk for passage in kept]):
        dispose(of=one, what="nothing", by=by, now=NOW)


@pytest.mark.parametrize("query", ["?_changelist_filters=e%3D1", "?_changelist_filters=p%3D999"])
def test_a_mangled_way_is_the_whole_list(visit, asha, passage, query):
    assert visit(asha, PAGE, passage.pk, query=query).context["way"].total == 1


def test_a_passage_with_many_ideas_asks_the_database_no_more(
    visit, asha, passage, ideas, run, themes, django_assert_num_queries
):
    visit(asha, PAGE, passage.pk)
    with CaptureQueriesContext(connection) as few:
        visit(asha, PAGE, passage.pk)
    for start in (31, 36, 42):
        idea = Idea.objects.create(answer=passage.answer, start=start, end=start + 3, found_by=run)
        code(idea=idea, themes=[themes["health"]], by=asha, now=NOW)
    for theme in ("families", "health"):
        code(idea=ideas[0], themes=[themes[theme]], by=asha, now=NOW)
    with django_assert_num_queries(len(few)):
        visit(asha, PAGE, passage.pk)
