"""Two people code a sample blind. Nobody sees codes before both are done; then they compare."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import code, draw_sample, raise_concern, settle
from outcomes.actions.sampling import is_done, places
from outcomes.models import BlindCode, Coding, Idea, Sample
from surveys.models import Answer, Passage, Theme
from surveys.redacted import Hidden
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
DRAW, CODE, SETTLE = "outcomes_sample_draw", "outcomes_sample_code", "outcomes_sample_settle"
PAGE, LIST = "outcomes_sample_change", "outcomes_sample_changelist"


@pytest.fixture
def ann(groups):
    return world.person("ann", "Analyst")


@pytest.fixture
def ideas(survey, asha):
    """Eight parents' ideas, for which the machine suggests health."""
    return said(survey, asha, 8)


@pytest.fixture
def forty(survey, asha):
    return said(survey, asha, 40)


def said(survey, asha, count):
    answers = [
        world.response(survey, f"Sleep at night, {number}.", NOW).answers.get()
        for number in range(count)
    ]
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


def drawn(consultation, first, second, by, number):
    return draw_sample(
        consultation=consultation,
        first=first,
        second=second,
        by=by,
        now=NOW,
        number=number,
        seed=7,
    )


@pytest.fixture
def sample(ideas, consultation, ann, ben, asha):
    return drawn(consultation, ann, ben, asha, 4)


def coded(sample, first="hhhe", second="hhff"):
    """Both code all, by the first letters of themes; "-" is not sure."""
    themes = {theme.code[0]: theme for theme in Theme.objects.all()}
    for who, letters in ((sample.first, first), (sample.second, second)):
        for place, letter in zip(places(sample), letters, strict=True):
            theme = themes.get(letter)
            BlindCode.objects.create(place=place, by=who, theme=theme, at=NOW)
    return sample


def text(page):
    return " ".join(page.content.decode().split())


def test_only_who_may_draw_draws(visit, ideas, consultation, asha, ann, ben, fran, dev, lena):
    data = {"first": ann.pk, "second": ben.pk, "number": 5}
    pia = world.person("pia", "Publisher")
    for who in (dev, fran, lena, pia):
        assert visit(who, DRAW, consultation.pk).status_code == 403
        assert visit(who, DRAW, consultation.pk, data=data).status_code == 403
    assert not Sample.objects.exists()
    assert visit(asha, DRAW, consultation.pk).status_code == 200
    assert visit(asha, DRAW, consultation.pk, data=data).status_code == 302
    assert places(Sample.objects.get()).count() == 5


def test_only_people_who_may_code_are_offered(visit, consultation, asha, ann, fran, lena):
    page = visit(asha, DRAW, consultation.pk).content.decode()
    assert ">ann</option>" in page
    assert ">fran</option>" not in page
    assert ">lena</option>" not in page


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("0", "Choose a number from 1 to 8"),
        ("9", "Choose a number from 1 to 8"),
        ("9" * 30, "Choose a number from 1 to 8"),
        ("many", "Enter a whole number"),
    ],
)
def test_a_wrong_number_is_told_and_the_rest_is_kept(
    visit, ideas, consultation, asha, ann, ben, number, sentence
):
    data = {"first": ann.pk, "second": ben.pk, "number": number}
    page = text(visit(asha, DRAW, consultation.pk, data=data))
    assert sentence in page
    assert f'<option value="{ann.pk}" selected>' in page


def test_one_person_twice_is_told(visit, ideas, consultation, asha, ann):
    data = {"first": ann.pk, "second": ann.pk}
    assert "two different people" in text(visit(asha, DRAW, consultation.pk, data=data))


def test_only_the_two_code(visit, sample, asha, ann, ben, fran, dev):
    for who in (asha, fran, dev):
        assert visit(who, CODE, sample.pk).status_code == 403
        assert visit(who, CODE, sample.pk, data={"main": "health"}).status_code == 403
    for who in (ann, ben):
        assert visit(who, CODE, sample.pk).status_code == 200
    assert not BlindCode.objects.exists()


def test_who_may_code_no_longer_does_not(visit, sample, ann):
    ann.groups.set([])
    assert visit(ann, CODE, sample.pk).status_code == 403


def test_one_idea_comes_after_another(visit, sample, ann):
    first = places(sample)[0]
    page = text(visit(ann, CODE, sample.pk))
    assert f"<mark>{first.idea}</mark>" in page
    assert "You have coded 0 of 4." in page
    data = {"main": "health", "beside": ["families"]}
    page = visit(ann, CODE, sample.pk, data=data, query="?place=1")
    assert page.url.endswith("?place=2#idea")
    assert BlindCode.objects.get().themes == [
        Theme.objects.get(code="health"),
        Theme.objects.get(code="families"),
    ]
    assert "You have coded 1 of 4." in text(visit(ann, CODE, sample.pk))


def test_one_comes_back_to_what_was_skipped(visit, sample, ann):
    for place in (2, 3, 4):
        page = visit(ann, CODE, sample.pk, data={"main": "none"}, query=f"?place={place}")
    assert page.url.endswith("?place=1#idea")
    page = visit(ann, CODE, sample.pk, data={"main": "not sure"}, query="?place=1")
    assert visit(ann, CODE, sample.pk).url.endswith(f"/sample/{sample.pk}/change/")
    assert "You have coded all of it." in text(visit(ann, PAGE, sample.pk))
    page = text(visit(ann, CODE, sample.pk, query="?place=1"))
    assert "You said: not sure" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose what the idea is mostly about"),
        ({"main": "hunger"}, "not one of the available choices"),
        ({"main": "none", "beside": ["health"]}, "none of the themes cannot be about one"),
        ({"main": "not sure", "beside": ["health"]}, "You are not sure what it is about"),
        (
            {"main": "health", "beside": ["families", "education", "activities"]},
            "Choose two at most",
        ),
    ],
)
def test_what_does_not_go_together_is_told_and_kept_on_the_page(visit, sample, ann, data, sentence):
    page = text(visit(ann, CODE, sample.pk, data=data, query="?place=1"))
    assert sentence in page
    ticked = re.findall(r'name="beside" value="(\w+)"[^>]* checked', page)
    assert sorted(ticked) == sorted(data.get("beside", []))
    assert not BlindCode.objects.exists()


def test_a_theme_ticked_twice_is_meant_once(visit, sample, ann):
    visit(ann, CODE, sample.pk, data={"main": "health", "beside": ["health"]}, query="?place=1")
    assert BlindCode.objects.get().themes == [Theme.objects.get(code="health")]


@pytest.mark.parametrize("place", ["5", "0", "99999999999", "x", "²", "-1"])
def test_a_place_that_is_not_there_is_not_found(visit, sample, ann, place):
    page = visit(ann, CODE, sample.pk, query=f"?place={place}")
    assert page.status_code in (200, 404)
    assert visit(ann, CODE, 999_999).status_code == 404


def test_one_sees_neither_the_others_code_nor_the_machines_nor_what_holds(
    visit, sample, ann, ben, asha
):
    """The page is the same, whatever the others say."""
    place = places(sample)[0]
    before = text(visit(ann, CODE, sample.pk, query="?place=1"))
    visit(ben, CODE, sample.pk, data={"main": "education"}, query="?place=1")
    code(idea=place.idea, themes=[Theme.objects.get(code="families")], by=asha, now=NOW)
    place.suggested = Theme.objects.get(code="activities")
    place.save()
    after = text(visit(ann, CODE, sample.pk, query="?place=1"))
    start, end = "You have coded", 'name="csrfmiddlewaretoken"'

    def parts(page):
        main = page[page.index(start) :]
        return main[: main.index(end)], main[main.index("mostly about") : main.index("</footer>")]

    assert parts(before) == parts(after)
    assert "checked" not in parts(after)[1]


def test_nobody_sees_codes_before_both_are_done(visit, sample, ann, ben, asha):
    for place in (1, 2, 3, 4):
        visit(ann, CODE, sample.pk, data={"main": "education"}, query=f"?place={place}")
    for who in (asha, ben, ann):
        page = text(visit(who, PAGE, sample.pk))
        assert "ann: 4 of 4 coded" in page
        assert "ben: 0 of 4 coded" in page
        assert "Great education" not in page
        assert "kappa" not in page
        assert "Great education" not in text(visit(who, LIST))
        assert visit(who, SETTLE, sample.pk, places(sample)[0].pk).status_code == 404
        taken = visit(who, "outcomes_sample_take-over", sample.pk, data={})
        assert taken.status_code == 200
        assert "not done yet" in text(taken)
    assert not Coding.objects.exists()


def test_blind_codes_are_on_no_other_page(visit, forty, consultation, ann, ben, asha):
    """Of words that stand nowhere else, the code is told by its theme alone."""
    sample = drawn(consultation, ann, ben, asha, 40)
    Theme.objects.filter(code="activities").update(label="Quince jelly")
    pages = [
        ("outcomes_idea_changelist",),
        ("surveys_passage_changelist",),
        ("surveys_passage_change", Passage.objects.first().pk),
        ("surveys_auditevent_changelist",),
        ("outcomes_disposition_ledger", consultation.pk),
        (PAGE, sample.pk),
        ("index",),
    ]
    before = [text(visit(asha, *page)).count("Quince jelly") for page in pages]
    for place in places(sample):
        BlindCode.objects.create(
            place=place, by=ann, theme=Theme.objects.get(code="activities"), at=NOW
        )
    assert [text(visit(asha, *page)).count("Quince jelly") for page in pages] == before


def test_a_code_stays_once_both_are_done(visit, sample, ann):
    coded(sample)
    page = visit(ann, CODE, sample.pk, data={"main": "none"}, query="?place=1")
    assert page.status_code == 302
    assert not BlindCode.objects.filter(theme__code="none").exists()
    assert "Both of you are done" in text(visit(ann, PAGE, sample.pk))


def test_the_results_are_told_in_plain_sentences(visit, sample, asha):
    coded(sample, "hhhe", "hhff")
    page = text(visit(asha, PAGE, sample.pk))
    assert (
        "Of 4 ideas to which both gave a theme, the two chose the same main theme for "
        "<strong>2</strong>" in page
    )
    assert "fewer than 30 ideas" in page
    assert "2 ideas got different themes" in page
    assert "The machine and ann" in page


def test_thirty_ideas_are_enough_not_to_warn(visit, forty, consultation, ann, ben, asha):
    sample = coded(
        drawn(consultation, ann, ben, asha, 30), "h" * 20 + "f" * 10, "h" * 15 + "f" * 15
    )
    page = text(visit(asha, PAGE, sample.pk))
    assert "chose the same main theme for <strong>25</strong>" in page
    assert "fewer than 30" not in page


def test_who_is_not_sure_is_left_out_of_the_numbers(visit, sample, asha):
    coded(sample, "hh--", "hf-h")
    page = text(visit(asha, PAGE, sample.pk))
    assert "Of 2 ideas to which both gave a theme" in page
    assert "2 ideas are left out of the numbers" in page


def test_where_nothing_can_be_compared_it_says_so(visit, sample, asha):
    coded(sample, "----", "hhhh")
    page = text(visit(asha, PAGE, sample.pk))
    assert "nothing can be compared" in page
    assert "is not compared" in page


def test_the_machine_is_compared_on_the_same_ideas_only(visit, sample, asha):
    place = places(sample)[0]
    place.suggested = None
    place.save()
    coded(sample, "hhhh", "hhhf")
    page = text(visit(asha, PAGE, sample.pk))
    assert "On the same 3 ideas" in page
    assert '<td class="number">2 of 3</td>' in page


def test_what_is_withheld_is_neither_shown_nor_counted(visit, sample, ann, asha):
    idea = places(sample)[3].idea
    secret = str(idea)
    raise_concern(source=idea.answer, category="other", reason="So.", by=asha, now=NOW)
    assert visit(ann, CODE, sample.pk, query="?place=4").status_code == 404
    coded(sample, "hhh", "hhh")
    page = text(visit(asha, PAGE, sample.pk))
    assert "Of 3 ideas" in page
    assert secret not in page
    assert "by both" in text(visit(asha, LIST))


def test_what_becomes_withheld_after_both_are_done_drops_out(visit, sample, asha):
    coded(sample, "hhhh", "hhhf")
    place = places(sample)[3]
    secret = str(place.idea)
    assert secret in text(visit(asha, PAGE, sample.pk))
    raise_concern(source=place.idea.answer, category="other", reason="So.", by=asha, now=NOW)
    page = text(visit(asha, PAGE, sample.pk))
    assert secret not in page
    assert "Of 3 ideas" in page
    assert visit(asha, SETTLE, sample.pk, place.pk).status_code == 404


def test_what_is_hidden_stays_hidden_around_the_idea(visit, survey, consultation, ann, ben, asha):
    answer = world.response(survey, "Tom sleeps badly. We need rest.", NOW).answers.get()
    run = world.run(consultation, asha, NOW)
    Idea.objects.create(answer=answer, start=18, end=31, found_by=run)
    answer.passage.hide([Hidden(0, 3, "person")])
    answer.passage.save()
    sample = drawn(consultation, ann, ben, asha, 1)
    page = text(visit(ann, CODE, sample.pk))
    assert "[name] sleeps badly. <mark>We need rest.</mark>" in page
    assert "Tom" not in page


def test_a_dispute_is_settled_by_who_may(visit, sample, asha, ann, fran, dev):
    coded(sample)
    place = places(sample)[3]
    pia = world.person("pia", "Publisher")
    for who in (fran, dev, pia):
        assert visit(who, SETTLE, sample.pk, place.pk).status_code == 403
        data = {"main": "health"}
        assert visit(who, SETTLE, sample.pk, place.pk, data=data).status_code == 403
    page = text(visit(asha, SETTLE, sample.pk, place.pk))
    assert "Great education" in page
    assert "2 are left to settle" in text(visit(asha, PAGE, sample.pk))
    visit(asha, SETTLE, sample.pk, place.pk, data={"main": "families", "seen": ""})
    held = Coding.objects.current().get(idea=place.idea)
    assert (held.theme.code, held.how, held.by) == ("families", "settled", asha)
    assert "1 is left to settle" in text(visit(asha, PAGE, sample.pk))


def test_two_who_settle_at_once_lose_nothing(visit, sample, asha, ben):
    coded(sample)
    place = places(sample)[3]
    settle(place=place, themes=[Theme.objects.get(code="health")], by=ben, now=NOW)
    data = {"main": "families", "seen": ""}
    page = text(visit(asha, SETTLE, sample.pk, place.pk, data=data))
    assert "ben coded this idea meanwhile" in page
    assert Coding.objects.current().get(idea=place.idea).by == ben


def test_what_both_said_is_taken_over_after_a_look(visit, sample, asha, dev):
    coded(sample)
    assert visit(dev, "outcomes_sample_take-over", sample.pk).status_code == 403
    page = text(visit(asha, "outcomes_sample_take-over", sample.pk))
    assert "2 ideas of this sample got the same themes from both" in page
    assert not Coding.objects.exists()
    visit(asha, "outcomes_sample_take-over", sample.pk, data={})
    assert Coding.objects.filter(how="settled", theme__code="health").count() == 2


def test_the_index_says_what_waits_for_whom(visit, sample, ann, asha):
    assert "4 for you to code" in text(visit(ann, "index"))
    visit(ann, CODE, sample.pk, data={"main": "health"}, query="?place=1")
    assert "3 for you to code" in text(visit(ann, "index"))
    assert "for you to code" not in text(visit(asha, "index"))


def test_an_answer_taken_back_leaves_the_page_whole(visit, sample, asha, ann):
    coded(sample)
    Answer.objects.filter(pk=places(sample)[0].idea.answer_id).delete()
    assert is_done(sample)
    assert "Of 3 ideas" in text(visit(asha, PAGE, sample.pk))


def test_pages_ask_no_more_for_more(visit, forty, consultation, ann, ben, asha):
    def asked(sample):
        found = []
        for who, name, *args in [
            (asha, LIST),
            (asha, PAGE, sample.pk),
            (ann, CODE, other.pk),
        ]:
            visit(who, name, *args)
            with CaptureQueriesContext(connection) as queries:
                visit(who, name, *args)
            found.append(len(queries))
        return found

    other = drawn(consultation, ann, ben, asha, 3)
    few = asked(coded(drawn(consultation, ann, ben, asha, 4), "hhee", "hffe"))
    other = drawn(consultation, ann, ben, asha, 30)
    many = coded(drawn(consultation, ann, ben, asha, 40), "he" * 20, "hf" * 20)
    assert asked(many) == few
