"""The codebook is read whole or refused by file and line."""

import json
from pathlib import Path

import pytest

from outcomes.engine.codebook import THEMES, BadCodebook, Codebook
from outcomes.engine.errors import EngineError

SEND_CODEBOOK = Path(__file__).parents[3] / "outcomes" / "codebook" / "send"

TOPICS = [
    {"topic": "sleep", "label": "Sleeping", "theme": "health"},
    {"topic": "friends", "label": "Friends", "theme": "activities"},
]
EXAMPLES = [
    {"theme": "health", "topic": "sleep", "text": "he never sleeps"},
    {"theme": "activities", "topic": "friends", "text": "one mate"},
]


def write(folder, topics=TOPICS, examples=EXAMPLES, after=""):
    lines = [json.dumps(row) for row in topics]
    (folder / "all_topics.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [json.dumps(row) for row in examples]
    (folder / "all.jsonl").write_text("\n\n".join(lines) + "\n" + after, encoding="utf-8")
    return folder


def write_file(folder, rows):
    path = folder / "parks.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_the_send_codebook_has_110_topics_with_examples_in_every_theme():
    codebook = Codebook.read(SEND_CODEBOOK)
    assert len(codebook.topics) == 110
    assert len(codebook.examples) >= 110 * 100
    assert codebook.themes == THEMES
    assert codebook.warnings == ()


def test_one_file_may_hold_topics_and_examples_in_any_order(tmp_path):
    one_file = Codebook.read(write_file(tmp_path, [*EXAMPLES, *TOPICS]))
    (tmp_path / "folder").mkdir()
    assert one_file == Codebook.read(write(tmp_path / "folder"))
    assert one_file.fingerprint == Codebook.read(tmp_path / "folder").fingerprint


def test_another_field_of_policy_brings_its_own_themes(tmp_path):
    themes = {"swings": "play", "benches": "age", "paths": "health", "dogs": "none"}
    topics = [{"topic": name, "label": name, "theme": theme} for name, theme in themes.items()]
    examples = [{"topic": name, "text": f"more {name}"} for name in themes]
    codebook = Codebook.read(write_file(tmp_path, topics + examples))
    assert codebook.themes == ("health", "none", "age", "play")


def test_none_of_the_others_is_a_theme_only_where_a_topic_names_it(tmp_path):
    assert Codebook.read(write(tmp_path)).themes == ("health", "activities")


def test_what_is_said_of_a_topic_and_an_example_is_kept(tmp_path):
    about = {"definition": "At night", "includes": "waking", "excludes": "parents' rest"}
    topics = [{**TOPICS[0], **about, "improvement_priorities": [7, 3, 7]}, TOPICS[1]]
    examples = [{**EXAMPLES[0], "kind": "experience", "audience": "parent"}, EXAMPLES[1]]
    codebook = Codebook.read(write(tmp_path, topics, examples))
    sleep = codebook.topics["sleep"]
    assert (sleep.definition, sleep.includes, sleep.excludes) == tuple(about.values())
    assert sleep.improvement_priorities == (3, 7)
    assert codebook.topics["friends"].improvement_priorities == ()
    friends, nights = codebook.examples
    assert (nights.kind, nights.audience) == ("experience", "parent")
    assert (friends.kind, friends.audience) == (None, None)


@pytest.mark.parametrize("opposes", ["friends", ["friends"], ["friends", "friends"]])
def test_a_topic_that_is_opposed_opposes_too(tmp_path, opposes):
    topics = Codebook.read(write(tmp_path, [{**TOPICS[0], "opposes": opposes}, TOPICS[1]])).topics
    assert topics["sleep"].opposes == ("friends",)
    assert topics["friends"].opposes == ("sleep",)


def test_the_order_of_lines_changes_nothing(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = Codebook.read(write(tmp_path / "a"))
    other = Codebook.read(write(tmp_path / "b", TOPICS[::-1], EXAMPLES[::-1]))
    assert one == other
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize(
    ("topic", "example"),
    [
        ({}, {"text": "she never sleeps"}),
        ({}, {"kind": "experience"}),
        ({}, {"audience": "parent"}),
        ({"label": "Sleep"}, {}),
        ({"definition": "At night"}, {}),
        ({"includes": "waking"}, {}),
        ({"excludes": "naps"}, {}),
        ({"opposes": "friends"}, {}),
        ({"improvement_priorities": [7]}, {}),
    ],
)
def test_whatever_matters_changes_the_fingerprint(tmp_path, topic, example):
    before = Codebook.read(write(tmp_path)).fingerprint
    write(tmp_path, [{**TOPICS[0], **topic}, TOPICS[1]], [{**EXAMPLES[0], **example}, EXAMPLES[1]])
    assert Codebook.read(tmp_path).fingerprint != before


def test_who_wrote_an_example_does_not_matter(tmp_path):
    before = Codebook.read(write(tmp_path)).fingerprint
    write(tmp_path, examples=[{**EXAMPLES[0], "hand": "D"}, EXAMPLES[1]])
    assert Codebook.read(tmp_path).fingerprint == before


@pytest.mark.parametrize(
    ("topics", "examples", "after", "sentence"),
    [
        (TOPICS, EXAMPLES, "{oops\n", r"all\.jsonl, line 4: not valid JSON"),
        (TOPICS, EXAMPLES, "[]\n", r"all\.jsonl, line 4: not an object"),
        (TOPICS, EXAMPLES, "[" * 100_000 + "\n", r"all\.jsonl, line 4: not valid JSON"),
        (TOPICS, [*EXAMPLES, {"topic": "sleep"}], "", r"all\.jsonl, line 5: the field “text”"),
        (TOPICS, [*EXAMPLES, {"topic": "sleep", "text": "  "}], "", "line 5: the field “text”"),
        (TOPICS, [*EXAMPLES, {"topic": "sleep", "text": 7}], "", "line 5: the field “text”"),
        (TOPICS, [*EXAMPLES, {"text": "no topic"}], "", "line 5: the field “topic” is missing"),
        (TOPICS, [*EXAMPLES, {"topic": "bus", "text": "x"}], "", "line 5: no topic “bus”"),
        (TOPICS, [EXAMPLES[0], {**EXAMPLES[1], "theme": "none"}], "", "line 3: theme “none”"),
        (TOPICS, [EXAMPLES[0], {**EXAMPLES[1], "theme": 4}], "", "line 3: the field “theme”"),
        (
            TOPICS,
            [EXAMPLES[0], {**EXAMPLES[1], "kind": "wish"}],
            "",
            "“wish” is not a kind",
        ),
        (TOPICS, [EXAMPLES[0], {**EXAMPLES[1], "label": "x"}], "", "line 3: both “label”"),
        ([*TOPICS, TOPICS[0]], EXAMPLES, "", r"line 3: .* described in all_topics\.jsonl, line 1"),
        ([{**TOPICS[0], "theme": ""}, TOPICS[1]], [], "", r"line 1: the field “theme” is missing"),
        ([{**TOPICS[0], "label": None}, TOPICS[1]], [], "", r"line 1: the field “label”"),
        ([*TOPICS, {"topic": "x", "theme": "health"}], [], "", r"topics\.jsonl, line 3: .*“label”"),
        ([*TOPICS, {**TOPICS[0], "topic": "x", "theme": "Health"}], [], "", "line 3: .* “health”"),
        ([{**TOPICS[0], "definition": 5}, TOPICS[1]], [], "", "line 1: the field “definition”"),
        ([{**TOPICS[0], "opposes": "bus"}, TOPICS[1]], EXAMPLES, "", "line 1: opposes “bus”"),
        ([{**TOPICS[0], "opposes": "sleep"}, TOPICS[1]], EXAMPLES, "", "line 1: opposes “sleep”"),
        ([{**TOPICS[0], "opposes": [7]}, TOPICS[1]], EXAMPLES, "", "line 1: the field “opposes”"),
        ([{**TOPICS[0], "improvement_priorities": "7"}], [], "", "line 1: .* whole numbers"),
        ([{**TOPICS[0], "improvement_priorities": [True]}], [], "", "line 1: .* whole numbers"),
        ([{**TOPICS[0], "improvement_priorities": [0]}], [], "", "line 1: .* whole numbers"),
        (TOPICS, EXAMPLES[:1], "", r"all_topics\.jsonl, line 2: .*no example for .* “friends”"),
        (TOPICS[:1], EXAMPLES[:1], "", r"all_topics\.jsonl, line 1: .*two topics or more"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path, topics, examples, after, sentence):
    # One good example keeps the file from being refused for being empty.
    write(tmp_path, topics, examples or EXAMPLES[:1], after)
    with pytest.raises(EngineError, match=sentence):
        Codebook.read(tmp_path)


def test_text_that_is_not_utf8_is_refused_by_file_and_line(tmp_path):
    write(tmp_path)
    (tmp_path / "all.jsonl").write_bytes(b'{"topic": "sleep", "text": "x"}\n{"text": "caf\xe9"}\n')
    with pytest.raises(EngineError, match=r"all\.jsonl, line 2: not UTF-8"):
        Codebook.read(tmp_path)


def test_a_mark_that_windows_puts_before_the_first_line_does_no_harm(tmp_path):
    before = Codebook.read(write(tmp_path)).fingerprint
    path = tmp_path / "all.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert Codebook.read(tmp_path).fingerprint == before


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path):
    example = json.dumps({"topic": "sleep", "text": "up\u2028down\x85"}, ensure_ascii=False)
    codebook = Codebook.read(write(tmp_path, after=example + "\n"))
    assert "up\u2028down" in [example.text for example in codebook.examples]


def test_text_in_utf16_is_refused_by_file(tmp_path):
    write(tmp_path)
    path = tmp_path / "all.jsonl"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(EngineError, match=r"all\.jsonl is UTF-16"):
        Codebook.read(tmp_path)


def test_an_empty_file_is_refused_by_name(tmp_path):
    write(tmp_path)
    (tmp_path / "more.jsonl").write_text("\n \n", encoding="utf-8")
    with pytest.raises(EngineError, match=r"more\.jsonl, line 1: the file is empty"):
        Codebook.read(tmp_path)


@pytest.mark.parametrize("name", ["", "absent", "absent.jsonl"])
def test_a_folder_without_a_codebook_is_refused(tmp_path, name):
    with pytest.raises(EngineError, match="No codebook was found"):
        Codebook.read(tmp_path / name)


def test_what_an_editor_leaves_beside_the_files_is_not_read(tmp_path):
    before = Codebook.read(write(tmp_path)).fingerprint
    (tmp_path / "._all.jsonl").write_bytes(b"\x00\xff")
    assert Codebook.read(tmp_path).fingerprint == before


def test_an_example_given_twice_is_noted_and_no_mistake(tmp_path):
    again = [{**EXAMPLES[0], "text": "He  never sleeps"}, {"topic": "friends", "text": "ONE mate"}]
    codebook = Codebook.read(write(tmp_path, examples=[*EXAMPLES, *again]))
    assert codebook.warnings == (
        "all.jsonl, line 5: the same example as all.jsonl, line 1.",
        "all.jsonl, line 7: the same example as all.jsonl, line 3.",
    )


def test_an_example_under_two_topics_is_noted(tmp_path):
    again = {"topic": "friends", "text": EXAMPLES[0]["text"]}
    (warning,) = Codebook.read(write(tmp_path, examples=[*EXAMPLES, again])).warnings
    assert warning.endswith("line 5: the same example as all.jsonl, line 1, there under “sleep”.")


def test_a_field_that_nothing_reads_is_noted(tmp_path):
    codebook = Codebook.read(write(tmp_path, [{**TOPICS[0], "incldues": "waking"}, TOPICS[1]]))
    assert codebook.warnings == ("all_topics.jsonl, line 1: the field “incldues” is not known.",)


def test_every_mistake_is_told_and_a_mistaken_topic_is_not_missed_by_its_examples(tmp_path):
    topics = [TOPICS[0], {**TOPICS[1], "theme": ""}]
    examples = [*EXAMPLES, {"topic": "sleep", "text": "up at 3", "kind": "wish"}]
    path = write_file(tmp_path, [*topics, *examples])
    path.write_text(path.read_text(encoding="utf-8") + "{broken\n", encoding="utf-8")
    with pytest.raises(BadCodebook) as refused:
        Codebook.read(path)
    assert sorted(one.number for one in refused.value.mistakes) == [2, 5, 6]
    assert str(refused.value).endswith("And 2 more.")
    [kind] = [one for one in refused.value.mistakes if one.number == 5]
    assert kind.sentence.startswith("“wish” is not a kind")


def test_a_codebook_changed_in_its_place_is_read_anew(tmp_path):
    path = write_file(tmp_path, [*TOPICS, *EXAMPLES])
    before = Codebook.read(path)
    assert Codebook.read(path) is before
    path.write_text(path.read_text(encoding="utf-8").replace("one mate", "two mates"))
    assert Codebook.read(path).fingerprint != before.fingerprint
