"""The composed answers and notes: the same every time, true to their labels, alike to life."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from outcomes.demo import compose
from outcomes.demo.ideas import HERE, THEME_SHARES, about, load_ideas, read_jsonl

Row = dict[str, Any]

*RESPONSES, PICTURES_ONLY = read_jsonl("responses.jsonl")
NOTES = read_jsonl("notes.jsonl")
CASES = read_jsonl("special_cases.jsonl")
IDEAS = {idea.id: idea for idea in load_ideas()}
COMPOSED = [row for row in RESPONSES if not row["special"]]


def answers(rows: list[Row]) -> Iterator[tuple[Row, str, list[Row]]]:
    for row in rows:
        for question, text in row["answers"].items():
            yield row, text, [gold for gold in row["gold"] if gold["question"] == question]


def all_gold() -> list[Row]:
    return [gold for row in [*RESPONSES, *NOTES] for gold in row["gold"]]


def squeezed(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def test_composing_again_gives_the_committed_files_byte_for_byte() -> None:
    for name, text in compose.compose().items():
        assert (HERE / name).read_bytes() == text.encode("utf-8"), name


def test_another_seed_gives_other_answers() -> None:
    assert compose.Composer(1).responses()[:-1] != RESPONSES


def test_as_many_people_as_planned() -> None:
    assert Counter(row["audience"] for row in RESPONSES) == {
        "parent_carer": 120,
        "practitioner": 60,
        "young_person": 40,
    }
    assert [row["id"] for row in RESPONSES] == [f"R{n:03d}" for n in range(1, 221)]
    assert all(row["answers"] for row in RESPONSES)


def test_thirty_four_notes_from_parents_and_some_from_practitioners() -> None:
    by_session = Counter(note["session"] for note in NOTES)
    assert by_session == {"parents-morning": 18, "parents-evening": 16, "practitioners": 16}
    assert len({(note["session"], note["order"]) for note in NOTES}) == len(NOTES)
    assert {note["kind"] for note in NOTES} == {"said", "exact", "facilitator", "dots"}
    assert all((note["kind"] == "dots") == bool(note["dots"]) for note in NOTES)
    assert not any(note["gold"] for note in NOTES if note["kind"] == "facilitator")


def test_no_answer_is_too_long_or_unfit_to_store() -> None:
    texts = [text for _, text, _ in answers(RESPONSES)] + [note["text"] for note in NOTES]
    assert all(0 < len(text) <= 2000 for text in texts)
    assert not any("\0" in text or "\r" in text or text != text.strip() for text in texts)


def test_gold_spans_lie_in_the_text_in_order_and_apart() -> None:
    spans = [(text, gold) for _, text, gold in answers(RESPONSES)]
    spans += [(note["text"], note["gold"]) for note in NOTES]
    for text, gold in spans:
        end = 0
        for span in gold:
            assert end <= span["start"] < span["end"] <= len(text)
            words = text[span["start"] : span["end"]]
            assert words == words.strip()
            end = span["end"]


def test_gold_spans_hold_the_words_of_their_idea() -> None:
    """Letter for letter where no slip changed them, whether about a son or a daughter."""
    checked = 0
    for row, text, gold in answers(COMPOSED):
        for span in gold:
            idea = IDEAS[span["idea_id"]]
            assert (span["theme"], span["cluster"]) == (idea.theme, idea.cluster)
            assert (span["kind"], row["audience"]) == (idea.kind, idea.audience)
            if not {"typos", "grammar"} & set(row["noise"][span["question"]]):
                here = squeezed(text[span["start"] : span["end"]])
                assert here in {squeezed(idea.text), squeezed(about("daughter", idea.text))}
                checked += 1
    assert checked > 800


def test_a_note_holds_the_words_of_its_ideas() -> None:
    for note in NOTES:
        for span in note["gold"]:
            here = note["text"][span["start"] : span["end"]]
            assert squeezed(here) == squeezed(IDEAS[span["idea_id"]].text)


def test_every_seed_idea_is_said_by_somebody() -> None:
    said = {gold["idea_id"] for gold in all_gold()}
    assert {idea.id for idea in IDEAS.values() if idea.from_seed} <= said


def test_no_wording_is_worn_out() -> None:
    said = Counter(gold["idea_id"] for gold in all_gold())
    assert max(said.values()) <= 6
    assert len(said) > 500


def test_nobody_says_the_same_thing_twice() -> None:
    for row in COMPOSED:
        ideas = [gold["idea_id"] for gold in row["gold"]]
        assert len(ideas) == len(set(ideas)), row["id"]


@pytest.mark.parametrize(("theme", "share"), THEME_SHARES.items())
def test_shares_of_the_themes(theme: str, share: float) -> None:
    themes = Counter(gold["theme"] for gold in all_gold())
    assert themes[theme] / themes.total() == pytest.approx(share, abs=0.02)


def test_all_groups_of_the_seed_appear() -> None:
    assert {gold["cluster"] for gold in all_gold()} == {idea.cluster for idea in IDEAS.values()}


def test_a_third_of_answers_touch_two_themes_or_more() -> None:
    themes = [{span["theme"] for span in gold} for _, _, gold in answers(RESPONSES) if gold]
    share = sum(len(one) > 1 for one in themes) / len(themes)
    assert share == pytest.approx(1 / 3, abs=0.06)


def share_of_answers_with(audience: str, low: int, high: int) -> float:
    counts = [len(g) for row, _, g in answers(COMPOSED) if g and row["audience"] == audience]
    return sum(low <= count <= high for count in counts) / len(counts)


@pytest.mark.parametrize(
    ("audience", "low", "high", "share"),
    [
        ("parent_carer", 1, 1, 0.25),
        ("parent_carer", 2, 4, 0.6),
        ("parent_carer", 5, 9, 0.15),
        ("practitioner", 2, 3, 0.95),
        ("young_person", 1, 1, 0.7),
        ("young_person", 2, 2, 0.25),
    ],
)
def test_ideas_in_an_answer(audience: str, low: int, high: int, share: float) -> None:
    assert share_of_answers_with(audience, low, high) == pytest.approx(share, abs=0.08)


@pytest.mark.parametrize(("audience", "limits"), compose.WORDS.items())
def test_people_write_as_much_as_people_like_them(audience: str, limits: tuple[int, int]) -> None:
    rows = [row for row in COMPOSED if row["audience"] == audience]
    words = [sum(len(text.split()) for text in row["answers"].values()) for row in rows]
    inside = sum(limits[0] <= count <= limits[1] for count in words)
    assert inside / len(rows) >= 0.9


@pytest.mark.parametrize(
    ("noise", "rate"),
    [*compose.NOISE.items(), *compose.ASIDES.items(), ("empty", 0.03)],
)
def test_rates_of_noise(noise: str, rate: float) -> None:
    found = [noise in kinds for row in COMPOSED for kinds in row["noise"].values()]
    assert sum(found) / len(found) == pytest.approx(rate, abs=0.03)
    assert any(found)


def test_signs_answer_how_we_would_know_and_lives_answer_what_matters() -> None:
    kinds: dict[str, Counter[str]] = {question: Counter() for question in compose.QUESTIONS}
    for row in COMPOSED:
        for gold in row["gold"]:
            kinds[gold["question"]][gold["kind"]] += 1
    assert kinds["what_matters"]["measure"] == 0
    assert kinds["how_know"]["measure"] / kinds["how_know"].total() > 0.85
    lives = kinds["what_matters"]["outcome"] + kinds["what_matters"]["experience"]
    assert lives / kinds["what_matters"].total() > 0.75


def test_all_came_in_the_past_while_the_surveys_were_open() -> None:
    minutes = [row["minutes_before_load"] for row in RESPONSES]
    assert min(minutes) > 0
    assert max(minutes) < 19 * 24 * 60
    assert minutes == sorted(minutes, reverse=True)


def test_a_rush_on_the_last_evening_and_three_in_the_last_hour() -> None:
    minutes = [row["minutes_before_load"] for row in RESPONSES]
    assert sum(minute <= 60 for minute in minutes) == 3
    assert 40 <= sum(minute <= 300 for minute in minutes) <= 75


def test_all_twenty_four_special_cases_are_written() -> None:
    assert {case["case"] for case in CASES} == {f"S{n}" for n in range(1, 25)}
    assert all(case["expected"] for case in CASES)
    assert [case["case"] for case in CASES if not case["answers"]] == ["S15"]


def test_one_more_person_chose_pictures_and_wrote_nothing() -> None:
    assert PICTURES_ONLY["answers"] == {}
    assert PICTURES_ONLY["gold"] == []
    assert PICTURES_ONLY["way"]["ticks"] == ["friends", "job"]


def test_most_answer_online_and_some_on_paper_by_phone_or_by_email() -> None:
    channels = Counter(row["way"]["channel"] for row in RESPONSES)
    assert set(channels) == {"online", "paper", "phone", "email"}
    assert channels["online"] / channels.total() > 0.85


def test_a_helper_s_view_is_apart_from_the_young_person_s_words() -> None:
    [row] = [row for row in RESPONSES if row["special"] == "S14-1"]
    assert "think" in row["way"]["helper_words"]
    assert "think" not in row["answers"]["what_matters"]


def test_three_of_the_oldest_are_too_few_to_be_shown() -> None:
    ages = Counter(row["way"]["about"].get("age") for row in [*RESPONSES, PICTURES_ONLY])
    assert ages["19_to_25"] == 3


def test_special_cases_are_mixed_in_word_for_word() -> None:
    mixed = {row["special"]: row for row in RESPONSES if row["special"]}
    assert set(mixed) == {case["id"] for case in CASES if case["mix"]}
    for case in CASES:
        if case["mix"]:
            row = mixed[case["id"]]
            assert (row["answers"], row["gold"]) == (case["answers"], case["gold"])


def test_special_cases_are_what_they_say() -> None:
    by_case: dict[str, list[Row]] = {}
    for case in CASES:
        by_case.setdefault(case["case"], []).append(case)
    assert len(by_case["S8"]) == 9
    [long] = by_case["S16"]
    assert 1900 <= len(long["answers"]["what_matters"]) <= 2000
    assert "." not in long["answers"]["what_matters"]
    assert any(case["answers"]["what_matters"].startswith("=") for case in by_case["S18"])
    assert not any(case["mix"] for case in by_case["S20"])
    assert not any(case["gold"] for case in by_case["S1"] + by_case["S4"])
    for case in CASES:
        for span in case["redact"]:
            assert case["answers"][span["question"]][span["start"] : span["end"]].strip()


def test_variants_keep_to_the_groups_and_words_of_the_seed() -> None:
    seed = read_jsonl("corpus_seed.jsonl")
    variants = read_jsonl("variants.jsonl")
    assert len(variants) >= 250
    group = ("theme", "theme_code", "cluster", "cluster_label")
    assert {tuple(row[key] for key in group) for row in variants} == {
        tuple(row[key] for key in group) for row in seed
    }
    assert {tuple(row) for row in variants} == {tuple(seed[0])}
    texts = [row["text"].lower() for row in [*seed, *variants]]
    assert len(texts) == len(set(texts))
