"""What training on the codebook added to the packaged sentence model: small maps of low rank.

Only the upper layers are adapted, so that the states that `tokens` reads stay as packaged.
"""

import hashlib
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.errors import EngineError
from outcomes.engine.weights import Weights

TRAINED = Path(__file__).resolve().parent / "trained"
ADAPTER = TRAINED / "adapter.npz"
# What numpy raises of a file that is not there, is no archive, or is one cut off or overwritten.
DAMAGED = (OSError, ValueError, EOFError, KeyError, TypeError, BadZipFile, zlib.error)


def adapted(weights: Weights, path: Path) -> Weights:
    """The weights with each map's product added, and each normalisation replaced."""
    changed, arrays = dict(weights), read_arrays(path)
    for name, value in arrays.items():
        if name.endswith(".up"):
            dense = name.removesuffix(".up")
            down = arrays[f"{dense}.down"]
            change = value.astype(np.float32) @ down.astype(np.float32)
            changed[f"{dense}.weight"] = weights[f"{dense}.weight"] + change
        elif not name.endswith(".down"):
            changed[name] = value.astype(np.float32)
    return changed


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a trained part; refused with a sentence when it is missing or damaged."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except DAMAGED as error:
        raise EngineError(
            f"A trained part of the engine cannot be read: {path}. Install the portal again, or "
            f"make the part anew with python -m training.{path.stem}."
        ) from error


@lru_cache(maxsize=8)
def sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise EngineError(f"A trained part of the engine cannot be read: {path}.") from error
