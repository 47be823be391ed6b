"""What officers decided counts at once for the same words, and for words like them."""

import pytest

from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import Label, Pipeline, Text

ODD = "The dragons of the third floor want their lunch."


def theme_of(pipeline, text):
    (idea,) = pipeline.analyse([Text("a", text, spans=((0, len(text)),))]).ideas
    return idea


def test_the_same_words_have_the_theme_that_an_officer_decided(cache_dir):
    decided = Pipeline(cache_dir=cache_dir, labels=[Label(ODD, theme="activities")])
    idea = theme_of(decided, ODD)
    assert (idea.theme, idea.sure, idea.scores["activities"]) == ("activities", True, 1.0)
    assert idea.reason == "An officer decided so for the same words."


def test_words_like_those_decided_lean_the_same_way(pipeline, cache_dir):
    alike = "Dragons on the third floor want lunch."
    decided = Pipeline(cache_dir=cache_dir, labels=[Label(ODD, theme="activities")])
    before, after = (theme_of(one, alike).scores["activities"] for one in (pipeline, decided))
    assert after > before


def test_a_topic_brings_its_theme_and_is_learned(pipeline, cache_dir):
    alike = "Dragons on the third floor want lunch."
    decided = Pipeline(cache_dir=cache_dir, labels=[Label(ODD, topic="paid_work")])
    assert (theme_of(decided, ODD).theme, theme_of(decided, ODD).topic) == ("none", "paid_work")
    before, after = (theme_of(one, alike).scores["none"] for one in (pipeline, decided))
    assert after > before


def test_a_kind_that_an_officer_decided_counts_and_is_learned(pipeline, cache_dir):
    alike = "Dragons on the third floor want lunch."
    before = theme_of(pipeline, alike)
    assert before.kind != "measure"
    decided = Pipeline(cache_dir=cache_dir, labels=[Label(ODD, kind="measure")])
    same, like = theme_of(decided, ODD), theme_of(decided, alike)
    assert (same.kind, same.kind_score) == ("measure", 1.0)
    assert like.kind == "measure" or like.kind_score < before.kind_score
    assert same.theme == theme_of(pipeline, ODD).theme


def test_without_a_codebook_the_themes_are_the_labels(cache_dir):
    labels = [Label(f"the bins were missed {n}", theme="bins") for n in range(6)]
    labels += [Label(f"please plant {n} trees", theme="trees") for n in range(6)]
    idea = theme_of(Pipeline(None, cache_dir, labels=labels), "they missed the bins again")
    assert idea.theme == "bins"
    assert set(idea.scores) == {"bins", "trees"}


def test_with_neither_codebook_nor_labels_there_is_no_theme_and_still_groups(cache_dir):
    texts = ["The bus is late.", "The bus is always late.", "Save the pool."]
    found = Pipeline(None, cache_dir).analyse([Text(f"{n}", text) for n, text in enumerate(texts)])
    assert {idea.theme for idea in found.ideas} == {None}
    assert found.ideas[0].group == found.ideas[1].group is not None


def test_one_theme_alone_is_nothing_to_learn(cache_dir):
    labels = [Label("a", theme="bins"), Label("b", theme="bins")]
    with pytest.raises(EngineError, match="fewer than two themes"):
        Pipeline(None, cache_dir, labels=labels).fit()


def test_it_says_what_to_decide_on_next_and_what_that_will_bring(cache_dir):
    texts = ["I want to like going to school", "the thing", "hm, the other thing", "more buses"]
    rows = [Text(f"{n}", text, spans=((0, len(text)),)) for n, text in enumerate(texts)]
    first = Pipeline(cache_dir=cache_dir)
    first.analyse(rows)
    proposed, gain = first.check_next(2)
    assert len(proposed) == 2
    assert {text for text, _, _ in proposed} <= set(texts)
    assert gain.after > gain.before
    labels = [Label(text, theme="none") for text, _, _ in proposed]
    second = Pipeline(cache_dir=cache_dir, labels=labels)
    second.analyse(rows)
    again, _ = second.check_next(2)
    assert not {text for text, _, _ in again} & {text for text, _, _ in proposed}
