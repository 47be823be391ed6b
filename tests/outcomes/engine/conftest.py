"""One fitted pipeline for the whole session: learning the codebook takes most of the time."""

import json
from pathlib import Path

import pytest

from outcomes.engine.pipeline import Pipeline, Text
from outcomes.engine.records import Analysis

SEED_CORPUS = Path(__file__).parents[3] / "outcomes" / "demo" / "corpus_seed.jsonl"


@pytest.fixture(scope="session")
def cache_dir(pytestconfig, tmp_path_factory) -> Path:
    """Kept from one test run to the next where pytest may keep things: 12 seconds saved."""
    if hasattr(pytestconfig, "cache"):
        return pytestconfig.cache.mkdir("engine-codebook")
    return tmp_path_factory.mktemp("engine-codebook")


@pytest.fixture(scope="session")
def pipeline(cache_dir) -> Pipeline:
    return Pipeline(cache_dir=cache_dir).fit()


@pytest.fixture(scope="session")
def seed_ideas() -> list[dict[str, str]]:
    """The demonstration's ideas with their themes and clusters; nothing is trained on them."""
    return [json.loads(line) for line in SEED_CORPUS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def seed_texts(seed_ideas) -> list[Text]:
    return [
        Text(row["id"], row["text"], row["audience"], spans=((0, len(row["text"])),))
        for row in seed_ideas
    ]


@pytest.fixture(scope="session")
def seed_analysis(pipeline, seed_texts) -> Analysis:
    return pipeline.analyse(seed_texts)
