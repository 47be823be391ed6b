"""The codebook is read whole or refused by file and line."""

import json

import pytest

from outcomes.engine.codebook import THEMES, Codebook
from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import SEND_CODEBOOK

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


def test_the_send_codebook_has_110_topics_with_examples_in_every_theme():
    codebook = Codebook.read(SEND_CODEBOOK)
    assert len(codebook.topics) == 110
    assert len(codebook.examples) >= 110 * 24
    assert {topic.theme for topic in codebook.topics.values()} == set(THEMES)


def test_no_idea_of_the_demonstration_is_an_example(seed_ideas):
    examples = {example.text.lower() for example in Codebook.read(SEND_CODEBOOK).examples}
    assert not examples & {row["text"].lower() for row in seed_ideas}


def test_the_order_of_lines_changes_nothing(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = Codebook.read(write(tmp_path / "a"))
    other = Codebook.read(write(tmp_path / "b", TOPICS[::-1], EXAMPLES[::-1]))
    assert one.fingerprint == other.fingerprint


def test_a_changed_word_changes_the_fingerprint(tmp_path):
    before = Codebook.read(write(tmp_path)).fingerprint
    write(tmp_path, examples=[{**EXAMPLES[0], "text": "she never sleeps"}, EXAMPLES[1]])
    assert Codebook.read(tmp_path).fingerprint != before


@pytest.mark.parametrize(
    ("topics", "examples", "after", "sentence"),
    [
        (TOPICS, EXAMPLES, "{oops\n", r"all\.jsonl, line 4: not valid JSON"),
        (TOPICS, EXAMPLES, "[]\n", r"all\.jsonl, line 4: expected an object"),
        (TOPICS, [*EXAMPLES, {"topic": "sleep"}], "", r"all\.jsonl, line 5: the field “text”"),
        (TOPICS, [*EXAMPLES, {"topic": "sleep", "text": "  "}], "", "line 5: the field “text”"),
        (TOPICS, [*EXAMPLES, {"topic": "bus", "text": "x"}], "", "line 5: no topic “bus”"),
        (TOPICS, [EXAMPLES[0], {**EXAMPLES[1], "theme": "none"}], "", "line 3: theme “none”"),
        ([*TOPICS, TOPICS[0]], EXAMPLES, "", r"all_topics\.jsonl, line 3: .* already described"),
        ([{**TOPICS[0], "theme": "sport"}], [], "", r"line 1: “sport” is not a theme"),
        (TOPICS, EXAMPLES[:1], "", "no example for the topic “friends”"),
        (TOPICS[:1], EXAMPLES[:1], "", "two topics or more"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path, topics, examples, after, sentence):
    write(tmp_path, topics, examples, after)
    with pytest.raises(EngineError, match=sentence):
        Codebook.read(tmp_path)


def test_text_that_is_not_utf8_is_refused_by_file(tmp_path):
    write(tmp_path)
    (tmp_path / "all.jsonl").write_bytes(b'{"text": "caf\xe9"}\n')
    with pytest.raises(EngineError, match=r"all\.jsonl is not UTF-8"):
        Codebook.read(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(EngineError, match="No codebook was found"):
        Codebook.read(tmp_path)
