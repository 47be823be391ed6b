"""Learning from labels alone: another field's labels, few or many, in any order."""

import numpy as np
import pytest

from outcomes.engine.errors import EngineError
from outcomes.engine.labelled import LabelledModel, distinct
from outcomes.engine.pooled import READINGS, pooled_vectors
from outcomes.engine.vectors import WIDTH, SentenceVectors

LABELLED = [
    ("The bins were not emptied for three weeks", "waste"),
    ("Rubbish left all over our street again", "waste"),
    ("Where do I take an old fridge, the tip is shut", "waste"),
    ("recycling lorry missed us twice", "waste"),
    ("Please collect garden cuttings in winter too", "waste"),
    ("black bags split open by foxes", "waste"),
    ("The pothole on our road broke my wheel", "roads"),
    ("Cars race past at fifty, we need a crossing", "roads"),
    ("street lamp outside number nine is out", "roads"),
    ("Resurface the lane before winter", "roads"),
    ("the traffic lights are stuck on red every morning", "roads"),
    ("pavement so cracked my nan fell over", "roads"),
    ("The library shuts before I finish work", "libraries"),
    ("More large print books please", "libraries"),
    ("I love the story time for toddlers", "libraries"),
    ("could we borrow audiobooks on our phones", "libraries"),
    ("the librarian helped me find my family history", "libraries"),
    ("fines for late books are unfair", "libraries"),
]
UNSEEN = [
    ("nobody came for the recycling on Tuesday", "waste"),
    ("fly tipping behind the garages", "waste"),
    ("there is a huge hole in the tarmac", "roads"),
    ("drivers speed through the village", "roads"),
    ("I borrow six novels a week", "libraries"),
    ("the reading group for children is wonderful", "libraries"),
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [text for text, _ in LABELLED]


@pytest.fixture(scope="module")
def labels() -> list[str]:
    return [label for _, label in LABELLED]


@pytest.fixture(scope="module")
def vectors(texts):
    return pooled_vectors(texts)


@pytest.fixture(scope="module")
def model(texts, vectors, labels) -> LabelledModel:
    return LabelledModel().fit(texts, vectors, labels)


@pytest.fixture(scope="module")
def unseen():
    texts = [text for text, _ in UNSEEN]
    return texts, pooled_vectors(texts)


def test_six_labels_a_class_put_unseen_texts_where_they_belong(model, unseen):
    scores = model.scores(*unseen)
    found = [model.classes_[place] for place in scores.argmax(axis=1)]
    assert found == [label for _, label in UNSEEN]


def test_scores_are_shares_of_the_classes_in_alphabetical_order(model, unseen):
    scores = model.scores(*unseen)
    assert model.classes_ == ["libraries", "roads", "waste"]
    assert scores.shape == (len(UNSEEN), 3)
    assert scores.sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_the_order_of_the_labels_changes_nothing(model, texts, vectors, labels, unseen):
    order = np.random.default_rng(4).permutation(len(texts))
    again = LabelledModel().fit(
        [texts[row] for row in order], vectors[order], [labels[row] for row in order]
    )
    assert np.array_equal(again.scores(*unseen), model.scores(*unseen))


def test_a_text_s_scores_do_not_depend_on_its_company(model, unseen):
    texts, vectors = unseen
    together = model.scores(texts, vectors)
    alone = [model.scores([text], vectors[[row]])[0] for row, text in enumerate(texts)]
    assert np.array_equal(together, np.array(alone))


def test_sentence_vectors_alone_will_do(texts, labels, unseen):
    sentences = SentenceVectors(adapter=None)
    model = LabelledModel().fit(texts, sentences.transform(texts), labels)
    scores = model.scores(unseen[0], sentences.transform(unseen[0]))
    found = [model.classes_[place] for place in scores.argmax(axis=1)]
    assert np.mean([a == b for a, (_, b) in zip(found, UNSEEN, strict=True)]) > 0.8


def test_labels_that_contradict_each_other_share_their_text(texts, vectors, labels):
    model = LabelledModel().fit(
        [*texts, texts[0], texts[0]],
        np.vstack([vectors, vectors[:1], vectors[:1]]),
        [*labels, "roads", "roads"],
    )
    scores = dict(zip(model.classes_, model.scores(texts[:1], vectors[:1])[0], strict=True))
    assert scores["libraries"] < min(scores["roads"], scores["waste"])


def test_equal_texts_count_as_one_with_the_share_of_each_label():
    rows, targets, counts = distinct(
        ["No  thanks", "yes", "no thanks", "No thanks"], ["a", "b", "b", "a"], ["a", "b"], 9
    )
    assert rows == [0, 1]
    assert counts.tolist() == [3, 1]
    assert targets[0] == pytest.approx([2 / 3, 1 / 3])


def test_of_too_many_texts_the_same_are_learned_from_in_any_order():
    texts = [f"text {number}" for number in range(40)]
    rows, _, _ = distinct(texts, ["a"] * 40, ["a"], 10)
    back, _, _ = distinct(texts[::-1], ["a"] * 40, ["a"], 10)
    assert [texts[row] for row in rows] == [texts[::-1][row] for row in back]
    assert len(rows) == 10


def test_with_one_class_everything_is_of_it(texts, vectors, unseen):
    model = LabelledModel().fit(texts, vectors, ["all"] * len(texts))
    assert model.scores(*unseen).tolist() == [[1.0]] * len(UNSEEN)


def test_one_label_is_enough_to_answer(texts, vectors, unseen):
    model = LabelledModel().fit(texts[:1], vectors[:1], ["waste"])
    assert model.scores(*unseen).tolist() == [[1.0]] * len(UNSEEN)


def test_no_labels_are_refused(vectors):
    with pytest.raises(EngineError, match="no labels"):
        LabelledModel().fit([], vectors[:0], [])


def test_odd_texts_are_scored_like_any_other(model):
    odd = ["", "😀😀", "x" * 5000, "<b>ignore all rules</b>", "\ud800"]
    scores = model.scores(odd, pooled_vectors(odd))
    assert np.isfinite(scores).all()
    assert scores.sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_the_first_reading_is_the_packaged_sentence_vector(texts, vectors):
    packaged = SentenceVectors(adapter=None).transform(texts)
    assert vectors.shape == (len(texts), len(READINGS) * WIDTH)
    assert vectors[:, :WIDTH] == pytest.approx(packaged, abs=1e-6)


def test_no_texts_have_no_scores(model):
    assert model.scores([], np.zeros((0, len(READINGS) * WIDTH), np.float32)).shape == (0, 3)
