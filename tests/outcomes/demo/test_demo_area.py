"""The area, the consultation and the registers of the demonstration, as data."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outcomes import demo

FILE = Path(demo.__file__).parent / "somerset.json"
DATA: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
WORDINGS: list[dict[str, Any]] = json.loads(FILE.with_name("wordings.json").read_text())

DATED = {"period_text", "status_text", "review_due", "starts_on", "ends_on", "display_date"}
DATED |= {"held_on", "valid_from", "valid_to", "inspected_on", "revisited_on"}

DAY_OR_MONTH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|\d{1,2}(st|nd|rd|th)|\d{1,2}:\d\d|\d+ ?[ap]m)\b"
    r"|midnight",
)

CODE_OF_PRACTICE = (
    "Local partners should identify the outcomes that matter to children and young people with "
    "SEN or disabilities to inform the planning and delivery of services and the monitoring of "
    "how well services have secured those outcomes."
)

# The public list of strategies, word for word: title, period, status, and the words between.
STRATEGIES = [
    (
        "Somerset Children and Young People’s Plan",
        "2019 – 2022",
        "",
        "Our vision is that Somerset children and young people are safe, healthy, happy, are "
        "ambitious for their future and develop skills for life. The Plan sets out what we aim to "
        "do, how we aim to do it and how we will know whether or not we have succeeded.",
    ),
    (
        "Somerset’s Early Help Strategy",
        "2021",
        "",
        "A vision and charter of how we work together to provide early help so children, young "
        "people and their families will receive the right intervention as early as possible to "
        "tackle problems and prevent issues escalating.",
    ),
    (
        "SEND Engagement and Participation Strategy",
        "2018 – 2020",
        "This strategy is currently under review and is due for publication July 2021.",
        "This sets out how we will improve involving children and young people and their parent "
        "carers in the decisions that affect them.",
    ),
    (
        "Somerset SEND Strategy",
        "2016 to 2019",
        "This strategy is currently under review and is due for publication September 2021.",
        "Our plan to transform our services and work together to make sure that the child or "
        "young person is at the centre of everything we do.",
    ),
    (
        "Somerset Sustainability and Transformation Plan",
        "",
        "",
        "Our plan to bring about lasting change in local services so we can help people to "
        "improve their health while making sure they get the best care and treatment when they "
        "need it.",
    ),
    (
        "Improving Lives Strategy",
        "2019-2028",
        "",
        "Our plan to help people live healthy and independent lives, supported by thriving and "
        "connected communities, with timely and easy access to high quality and efficient public "
        "services when they need them.",
    ),
    (
        "Somerset Autism Strategy",
        "2015 -18",
        "This strategy is under review.",
        "Our plans to improve the way we all work together utilising the resources that are "
        "available to meet needs and improve outcomes for people with autism and their "
        "families/carers and give the information and support they need to remain as independent "
        "as possible.",
    ),
]


def prose(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every string outside the dated fields, with its place."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from prose(item, f"{at}[{number}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in DATED:
                yield from prose(item, f"{at}.{key}")


def test_no_prose_names_a_day_a_month_or_an_hour() -> None:
    found = {at: text for at, text in prose(DATA) if DAY_OR_MONTH.search(text)}
    assert found == {}


@pytest.mark.parametrize("words", ["by 5 March", "until midnight", "on Tuesday", "the 22nd", "9am"])
def test_the_search_for_dates_finds_dates(words: str) -> None:
    assert DAY_OR_MONTH.search(words)


def test_the_area_is_plainly_a_demonstration_with_invented_addresses() -> None:
    area = DATA["area"]
    assert "(demonstration)" in area["name"]
    assert "(demonstration)" in area["host_name"]
    assert area["contact_email"].endswith("@example.org")
    assert re.fullmatch(r"01632 960\d{3}", area["contact_phone"])


def test_the_consultation_quotes_the_code_and_explains_should_and_must() -> None:
    legal_basis = DATA["consultation"]["legal_basis"]
    assert f"“{CODE_OF_PRACTICE}”" in legal_basis
    assert "0-25 SEND Code of Practice" in legal_basis
    assert "“Must”" in legal_basis
    assert "“Should”" in legal_basis


def test_send_is_explained_where_it_is_first_used() -> None:
    purpose = DATA["consultation"]["purpose"]
    assert "special educational needs and disabilities (SEND)" in purpose.split(".")[0]
    assert "nine areas" in purpose


def test_four_themes_and_none_of_the_four() -> None:
    labels = {theme["code"]: theme["label"] for theme in DATA["themes"]}
    assert labels == {
        "families": "Supporting families",
        "health": "Healthy lives",
        "education": "Great education",
        "activities": "Positive activities",
        "none": "None of the four",
    }


ASKED = [survey for survey in DATA["surveys"] if survey.get("kind") != "outcomes"]


def test_four_surveys_ask_the_same_three_things() -> None:
    audiences = [survey["audience"] for survey in ASKED]
    assert audiences == ["parent_carer", "practitioner", "young_person", "young_person"]
    for survey in ASKED:
        constructs = [question["construct"] for question in survey["questions"]]
        assert constructs == ["what_matters", "difference", "how_know"]
        assert all(q["text"] and q["hint"] and q["label"] for q in survey["questions"])
        assert survey["opens_days"] < 0 < survey["closes_days"]
        assert survey["safety_text"].startswith("Please do not write names of people or schools.")
    assert len({survey["closes_days"] for survey in ASKED}) == 3


def test_the_second_round_is_coming_and_says_how_to_hear_more() -> None:
    [second] = [survey for survey in DATA["surveys"] if survey.get("kind") == "outcomes"]
    assert second["opens_days"] is None
    assert second["how_to_hear_more"]


def test_young_people_are_told_where_to_turn_in_danger_in_every_wording() -> None:
    young = [survey for survey in DATA["surveys"] if survey["audience"] == "young_person"]
    slugs = {survey["slug"] for survey in young}
    texts = [survey["safety_text"] for survey in young]
    texts += [put["safety_text"] for put in WORDINGS if put["survey"] in slugs]
    assert len(texts) == 7
    for text in texts:
        assert "999" in text
        assert "0800 1111" in text


def test_each_survey_is_put_in_easy_read_and_in_polish() -> None:
    put = {(one["survey"], one["form"], one["language"]) for one in WORDINGS}
    for survey in ASKED:
        slug = survey["slug"]
        assert (slug, "easy_read", "en") in put
        assert {(slug, "standard", "pl"), (slug, "under_11", "pl")} & put
    assert ("children", "under_11", "en") in put


@pytest.mark.parametrize("one", WORDINGS, ids=lambda one: "-".join(list(one.values())[:3]))
def test_a_wording_puts_every_question_and_all_the_words(one: dict[str, Any]) -> None:
    assert list(one["questions"]) == ["what_matters", "difference", "how_know"]
    assert all(text and hint for text, hint in one["questions"].values())
    assert all(one[name] for name in ("title", "card_text", "intro", "safety_text"))


@pytest.mark.parametrize(
    "one", [one for one in WORDINGS if one["language"] == "en"], ids=lambda one: one["title"]
)
def test_easy_words_come_in_short_sentences(one: dict[str, Any]) -> None:
    texts = [one["safety_text"], *(part for pair in one["questions"].values() for part in pair)]
    for sentence in re.split(r"[.?!]\s+|\n+", " ".join(texts)):
        assert len(sentence.split()) <= 22, sentence


def test_timeline_keeps_past_days_and_types_none_for_surveys() -> None:
    surveys = {survey["slug"] for survey in DATA["surveys"]}
    for event in DATA["timeline"]:
        assert event["section"] in {"happened", "next"}
        assert event["status"] == ("done" if event["section"] == "happened" else "planned")
        assert event["precision"] in {"day", "month", "quarter", "year", "none"}
        assert (event["starts_on"] is None) == (event["precision"] == "none")
        assert event["survey"] in surveys | {""}
    workshops = [event for event in DATA["timeline"] if event["precision"] == "day"]
    assert [event["starts_on"] for event in workshops] == ["2021-01-26"]
    assert {event["survey"] for event in DATA["timeline"]} == surveys | {""}


def test_nothing_is_said_that_a_later_day_makes_untrue() -> None:
    words = " ".join(text for _, text in prose(DATA["consultation"] | {"on": DATA["timeline"]}))
    for untrue in ("Nothing has been written yet", "You can answer", "can answer 3 questions"):
        assert untrue not in words
    assert "last year" not in " ".join(event["display_date"] for event in DATA["timeline"])


def test_a_survey_has_one_name_on_its_card_and_in_the_timeline() -> None:
    titles = {survey["slug"]: survey["title"] for survey in DATA["surveys"]}
    steps = {event["survey"]: event["title"] for event in DATA["timeline"] if event["survey"]}
    assert steps == titles


def test_seven_strategies_word_for_word() -> None:
    rows = DATA["strategies"]
    printed = [(r["title"], r["period_text"], r["status_text"], r["summary"]) for r in rows]
    assert printed == STRATEGIES
    due = [row["review_due"] for row in rows]
    assert due == [None, None, "2021-07", "2021-09", None, None, None]


def test_nine_priorities_in_the_inspectors_order() -> None:
    rows = DATA["priorities"]
    assert [row["order_in_report"] for row in rows] == list(range(1, 10))
    assert [row["number"] for row in rows] == [1, 2, 3, 5, 7, 9, 8, 4, 6]
    not_yet = [row["number"] for row in rows if row["revisit"] == "not sufficient"]
    assert not_yet == [7, 6]
    our_labels = [row["number"] for row in rows if not row["name_verified"]]
    assert our_labels == [2, 3, 5, 4]


def test_two_accountable_bodies_of_today_must_sign_and_others_are_invited() -> None:
    agencies = {row["slug"]: row for row in DATA["agencies"]}
    required = [row for row in agencies.values() if row["signs"] == "required"]
    assert {row["sector"] for row in required} == {"council", "nhs_commissioner"}
    assert all(row["is_accountable"] and not row["valid_to"] for row in required)
    assert sum(row["signs"] == "invited" for row in agencies.values()) == 4
    for row in agencies.values():
        if row["successor"]:
            after = agencies[row["successor"]]
            gap = date.fromisoformat(after["valid_from"]) - date.fromisoformat(row["valid_to"])
            assert gap.days == 1


def test_workshops_name_people_agencies_and_what_is_invented() -> None:
    people = {row["username"] for row in DATA["people"]}
    agencies = {row["slug"] for row in DATA["agencies"]}
    for session in DATA["sessions"]:
        assert session["facilitator"] in people
        assert session["host"] in agencies
        assert "made up" in session["notes"]
    parents = [s for s in DATA["sessions"] if s["audience"] == "parent_carer"]
    assert [(s["held_on"], s["people"]) for s in parents] == [("2021-01-26", 12), ("2021-01-26", 9)]


def test_the_cast_has_somebody_for_every_part() -> None:
    people = {row["username"]: row for row in DATA["people"]}
    assert people["asha"]["roles"] == ["officer"]
    assert people["ben"]["roles"] == ["officer", "publisher"]
    assert people["fran"]["roles"] == ["facilitator"]
    assert people["nia"]["roles"] == ["safeguarding_lead"]
    assert people["mair"]["roles"] == ["analyst", "redactor"]
    assert people["olu"]["roles"] == ["reviewer"]
    assert people["pip"]["roles"] == ["administrator"]
    leads = {row["agency"] for row in people.values() if "agency_lead" in row["roles"]}
    signing = {"somerset-council", "nhs-somerset-icb", "parent-carer-forum", "unstoppables"}
    assert leads == signing


def test_of_three_worries_one_was_cleared_with_a_reason() -> None:
    rows = {row["special"]: row for row in DATA["concerns"]}
    assert set(rows) == {"S1-1", "S2-1", "S4-1"}
    assert all(row["raised"]["reason"] for row in rows.values())
    assert [name for name, row in rows.items() if row["cleared"]] == ["S2-1"]
    assert rows["S2-1"]["cleared"]["reason"]
