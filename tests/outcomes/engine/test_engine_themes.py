"""Theme suggestions: better than chance by far on ideas never trained on, with honest reasons."""

import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from outcomes.engine.adapter import TRAINED, read_arrays
from outcomes.engine.codebook import THEMES, Codebook
from outcomes.engine.themes import TOPICS, ThemeModel, TopicModel, shortened
from outcomes.engine.vectors import SentenceVectors

CODES = {"SF": "families", "HL": "health", "GE": "education", "PA": "activities", "NO": "none"}


@pytest.fixture(scope="module")
def truth(seed_ideas):
    return [CODES[row["theme_code"]] for row in seed_ideas]


@pytest.fixture
def topics(pipeline) -> TopicModel:
    return pipeline.judge_.topics


def guesses(model, texts):
    vectors = SentenceVectors().transform(texts)
    by_topic = model.topics.scores(texts, vectors)
    return model.guesses(vectors, by_topic, model.theme_scores(by_topic))


def test_themes_of_the_seed_corpus_are_mostly_right(seed_analysis, truth):
    """Measured 0.887 accuracy, 0.887 macro-F1, 0.826 recall of none, 0.972 in the top two."""
    found = [idea.theme for idea in seed_analysis.ideas]
    right = [a == b for a, b in zip(found, truth, strict=True)]
    assert np.mean(right) > 0.82
    assert f1_score(truth, found, average="macro") > 0.82
    assert np.mean([a for a, b in zip(right, truth, strict=True) if b == "none"]) > 0.7


def test_the_right_theme_is_mostly_among_the_two_best(seed_analysis, truth):
    among = [
        theme in sorted(THEMES, key=lambda name: -idea.scores[name])[:2]
        for idea, theme in zip(seed_analysis.ideas, truth, strict=True)
    ]
    assert np.mean(among) > 0.93


def test_scores_are_a_share_for_each_theme_and_the_best_is_the_theme(seed_analysis):
    for idea in seed_analysis.ideas:
        assert tuple(idea.scores) == THEMES
        assert sum(idea.scores.values()) == pytest.approx(1, abs=1e-3)
        assert idea.scores[idea.theme] == max(idea.scores.values())


def test_the_topic_is_one_of_the_theme_s_own(seed_analysis, topics):
    themes = {topic.id: topic.theme for topic in topics.topics_}
    assert all(themes[idea.topic] == idea.theme for idea in seed_analysis.ideas)


def test_sure_suggestions_are_right_more_often_than_unsure_ones(seed_analysis, truth):
    found = zip(seed_analysis.ideas, truth, strict=True)
    right = {True: [], False: []}
    for idea, theme in found:
        right[idea.sure].append(idea.theme == theme)
    assert len(right[True]) > len(right[False]) > 5
    assert np.mean(right[True]) > 0.8
    assert np.mean(right[True]) > np.mean(right[False]) + 0.15


def test_what_is_learned_ahead_was_learned_from_the_codebook_of_today(topics):
    """Who changes an example trains anew: python -m training.adapter"""
    assert str(read_arrays(TRAINED / TOPICS)["lesson"]) == topics.codebook_.lesson
    assert len(topics.examples_) == len(topics.codebook_.examples)


def test_a_reason_names_a_topic_and_quotes_the_codebook(pipeline, topics):
    (guess,) = guesses(ThemeModel(topics), ["I want to tell our story only once."])
    assert guess.theme == "families"
    assert guess.reason.startswith(
        "Close to the topic “Telling our story only once”, like our own example “"
    )
    quoted = guess.reason.split("like our own example “")[1].removesuffix("”.").removesuffix("…")
    texts = (" ".join(example.text.split()) for example in topics.codebook_.examples)
    assert any(text.startswith(quoted) for text in texts)


def test_an_unsure_reason_says_between_which_themes_in_the_area_s_words(topics):
    labels = {theme: f"Heading {theme}" for theme in THEMES}
    model = ThemeModel(topics, sure_from=1.1, theme_labels=labels)
    (guess,) = guesses(model, ["something"])
    best, second = sorted(THEMES, key=lambda theme: -guess.scores[theme])[:2]
    assert not guess.sure
    assert guess.reason.startswith(f"Not sure: between Heading {best} and Heading {second}. ")


def test_a_guess_does_not_depend_on_the_company(topics):
    texts = [example.text for example in topics.codebook_.examples[::331]]
    together = guesses(ThemeModel(topics), texts)
    for row, text in enumerate(texts):
        assert guesses(ThemeModel(topics), [text]) == [together[row]]


def test_another_codebook_is_learned_from_its_examples_alone(tmp_path):
    rows = [
        {"topic": "bins", "label": "Bins", "theme": "streets"},
        {"topic": "trees", "label": "Trees", "theme": "parks"},
        *({"topic": "bins", "text": f"the bin men missed us {n} times"} for n in range(5)),
        *({"topic": "trees", "text": f"plant {n} oaks and birches"} for n in range(5)),
    ]
    path = tmp_path / "council.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    model = TopicModel().fit(Codebook.read(path), SentenceVectors(cache_dir=tmp_path))
    found = guesses(ThemeModel(model), ["nobody emptied my bin", "more oaks please"])
    assert [guess.theme for guess in found] == ["streets", "parks"]
    assert set(found[0].scores) == {"streets", "parks"}


def test_long_examples_are_shortened_with_an_ellipsis():
    assert shortened("one two  three", 3) == "one two three"
    assert shortened("one two, three", 2) == "one two…"
