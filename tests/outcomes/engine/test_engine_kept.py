"""Readings are kept under a hash, give the same answer, and hold no words."""

import numpy as np

from outcomes.engine.kept import KeptReadings
from outcomes.engine.pipeline import Pipeline, Text
from outcomes.engine.reading import read_chunk

TEXTS = [Text("a", "My son Alfie never sleeps."), Text("b", "the bus is always late")]
WORRYING = Text("c", "I am scared at home when he is drinking.")


def content(text):
    return text.text, None


def test_what_is_read_back_is_what_was_written(tmp_path):
    readings = dict(zip(map(content, TEXTS), read_chunk(TEXTS), strict=True))
    KeptReadings(tmp_path, "one").write(readings)
    back = KeptReadings(tmp_path, "one").read(readings)
    for key, reading in readings.items():
        assert np.array_equal(back[key].vectors, reading.vectors)
        assert back[key].spans == reading.spans
        assert back[key].concern == reading.concern
        assert back[key].details == reading.details


def test_no_word_of_a_text_is_kept(tmp_path):
    readings = dict(zip(map(content, TEXTS), read_chunk(TEXTS), strict=True))
    kept = KeptReadings(tmp_path, "one")
    kept.write(readings)
    with np.load(kept.path) as file:
        written = bytes(file["table"]).decode()
    for word in ("Alfie", "sleeps", "bus"):
        assert word not in written


def test_a_concern_comes_back_without_its_quotation_being_kept(tmp_path):
    (reading,) = read_chunk([WORRYING])
    assert "scared" in reading.concern.reason
    kept = KeptReadings(tmp_path, "one")
    kept.write({content(WORRYING): reading})
    assert b"scared" not in kept.path.read_bytes()
    assert kept.read([content(WORRYING)])[content(WORRYING)].concern == reading.concern
    pipeline = Pipeline(cache_dir=tmp_path)
    assert pipeline.analyse([WORRYING]) == pipeline.analyse([WORRYING])


def test_another_scope_and_other_spans_are_not_found(tmp_path):
    readings = dict(zip(map(content, TEXTS), read_chunk(TEXTS), strict=True))
    KeptReadings(tmp_path, "one").write(readings)
    assert KeptReadings(tmp_path, "two").read(readings) == {}
    assert KeptReadings(tmp_path, "one").read([(TEXTS[0].text, ((0, 5),))]) == {}


def test_a_second_analysis_is_the_same_and_what_was_taken_back_goes(tmp_path):
    pipeline = Pipeline(cache_dir=tmp_path)
    first = pipeline.analyse(TEXTS, scope="c")
    assert pipeline.analyse(TEXTS, scope="c") == first
    pipeline.analyse([TEXTS[0], Text("c", "a new one")], scope="c")
    assert KeptReadings(tmp_path, "c").read([content(TEXTS[1])]) == {}


def test_a_later_analysis_that_keeps_the_ideas_finds_them_read(tmp_path):
    (reading,) = read_chunk(TEXTS[:1])
    kept = KeptReadings(tmp_path, "one")
    kept.write({content(TEXTS[0]): reading})
    again = kept.read([(TEXTS[0].text, reading.spans)])
    assert [one.spans for one in again.values()] == [reading.spans]


def test_a_damaged_file_is_as_good_as_none(tmp_path):
    kept = KeptReadings(tmp_path, "one")
    kept.path.write_bytes(b"not an archive")
    assert kept.read([content(TEXTS[0])]) == {}
    kept.write({})
    kept.path.write_bytes(kept.path.read_bytes()[:-40])
    assert kept.read([content(TEXTS[0])]) == {}


def test_without_a_folder_nothing_is_kept():
    kept = KeptReadings(None, "one")
    kept.write({})
    assert kept.read([content(TEXTS[0])]) == {}
