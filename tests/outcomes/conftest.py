"""The portal's own codebook is read once, not a hundred times: that takes a second each."""

import pytest

from outcomes.engine.codebook import Codebook
from outcomes.engine.pipeline import SEND_CODEBOOK


@pytest.fixture(scope="session", autouse=True)
def _codebook_read_once():
    read, kept = Codebook.read, {}

    def once(path):
        if path != SEND_CODEBOOK:
            return read(path)
        if path not in kept:
            kept[path] = read(path)
        return kept[path]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Codebook, "read", once)
        yield
