"""Personal details: patterns, names in all their forms, and words that only look like names."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from outcomes.engine.detail_patterns import find_patterned
from outcomes.engine.details import TRAINED, DetailFinder
from outcomes.engine.name_lists import folded, load_name_lists
from outcomes.engine.records import Detail
from outcomes.engine.tokens import read_states


@pytest.fixture(scope="module")
def finder() -> DetailFinder:
    return DetailFinder()


def said(text: str, details: list[Detail]) -> set[tuple[str, str]]:
    return {(detail.kind, text[detail.start : detail.end]) for detail in details}


def found(finder: DetailFinder, text: str) -> set[tuple[str, str]]:
    return said(text, finder.find([text])[0])


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("ring me on 07700 900412 after 3", "phone", "07700 900412"),
        ("my num is 0 7 7 0 0 9 0 0 1 5 5", "phone", "0 7 7 0 0 9 0 0 1 5 5"),
        ("from Poland +48 512 345 678 thanks", "phone", "+48 512 345 678"),
        ("Tel (01632) 960 001, mornings", "phone", "(01632) 960 001"),
        ("mail j.t.oconnell@example.org please", "email", "j.t.oconnell@example.org"),
        ("at home in BS99 1ZZ no bus comes", "postcode", "BS99 1ZZ"),
        ("we are in le99 2xy", "postcode", "le99 2xy"),
        ("his number is 943 476 5919", "nhs_number", "943 476 5919"),
        ("his number is 943-476-5919", "nhs_number", "943-476-5919"),
        ("NHS number: 943 476 5918", "nhs_number", "943 476 5918"),
        ("she was born on 22.11.2011 at 25 weeks", "date_of_birth", "22.11.2011"),
        ("dob 3rd April 2014", "date_of_birth", "3rd April 2014"),
        ("the case ref is SEN/2021/04417 still open", "identifier", "SEN/2021/04417"),
        ("NI is QQ 12 34 56 C", "identifier", "QQ 12 34 56 C"),
        ("car AB12 CDE was ticketed", "identifier", "AB12 CDE"),
        ("follow @wheelsontour for more", "identifier", "@wheelsontour"),
        ("https://facebook.com/some.mum.7 see it", "identifier", "https://facebook.com/some.mum.7"),
        ("we are at 14 Maple Road and stuck", "address", "14 Maple Road"),
        ("bungalow 41a windmill lane has steps", "address", "41a windmill lane"),
        ("We live on Harcourt Street", "address", "Harcourt Street"),
    ],
)
def test_details_with_a_shape_are_found_whole(text: str, kind: str, part: str) -> None:
    assert (kind, part) in said(text, find_patterned(text))


@pytest.mark.parametrize(
    "text",
    [
        "Call 999 or 111, or Samaritans on 116 123, or Childline on 0800 1111",
        "it cost £12,500 and 40 minutes a day, 3 times a week, in 2019/20",
        "The review was on 12/03/2021 and nobody came",
        "KS2 was fine, KS3 was hell, 1st day, COVID-19, 0-25, 24/7, Section 19",
        "Ofsted's page www.gov.uk/ofsted says so",
        "2 years on the waiting list, 5 minutes walk away, 3 people in the house",
        "that is 943 476 5918 reasons",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_patterned(text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("My son Tobiasz would like one friend", "Tobiasz"),
        ("my daughter keziah wont go in", "keziah"),
        ("I asked Mrs Adeyinka-Holt three times", "Mrs Adeyinka-Holt"),
        ("miss pemberley is the only one who gets him", "miss pemberley"),
        ("Alfie's hearing aids were lost by school", "Alfie"),
        ("Will's TA left and he is lost without her", "Will"),
        ("Dr. P said wait and see", "Dr. P"),
    ],
)
def test_people_are_found_in_all_forms(finder: DetailFinder, text: str, part: str) -> None:
    assert ("person", part) in found(finder, text)


@pytest.mark.parametrize(
    "text",
    [
        "it may be that he will be in a better place by june",
        "mark my words, CAMHS will close the case",
        "I hope and pray Ofsted reads this",
        "Nan does the school run because mum works nights",
        "the SENCO told us in Year 6 that Birmingham gets everything",
        "he watches Peppa Pig and Harry Potter all day",
        "the head said no",
    ],
)
def test_words_that_only_look_like_names_are_left_alone(finder: DetailFinder, text: str) -> None:
    assert found(finder, text) == set()


def test_schools_and_small_places_are_found(finder: DetailFinder) -> None:
    text = "He went to Copperbeech Primary School and we live in Little Thornby"
    kinds = {kind for kind, _ in found(finder, text)}
    assert kinds == {"school", "place"}


def test_details_are_sorted_and_never_overlap(finder: DetailFinder) -> None:
    text = "Email alfie.brown@example.com or ring Mrs Brown on 07700 900412 at 14 Rose Lane"
    [details] = finder.find([text])
    assert len(details) >= 4
    for before, after in pairwise(details):
        assert before.end <= after.start
    assert ("email", "alfie.brown@example.com") in said(text, details)


def test_an_answer_is_read_alike_whoever_else_answered(finder: DetailFinder) -> None:
    texts = ["my son keziah", "", "Mrs Okafor helped", "no", "Ask Grace at Oakfield Primary"]
    together = finder.find(texts)
    assert together == [finder.find([text])[0] for text in texts]
    assert together == finder.find(texts, read_states(texts))
    assert together[::-1] == finder.find(texts[::-1])


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "a" * 1_000_000, "7" * 100_000, "👍" * 20_000, "'" * 50_000, "A1 " * 20_000],
    ids=["empty", "blank", "one", "letters", "digits", "emoji", "quotes", "codes"],
)
def test_odd_texts_are_survived(finder: DetailFinder, text: str) -> None:
    [details] = finder.find([text])
    assert all(0 <= d.start < d.end <= len(text) for d in details)


def test_names_are_looked_up_without_accents_or_capitals() -> None:
    assert folded("Łukasz") == "lukasz"
    assert folded("Siân’s") == "sian's"
    assert {"lukasz", "sian", "oluwaseun", "hodan"} <= load_name_lists().first_names


def test_what_was_trained_ships_with_its_figures() -> None:
    figures = json.loads((TRAINED / "details.json").read_text(encoding="utf-8"))
    assert figures["texts"] >= 1_300
    assert figures["figures"]["as written"]["any"]["f1"] >= 0.85
    assert (TRAINED / "details.npz").stat().st_size < 3_000_000
    with np.load(Path(TRAINED) / "details.npz", allow_pickle=False) as kept:
        assert all(np.isfinite(kept[name].astype(float)).all() for name in kept.files)
