"""Sentence vectors: all-MiniLM-L6-v2 run with numpy alone.

Texts are run in batches of exactly equal token count, so nothing is padded, and each text is
its own matrix product: its vector is the same to the last bit whatever its batch-mates are.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from threadpoolctl import threadpool_limits

from outcomes.engine.adapter import ADAPTER, adapted, sha256
from outcomes.engine.executors import cores
from outcomes.engine.weights import (
    WEIGHTS_SHA256,
    Weights,
    model_folder,
    read_weights,
    verified_vocabulary,
)
from outcomes.engine.wordpiece import WordPiece

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]

LAYERS, HEADS, WIDTH = 6, 12, 384
TOKEN_LIMIT = 256
BATCH_TOKENS = 2_048


class SentenceVectors:
    """Texts to unit vectors of 384 numbers. Of a text over 256 tokens only the first 256 count.

    With `adapter`, as trained on the SEND codebook; without, the model as packaged.
    """

    def __init__(
        self,
        folder: Path | None = None,
        cache_dir: Path | None = None,
        adapter: Path | None = ADAPTER,
    ) -> None:
        self.folder = folder
        self.cache_dir = cache_dir
        self.adapter = adapter

    def transform(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """One row a text, in the order given; equal texts are run once."""
        bert, tokeniser = load_model(self.folder or model_folder(), self.adapter)
        rows: dict[tuple[int, ...], list[int]] = {}
        for row, text in enumerate(texts):
            rows.setdefault(tuple(tokeniser.encode(text)), []).append(row)
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        done = 0
        ordered = sorted(rows, key=lambda tokens: (len(tokens), tokens))
        for tokens, vector in encode_batches(bert.encode, ordered):
            vectors[rows[tokens]] = vector
            done += len(rows[tokens])
            if progress:
                progress(done, len(texts))
        return vectors

    def transform_kept(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """As `transform`, kept on disk in `cache_dir`: for the codebook, never for answers."""
        if self.cache_dir is None:
            return self.transform(texts, progress)
        path = self.cache_dir / f"vectors-{self._content_hash(texts)}.npy"
        kept = _read_kept(path, len(texts))
        if kept is None:
            kept = self.transform(texts, progress)
            _write_kept(path, kept)
        return kept

    def _content_hash(self, texts: Sequence[str]) -> str:
        adapter = sha256(self.adapter) if self.adapter else ""
        digest = hashlib.sha256((WEIGHTS_SHA256 + adapter).encode())
        for text in texts:
            digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:32]


class Bert:
    """The forward pass of a small BERT with mean pooling, for inputs without padding."""

    def __init__(self, weights: Weights) -> None:
        self._weights = {name: _turned(name, value) for name, value in weights.items()}

    def states(self, tokens: NDArray[np.int64], layers: int = LAYERS) -> Floats:
        """The state of each token after so many layers: texts by tokens by 384."""
        return self.onward(self._embed(tokens), 0, layers)

    def onward(self, hidden: Floats, first: int, end: int = LAYERS) -> Floats:
        """The states after the layers from `first` to before `end`."""
        for layer in range(first, end):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        return hidden

    def encode(self, tokens: NDArray[np.int64]) -> Floats:
        hidden = self.states(tokens)
        mean = hidden.mean(axis=1)
        length = np.sqrt((mean * mean).sum(axis=1, keepdims=True))
        return np.asarray(mean / np.maximum(length, 1e-12), np.float32)

    def _embed(self, tokens: NDArray[np.int64]) -> Floats:
        words = self._weights["embeddings.word_embeddings.weight"][tokens]
        places = self._weights["embeddings.position_embeddings.weight"][: tokens.shape[1]]
        kinds = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._normalise("embeddings.LayerNorm", words + (places + kinds))

    def _layer(self, name: str, hidden: Floats) -> Floats:
        seen = self._dense(f"{name}.attention.output.dense", self._attend(name, hidden))
        hidden = self._normalise(f"{name}.attention.output.LayerNorm", seen + hidden)
        inner = _gelu(self._dense(f"{name}.intermediate.dense", hidden))
        outer = self._dense(f"{name}.output.dense", inner)
        return self._normalise(f"{name}.output.LayerNorm", outer + hidden)

    def _attend(self, name: str, hidden: Floats) -> Floats:
        count, length, _ = hidden.shape
        query, key, value = (
            self._dense(f"{name}.attention.self.{part}", hidden)
            .reshape(count, length, HEADS, WIDTH // HEADS)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = (query @ key.transpose(0, 1, 3, 2)) * np.float32((WIDTH // HEADS) ** -0.5)
        scores -= scores.max(axis=-1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH))

    def _dense(self, name: str, hidden: Floats) -> Floats:
        # Three dimensions by two: numpy runs one product for each text, hence the sameness.
        product = hidden @ self._weights[f"{name}.weight"]
        product += self._weights[f"{name}.bias"]
        return np.asarray(product)

    def _normalise(self, name: str, hidden: Floats) -> Floats:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.einsum("btw,btw->bt", centred, centred)[..., None] / np.float32(WIDTH)
        centred /= np.sqrt(spread + np.float32(1e-12))
        return np.asarray(centred * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])


@lru_cache(maxsize=3)
def load_model(folder: Path, adapter: Path | None = None) -> tuple[Bert, WordPiece]:
    """The network and its tokeniser, verified and read once in a process."""
    weights = read_weights(folder)
    if adapter is not None:
        weights = adapted(weights, adapter)
    return Bert(weights), WordPiece(verified_vocabulary(folder), TOKEN_LIMIT)


def encode_batches(
    encode: Callable[[NDArray[np.int64]], Floats], inputs: list[tuple[int, ...]]
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Each input, sorted by length as they must come, with what `encode` makes of it."""
    batches = list(_batches(inputs))
    for batch, encoded in zip(batches, _on_all_cores(encode, batches), strict=True):
        yield from zip(batch, encoded, strict=True)


def _turned(name: str, value: Floats) -> Floats:
    dense = value.ndim == 2 and "embeddings" not in name
    return np.ascontiguousarray(value.T) if dense else value


def _gelu(x: Floats) -> Floats:
    share = erf(x * np.float32(0.5**0.5))
    share += np.float32(1)
    share *= x
    share *= np.float32(0.5)
    return np.asarray(share)


def _batches(inputs: list[tuple[int, ...]]) -> Iterator[list[tuple[int, ...]]]:
    """Runs of equal length out of inputs sorted by length, a few thousand tokens each."""
    batch: list[tuple[int, ...]] = []
    for tokens in inputs:
        full = (len(batch) + 1) * len(tokens) > BATCH_TOKENS
        if batch and (full or len(tokens) != len(batch[0])):
            yield batch
            batch = []
        batch.append(tokens)
    if batch:
        yield batch


def _on_all_cores(
    encode: Callable[[NDArray[np.int64]], Floats], batches: list[list[tuple[int, ...]]]
) -> Iterator[Floats]:
    """The encoded batches in order. A thread for each core, each with single-threaded products:
    twice as fast as letting the products themselves spread, which are too small for it."""
    with threadpool_limits(1), ThreadPoolExecutor(cores()) as pool:
        running = [pool.submit(encode, np.array(batch)) for batch in batches]
        try:
            for future in running:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _read_kept(path: Path, rows: int) -> Floats | None:
    """The vectors kept at `path`; none when absent or damaged, for they are only a saving."""
    try:
        kept = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = kept.shape == (rows, WIDTH) and kept.dtype == np.float32
    return kept if fits else None


def _write_kept(path: Path, vectors: Floats) -> None:
    """Written beside and moved into place, so that two workers never read half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as file:
        np.save(file, vectors)
    partial.replace(path)
