"""The board of a theme: what is suggested, adopted and set aside, by audience side by side."""

import re

import pytest

from outcomes.actions import adopt, dispose, draft_outcome, hide, raise_concern, set_aside
from outcomes.admin.board_order import Size, in_order
from outcomes.models import AnalysisRun, GroupSuggestion, Idea, ThemeSuggestion
from surveys.actions import add_note
from surveys.models import Answer, Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def young(survey):
    """The young people's survey."""
    return world.survey(survey.consultation, "young_person", "young", NOW)


def said(to, *texts):
    made = [world.response(to, text, NOW) for text in texts]
    return list(Answer.objects.filter(response__in=made).order_by("pk"))


def group(run, answers, name="Sleep", theme="health"):
    made = world.group(run, theme, answers)
    GroupSuggestion.objects.filter(pk=made.pk).update(name=name, reason=f"Alike: {name}.")
    made.refresh_from_db()
    return made


def many(survey, words="Sleep", number=5):
    return said(survey, *(f"{words}, person {one}" for one in range(number)))


def board(visit, who, run, query="?theme=health"):
    return visit(who, "outcomes_cluster_board", run.consultation_id, query=query)


def titles(page, key):
    """The cards of a section, in order."""
    section = next(one for one in page.context["sections"] if one.key == key)
    return [card.row.name for card in section.cards]


def words(page):
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", text).replace("&#x27;", "'")


def test_a_card_counts_people_by_audience_side_by_side(visit, asha, run, survey, young):
    group(run, [*many(survey), *said(young, "i cant sleep")])
    page = board(visit, asha, run)
    card = page.context["sections"][0].cards[0]
    assert card.people == [
        ("parents and carers", 5),
        ("practitioners", 0),
        ("children and young people", 1),
        ("workshops", 0),
    ]
    shown = words(page)
    assert "Parents and carers 5 Practitioners 0 Children and young people 1 Workshops 0" in shown
    assert "The machine’s reason: Alike: Sleep." in shown
    assert "“i cant sleep” children and young people" in shown
    assert "Adopt “Sleep” 6 ideas" in shown


def test_a_card_quotes_each_audience_before_it_quotes_one_twice(visit, asha, run, survey, young):
    group(run, [*many(survey, number=9), *said(young, "i cant sleep")])
    quotes = board(visit, asha, run).context["sections"][0].cards[0].quotes
    assert len(quotes) == 3
    assert {idea.said_by for idea in quotes[:2]} == {
        "parents and carers",
        "children and young people",
    }


def test_what_few_say_has_a_heading_of_its_own_and_the_same_cards(visit, asha, run, survey):
    group(run, many(survey, number=5), "Sleep")
    group(run, many(survey, "Teeth", number=4), "Teeth")
    page = board(visit, asha, run)
    assert titles(page, "suggested") == ["Sleep"]
    assert titles(page, "few") == ["Teeth"]
    assert '<h2 id="few-title">Suggested, said by few (1)</h2>' in page.content.decode()
    assert "<details" not in page.content.decode().split('id="few"')[1].split("</section>")[0]


def test_the_largest_of_each_audience_has_its_turn():
    sizes = [
        Size(1, "parents most", (90, 1, 0, 0), 90),
        Size(2, "parents next", (80, 0, 0, 0), 80),
        Size(3, "young most", (0, 0, 3, 0), 3),
        Size(4, "practitioners most", (2, 9, 1, 0), 12),
        Size(5, "nobody you can read", (0, 0, 0, 0), 0),
        Size(6, "in a workshop", (0, 0, 0, 1), 1),
    ]
    assert [one.key for one in in_order(sizes, "turn")] == [1, 4, 3, 6, 2, 5]
    assert [one.key for one in in_order(sizes, "parent_carer")][:3] == [1, 2, 4]
    assert [one.key for one in in_order(sizes, "young_person")][:2] == [3, 4]
    assert [one.key for one in in_order(sizes, "name")] == [6, 5, 1, 2, 4, 3]


def test_the_officer_chooses_the_order_and_is_told_it(visit, asha, run, survey, young):
    group(run, many(survey, number=6), "Sleep")
    group(run, [*many(survey, "Teeth"), *said(young, "my teeth")], "Teeth")
    page = board(visit, asha, run)
    assert titles(page, "suggested") == ["Sleep", "Teeth"]
    assert "The largest with parents and carers comes first, then" in words(page)
    page = board(visit, asha, run, "?theme=health&order=young_person")
    assert titles(page, "suggested") == ["Teeth", "Sleep"]
    assert "Those that most children and young people spoke of come first." in words(page)
    assert titles(board(visit, asha, run, "?theme=health&order=%3Cb%3E"), "suggested")[0] == "Sleep"


def test_what_is_adopted_and_set_aside_moves_on(visit, asha, run, survey):
    first, second = group(run, many(survey)), group(run, many(survey, "Teeth"), "Teeth")
    kept = adopt(suggestion=first, name="Sleeping well", by=asha, now=NOW)
    gone = adopt(suggestion=second, name="Dentists", by=asha, now=NOW)
    set_aside(cluster=gone, reason="The NHS asks about it.", by=asha, now=NOW)
    page = board(visit, asha, run)
    assert titles(page, "suggested") == []
    assert titles(page, "adopted") == ["Sleeping well"]
    assert titles(page, "aside") == ["Dentists"]
    assert "Set aside by asha, 22 November 2026: The NHS asks about it." in words(page)
    assert "No outcome draws on it yet." in words(page)
    draft_outcome(clusters=[kept], i_statement="I sleep.", reason="So said.", by=asha, now=NOW)
    assert "Drawn on by HL-1" in words(board(visit, asha, run))


def test_a_group_whose_ideas_are_all_in_clusters_is_no_suggestion(visit, asha, run, survey):
    made = group(run, many(survey))
    adopt(suggestion=made, name="Sleeping well", by=asha, now=NOW)
    later = world.run(survey.consultation, asha, NOW)
    again = GroupSuggestion.objects.create(
        run=later, theme=made.theme, name="Again", reason="Alike.", order=1
    )
    for one in ThemeSuggestion.objects.filter(run=run):
        ThemeSuggestion.objects.create(
            run=later, idea=one.idea, theme=one.theme, scores={}, reason="Close.", group=again
        )
    assert titles(board(visit, asha, run), "suggested") == []
    assert titles(board(visit, asha, run), "few") == []


def test_nearly_the_same_texts_are_folded(visit, asha, run, survey):
    answers = many(survey, "Save our school", 6)
    group(run, answers)
    first, *copies = Passage.objects.filter(answer__in=answers).order_by("pk")
    for one in copies[:4]:
        one.copy_of = first
        one.save()
    page = board(visit, asha, run)
    assert "5 nearly the same texts, quoted once: a campaign?" in words(page)
    card = page.context["sections"][0].cards[0]
    assert card.people[0] == ("parents and carers", 6)
    assert len(card.quotes) == 2


def test_opposites_are_linked(visit, asha, run, survey):
    one, other = group(run, many(survey)), group(run, many(survey, "No"), "Against", "families")
    one.opposes.add(other)
    assert "The opposite: Against under Supporting families" in words(board(visit, asha, run))
    kept = adopt(suggestion=one, name="For", by=asha, now=NOW)
    against = adopt(suggestion=other, name="Not for", by=asha, now=NOW)
    kept.contradicts.add(against)
    page = words(board(visit, asha, run))
    assert "The machine takes for the opposite: Not for (adopted)" in page
    assert "Contradicts, people decided: Not for under Supporting families" in page


def test_what_is_withheld_or_hidden_is_on_no_card(visit, asha, run, survey):
    answers = many(survey, number=6)
    group(run, answers)
    raise_concern(source=answers[0], category="other", reason="I worry.", by=asha, now=NOW)
    for one in answers[1:]:
        hide(passage=one.passage, start=7, end=13, kind="person", by=asha, now=NOW)
    page = board(visit, asha, run)
    card = page.context["sections"][0].cards[0]
    assert card.people[0] == ("parents and carers", 5)
    assert card.size.ideas == 5
    assert "person 0" not in words(page)
    assert "person 1" not in words(page)
    assert "“Sleep, [name] 1”" in words(page)


def test_a_facilitators_own_view_is_nobodys_and_no_quote(visit, asha, run, survey, session):
    made = group(run, [])
    for text, kind in [("They all sleep badly", "facilitator"), ("We sleep badly", "said")]:
        note = add_note(session=session, text=text, kind=kind)
        idea = Idea.objects.create(note=note, start=0, end=len(text), found_by=run)
        ThemeSuggestion.objects.create(
            run=run, idea=idea, theme=made.theme, scores={}, reason="Close.", group=made
        )
    page = board(visit, asha, run)
    card = next(one for one in page.context["sections"] if one.key == "few").cards[0]
    assert [count for _, count in card.people] == [0, 0, 0, 1]
    assert "We sleep badly" in words(page)
    assert "They all sleep badly" not in words(page)


def test_one_voice_is_counted_and_read_until_it_is_dealt_with(visit, asha, run, survey, young):
    made = group(run, [*many(survey), *said(young, "let me sleep in")])
    alone = ThemeSuggestion.objects.filter(idea__answer__response__survey=young)
    alone.update(group=None)
    page = words(board(visit, asha, run))
    assert "One voice (1)" in page
    assert "Ideas: parents and carers 0, practitioners 0, children and young people 1." in page
    assert "let me sleep in the whole answer children and young people" in page
    dispose(of=alone.get().idea, what="off topic", by=asha, now=NOW)
    assert "let me sleep in" not in words(board(visit, asha, run))
    assert made.members.count() == 5


def test_none_of_the_four_is_a_board_like_the_others(visit, asha, run, survey):
    group(run, many(survey), "A job", "none")
    page = board(visit, asha, run, "?theme=none")
    assert titles(page, "suggested") == ["A job"]
    assert page.content.decode().count('aria-current="page"') >= 1
    assert [theme.code for theme, _, _ in page.context["themes"]] == [
        code for code, _, _ in world.THEMES
    ]
    assert page.context["themes"][-1][1:] == (1, 0)


def test_an_unknown_theme_or_page_leads_to_what_there_is(visit, asha, run, survey):
    for number in range(14):
        group(run, many(survey, f"Word {number}"), f"Group {number:02}")
    long = "9" * 5000
    for query in ("?theme=%3Cb%3E", f"?few={long}", "?suggested=nonsense", "?voices=-4"):
        assert board(visit, asha, run, query).context["theme"].code == "families"
    page = board(visit, asha, run, "?theme=health&suggested=99999999999999999999&order=name")
    assert titles(page, "suggested") == ["Group 12", "Group 13"]


def test_a_long_section_has_pages_that_keep_the_place_in_the_others(visit, asha, run, survey):
    for number in range(14):
        group(run, many(survey, f"Word {number}", 1), f"Group {number:02}")
    page = board(visit, asha, run, "?theme=health&order=name&suggested=1")
    section = next(one for one in page.context["sections"] if one.key == "few")
    assert titles(page, "few") == [f"Group {number:02}" for number in range(12)]
    assert section.after == "?theme=health&order=name&suggested=1&few=2#few"
    assert titles(board(visit, asha, run, section.after.split("#")[0]), "few") == [
        "Group 12",
        "Group 13",
    ]


def test_without_an_analysis_the_board_says_so(visit, asha, run, survey):
    AnalysisRun.objects.update(state="failed")
    assert "No analysis of this consultation is done yet" in words(board(visit, asha, run))


def test_only_the_newest_finished_analysis_is_on_the_board(visit, asha, run, survey):
    group(run, many(survey), "Old")
    newer = world.run(survey.consultation, asha, NOW)
    group(newer, many(survey, "Newer"), "New")
    assert titles(board(visit, asha, run), "suggested") == ["New"]


def test_reviewers_read_the_board_and_are_offered_no_decision(visit, run, survey, groups):
    group(run, many(survey))
    rosa = world.person("rosa", "Co-production reviewer")
    page = board(visit, rosa, run)
    assert titles(page, "suggested") == ["Sleep"]
    assert '#adopt"' not in page.content.decode()
    assert "/outcomes/analysisrun/" not in page.content.decode()


def test_the_index_leads_to_the_boards_and_the_picture(visit, asha, run, gwen):
    page = visit(asha, "index").content.decode()
    assert f'href="/admin/outcomes/cluster/board/{run.consultation_id}/"' in page
    assert f'href="/admin/outcomes/cluster/picture/{run.consultation_id}/"' in page
    assert "/outcomes/cluster/board/" not in visit(gwen, "index").content.decode()


def test_a_board_asks_the_database_no_more_for_more_groups(
    visit, asha, run, survey, django_assert_max_num_queries, django_assert_num_queries
):
    def more(first, last):
        for number in range(first, last):
            one = group(run, many(survey, f"Said {number}", 5), f"Group {number}")
            kept = group(run, many(survey, f"Kept {number}", 5), f"Kept {number}")
            kept.opposes.add(one)
            cluster = adopt(suggestion=kept, name=f"Cluster {number}", by=asha, now=NOW)
            draft_outcome(
                clusters=[cluster], i_statement=f"I do {number}.", reason="Yes.", by=asha, now=NOW
            )
            gone = group(run, many(survey, f"Gone {number}", 5), f"Gone {number}")
            aside = adopt(suggestion=gone, name=f"Aside {number}", by=asha, now=NOW)
            set_aside(cluster=aside, reason="It is not ours.", by=asha, now=NOW)
        AnalysisRun.objects.exclude(pk=run.pk).delete()

    more(0, 2)
    board(visit, asha, run)
    with django_assert_max_num_queries(35) as few:
        board(visit, asha, run)
    more(2, 9)
    with django_assert_num_queries(len(few)):
        board(visit, asha, run)
