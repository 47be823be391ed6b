"""The command: rows in, rows out, and what it says of rows that are wrong."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from outcomes.engine.__main__ import DONE, REFUSED, ROWS_LEFT_OUT, main
from outcomes.engine.adapter import TRAINED
from outcomes.engine.codebook import Codebook
from outcomes.engine.decisions import read_labels, settled
from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import SEND_CODEBOOK
from outcomes.engine.records import Label
from outcomes.engine.rows import read_texts, write_rows

ROOT = Path(__file__).parents[3]
ANSWERS = [
    {"id": "a1", "text": "1. He does not sleep. 2. the bus is always late", "audience": "parent"},
    {"id": 2, "text": "The bus. Is late. Again.", "question": "matters", "given_idea": True},
    {"id": "a3", "text": "n/a", "audience": "a grandmother"},
    {"id": "a4", "text": "the bus is always late"},
    {"id": "a5", "text": "Ring Mrs Okafor on 07700 900123, dad hits me when he is drunk"},
]
IDEA_KEYS = [
    "start",
    "end",
    "theme",
    "theme_scores",
    "topic",
    "cluster",
    "cluster_label",
    "kind",
    "kind_score",
    "reason",
    "sure",
]


@pytest.fixture
def run(tmp_path, cache_dir):
    """The command on rows, or on the bytes of a file: its exit status and the rows it wrote."""

    def run(given, *options):
        source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        lines(source, given)
        status = main([str(source), str(out), "--cache", str(cache_dir), *map(str, options)])
        return status, read(out) if out.exists() else None

    return run


def lines(path, rows):
    if not isinstance(rows, bytes):
        rows = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    path.write_bytes(rows)
    return path


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def no_number(name):
    raise AssertionError(f"{name} is not JSON")


def test_each_row_has_what_the_documentation_names(run):
    status, rows = run(ANSWERS)
    assert status == DONE
    assert [row["id"] for row in rows] == ["a1", 2, "a3", "a4", "a5"]
    for row in rows:
        keys = [key for key in row if key != "near_duplicate_of"]
        assert keys == ["id", "ideas", "concern", "personal_details", "language"]
        assert list(row["concern"]) == ["flag", "score", "category", "reason"]
        assert all(list(idea) == IDEA_KEYS for idea in row["ideas"])
        for one in row["personal_details"]:
            assert list(one) == ["start", "end", "kind", "score"]


def test_offsets_lead_back_into_the_given_text(run):
    _, rows = run(ANSWERS)
    words = [
        [given["text"][idea["start"] : idea["end"]] for idea in row["ideas"]]
        for given, row in zip(ANSWERS, rows, strict=True)
    ]
    assert words[0] == ["He does not sleep.", "the bus is always late"]
    assert words[1] == ["The bus. Is late. Again."]
    assert words[2] == []
    named = [ANSWERS[4]["text"][one["start"] : one["end"]] for one in rows[4]["personal_details"]]
    assert "07700 900123" in named


def test_an_idea_has_a_group_with_a_name_or_neither(run):
    _, rows = run(ANSWERS)
    ideas = [idea for row in rows for idea in row["ideas"]]
    assert all((idea["cluster"] is None) == (idea["cluster_label"] is None) for idea in ideas)
    late = [rows[0]["ideas"][1], rows[3]["ideas"][0]]
    assert late[0]["cluster"] is not None
    assert late[0]["cluster"] == late[1]["cluster"]


def test_the_order_of_rows_changes_no_answer(run):
    _, rows = run(ANSWERS)
    by_id = {row["id"]: row for row in rows}
    for seed in range(3):
        shuffled = random.Random(seed).sample(ANSWERS, len(ANSWERS))
        _, again = run(shuffled)
        assert again == [by_id[row["id"]] for row in shuffled]


def test_another_process_writes_the_same_bytes(run, tmp_path, cache_dir):
    run(ANSWERS)
    other = tmp_path / "other.jsonl"
    command = [sys.executable, "-m", "outcomes.engine", tmp_path / "in.jsonl", other]
    done = subprocess.run([*command, "--cache", cache_dir], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr) == (DONE, b"")
    assert other.read_bytes() == (tmp_path / "out.jsonl").read_bytes()


def test_nothing_is_kept_without_a_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    source = lines(tmp_path / "in.jsonl", ANSWERS[:1])
    assert main([str(source), str(tmp_path / "out.jsonl"), "--no-cache"]) == DONE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_with_neither_codebook_nor_labels_there_is_no_theme(run):
    _, rows = run(ANSWERS, "--codebook", "none")
    ideas = [idea for row in rows for idea in row["ideas"]]
    assert len(ideas) >= 4
    assert {(idea["theme"], idea["topic"], str(idea["theme_scores"])) for idea in ideas} == {
        (None, None, "{}")
    }
    assert rows[0]["ideas"][1]["cluster"] == rows[3]["ideas"][0]["cluster"] is not None


def test_labels_without_a_codebook_name_the_themes(run, tmp_path):
    labels = [
        {"text": text, "theme": theme}
        for theme, texts in {
            "food": ["the soup was cold", "dinner came late", "nice pudding", "no choice of meals"],
            "beds": ["the bed was hard", "no pillow", "my mattress is old", "clean sheets please"],
        }.items()
        for text in texts
    ]
    path = lines(tmp_path / "labels.jsonl", labels)
    given = [
        {"id": 1, "text": "dinner was cold soup", "given_idea": True},
        {"id": 2, "text": "a soft mattress and a pillow", "given_idea": True},
    ]
    status, rows = run(given, "--codebook", "none", "--labels", path)
    ideas = [idea for row in rows for idea in row["ideas"]]
    assert (status, [idea["theme"] for idea in ideas]) == (DONE, ["food", "beds"])
    assert [set(idea["theme_scores"]) for idea in ideas] == [{"food", "beds"}] * 2


CODEBOOK = [
    {"topic": "soup", "label": "Soup", "theme": "health"},
    {"topic": "beds", "label": "Beds", "theme": "families"},
    *({"topic": "soup", "text": text} for text in ("cold soup", "the soup is too hot", "no soup")),
    *({"topic": "beds", "text": text} for text in ("hard beds", "a bed of my own", "no pillow")),
]


def test_a_codebook_may_be_one_file(run, tmp_path):
    path = lines(tmp_path / "mine.jsonl", CODEBOOK)
    given = [{"id": "a", "text": "the soup was cold"}, {"id": "b", "text": "my bed is hard"}]
    status, rows = run(given, "--codebook", path)
    assert status == DONE
    assert [row["ideas"][0]["topic"] for row in rows] == ["soup", "beds"]


def test_a_mistake_in_a_codebook_is_named_by_its_line(run, tmp_path, capsys):
    mistaken = [*CODEBOOK, {"topic": "chairs", "text": "wobbly chairs"}]
    path = lines(tmp_path / "mine.jsonl", mistaken)
    assert run(ANSWERS, "--codebook", path) == (REFUSED, None)
    assert "line 9" in capsys.readouterr().err


BAD_ROWS = [
    (b'{"id": "x", "text": "a"', "Row 2: not valid JSON (Expecting ',' delimiter, character 24)."),
    (b'["x", "a"]', "Row 2: not an object with named fields."),
    (b'{"text": "a"}', "Row 2: the field “id” is missing."),
    (b'{"id": "", "text": "a"}', "Row 2: the field “id” is missing."),
    (b'{"id": 1.5, "text": "a"}', "Row 2: the field “id” is neither text nor a whole number."),
    (b'{"id": true, "text": "a"}', "Row 2: the field “id” is neither text nor a whole number."),
    (b'{"id": "one", "text": "a"}', "Row 2: the id “one” is that of row 1 too."),
    (b'{"id": "x"}', "Row 2: the field “text” is missing."),
    (b'{"id": "x", "text": null}', "Row 2: the field “text” is missing."),
    (b'{"id": "x", "text": ["a"]}', "Row 2: the field “text” is not text."),
    (b'{"id": "x", "text": "a", "audience": 7}', "Row 2: the field “audience” is not text."),
    (
        b'{"id": "x", "text": "a", "given_idea": "yes"}',
        "Row 2: the field “given_idea” is neither true nor false.",
    ),
    (b'{"id": "x", "text": "caf\xe9"}', "Row 2: not UTF-8 text (byte 25)."),
    (b"[" * 100_000, "Row 2: not valid JSON (a number too long, or brackets too deep)."),
    (b'{"id": ' + b"9" * 5_000 + b"}", "Row 2: not valid JSON (a number too long, or brackets"),
]


@pytest.mark.parametrize(("line", "sentence"), BAD_ROWS)
def test_a_bad_row_is_named_and_hides_no_other(tmp_path, line, sentence):
    good = b'{"id": "one", "text": "a"}\n', b'\n{"id": "two", "text": "b"}'
    read, troubles = read_texts(lines(tmp_path / "in.jsonl", good[0] + line + good[1]))
    assert [given.id for given in read] == ["one", "two"]
    assert len(troubles) == 1
    assert troubles[0].startswith(sentence)


def test_a_bad_row_leaves_nothing_written(run, tmp_path, capsys):
    (tmp_path / "out.jsonl").write_text('{"from": "before"}\n')
    assert run([{"id": "a"}, *ANSWERS]) == (REFUSED, [{"from": "before"}])
    assert "Row 1: the field “text” is missing." in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_going_on_leaves_bad_rows_out_and_changes_nothing_else(run, capsys):
    _, rows = run(ANSWERS)
    status, again = run([{"id": "a"}, *ANSWERS, {"id": "a1", "text": "b"}, 7], "--keep-going")
    assert (status, again) == (ROWS_LEFT_OUT, rows)
    said = capsys.readouterr().err
    assert [sentence[:6] for sentence in said.splitlines()[1:]] == ["Row 1:", "Row 7:", "Row 8:"]


def test_many_bad_rows_are_counted(run, capsys):
    assert run([{"id": n} for n in range(1_000)])[0] == REFUSED
    said = capsys.readouterr().err.splitlines()
    assert said[-2] == "And 980 more like these."
    assert len(said) < 30


def test_marks_line_ends_and_blank_lines_do_no_harm(tmp_path):
    given = (
        b'\xef\xbb\xbf{"id": "a", "text": "b\\r\\nc"}\r\n\r\n  \n{"id": 7, "text": "\xe2\x80\xa8"}'
    )
    read, troubles = read_texts(lines(tmp_path / "in.jsonl", given))
    assert [(row.id, row.text.text) for row in read] == [("a", "b\r\nc"), (7, "\u2028")]
    assert troubles == []


def test_half_a_character_passes_through(run):
    text = "the \ud800 bus\u2028is late"
    status, rows = run([{"id": "\udfff", "text": text, "given_idea": True}, ANSWERS[3]])
    assert status == DONE
    assert (rows[0]["id"], rows[0]["ideas"][0]["end"]) == ("\udfff", len(text))


def test_nothing_given_gives_nothing(run):
    assert run(b"") == (DONE, [])
    status, rows = run([{"id": "a", "text": ""}, {"id": "b", "text": " \n", "given_idea": True}])
    assert (status, [row["ideas"] for row in rows]) == (DONE, [[], []])


@pytest.mark.parametrize(
    ("given", "options", "sentence"),
    [
        ("absent.jsonl", [], "absent.jsonl could not be read: No such file"),
        (".", [], "could not be read: Is a directory"),
        ("in.jsonl", ["--labels", "absent.jsonl"], "absent.jsonl could not be read"),
        ("in.jsonl", ["--codebook", "absent"], "absent"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, monkeypatch, capsys, given, options, sentence):
    monkeypatch.chdir(tmp_path)
    lines(tmp_path / "in.jsonl", ANSWERS[:1])
    assert main([given, "out.jsonl", "--no-cache", *options]) == REFUSED
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("out", ["no such folder/out.jsonl", ".", "in.jsonl"])
def test_what_cannot_be_written_is_said_before_the_work(tmp_path, monkeypatch, capsys, out):
    monkeypatch.chdir(tmp_path)
    lines(tmp_path / "in.jsonl", ANSWERS[:1])
    assert main(["in.jsonl", out, "--no-cache"]) == REFUSED
    assert out in capsys.readouterr().err
    assert read(tmp_path / "in.jsonl") == ANSWERS[:1]


def test_a_cache_that_is_no_folder_is_named(tmp_path, capsys):
    source, cache = lines(tmp_path / "in.jsonl", ANSWERS[:1]), lines(tmp_path / "cache", b"")
    assert main([str(source), str(tmp_path / "out.jsonl"), "--cache", str(cache)]) == REFUSED
    assert str(cache) in capsys.readouterr().err


def test_text_in_another_encoding_is_refused_whole(tmp_path):
    path = lines(tmp_path / "in.jsonl", '{"id": 1, "text": "a"}'.encode("utf-16"))
    with pytest.raises(EngineError, match="UTF-16"):
        read_texts(path)


def test_what_fails_half_way_leaves_what_was_there(tmp_path):
    out = lines(tmp_path / "out.jsonl", [{"from": "before"}])

    def rows():
        yield {"id": 1}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_rows(out, rows())
    assert read(out) == [{"from": "before"}]
    assert list(tmp_path.iterdir()) == [out]


def test_a_pipe_may_be_written_to(tmp_path):
    write_rows(Path("/dev/null"), [{"id": 1}])
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "4294967296"])
def test_a_seed_is_a_whole_number(tmp_path, capsys, seed):
    with pytest.raises(SystemExit):
        main(["in.jsonl", "out.jsonl", "--seed", seed])
    assert "give a whole number from 0" in capsys.readouterr().err


BAD_LABELS = [
    ({"theme": "health"}, "Row 1: the field “text” is missing."),
    ({"text": " ", "theme": "health"}, "Row 1: the field “text” is missing."),
    ({"text": "a"}, "Row 1: it decides nothing: there is no theme, topic, cluster or kind."),
    ({"text": "a", "theme": "helth"}, "Row 1: “helth” is not a theme; use families, health,"),
    ({"text": "a", "topic": "soup"}, "Row 1: the codebook has no topic “soup”."),
    (
        {"text": "a", "theme": "health", "topic": "tell_once"},
        "Row 1: the theme is “health”, but the topic “tell_once” is in “families”.",
    ),
    ({"text": "a", "cluster": 1.5}, "Row 1: the field “cluster” is not text."),
    ({"text": "a", "kind": "wish"}, "Row 1: “wish” is not a kind; use outcome, experience, "),
]


@pytest.fixture(scope="module")
def codebook():
    return Codebook.read(SEND_CODEBOOK)


@pytest.mark.parametrize(("row", "sentence"), BAD_LABELS)
def test_a_bad_decision_is_named(tmp_path, codebook, row, sentence):
    good = {"text": "a", "topic": "tell_once", "cluster": 4}
    path = lines(tmp_path / "labels.jsonl", [row, good])
    read, troubles = read_labels(path, codebook)
    assert read == [(2, Label("a", "families", "tell_once", "4"))]
    assert len(troubles) == 1
    assert troubles[0].startswith(sentence)


def test_of_decisions_that_differ_most_count_and_then_the_last():
    given = [
        (1, Label("a", theme="health")),
        (2, Label("a", theme="none")),
        (3, Label("a", theme="health", topic="sleep", cluster="one")),
        (4, Label("b", theme="health", topic="sleep")),
        (5, Label("b", theme="none", topic="buses", cluster="two")),
        (6, Label("c", cluster="three")),
    ]
    labels, notices = settled(given)
    assert labels == [
        Label("a", "health", "sleep", "one"),
        Label("b", "none", "buses", "two"),
        Label("c", None, None, "three"),
    ]
    assert notices == [
        "Rows 1, 2 and 3 give different themes to “a”; “health” counts.",
        "Rows 4 and 5 give different themes to “b”; “none” counts.",
        "Rows 4 and 5 give different topics to “b”; “buses” counts.",
    ]


def test_bad_decisions_stop_the_command_or_are_left_out(run, tmp_path, capsys):
    labels = [{"text": "the bus is always late", "theme": "none"}, {"text": "a"}]
    path = lines(tmp_path / "labels.jsonl", labels)
    assert run(ANSWERS, "--labels", path) == (REFUSED, None)
    status, rows = run(ANSWERS, "--labels", path, "--keep-going")
    assert (status, len(rows)) == (ROWS_LEFT_OUT, len(ANSWERS))
    assert rows[3]["ideas"][0]["theme"] == "none"
    assert capsys.readouterr().err.count("Row 2: it decides nothing") == 2


def test_what_is_written_is_strict_json(run, tmp_path):
    run([*ANSWERS, {"id": "e", "text": "🚌" * 50}, {"id": "h", "text": "<b>=1+1</b> be happy"}])
    for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines():
        json.loads(line, parse_constant=no_number)


def test_every_option_field_and_trained_part_is_documented(run, capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert len(options) == 8
    _, rows = run(ANSWERS)
    fields = {key for row in rows for key in row} | set(IDEA_KEYS)
    parts = {path.stem for path in TRAINED.glob("*.npz")}
    assert parts
    document = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    for name in options | fields | parts:
        assert f"`{name}`" in document, f"{name} is missing in docs/engine.md"
