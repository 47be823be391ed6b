"""Trains the screen's own adapter of the sentence model: `python -m training.screening_adapter`.

Vectors made for themes put "he hits me" beside "he hits the ball"; the screen's must not. Needs
PyTorch (requirements-training.txt); some ten minutes on two cores. Learns from
data/screening.jsonl and some of the codebook, never from data/screening_held.jsonl, on which
`python -m training.screening`, to be run next, measures what came of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from random import Random
from zlib import crc32

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from outcomes.engine.screening import CATEGORIES, SCREENING_ADAPTER
from outcomes.engine.texts import split_by_rules
from outcomes.engine.vectors import WIDTH
from training.network import Encoder
from training.noise import carelessly
from training.screening import Row, read_rows

LONGEST = 400
ORDINARY_STEP = 12  # a multiple of that of training.screening
HARMLESS = len(CATEGORIES)


@dataclass(frozen=True)
class Settings:
    epochs: int = 5
    batch: int = 16
    encoder_rate: float = 8e-4
    head_rate: float = 5e-3
    rank: int = 8
    dropout: float = 0.1
    carelessness: float = 0.25
    category_weight: float = 0.3
    seed: int = 0


@dataclass(frozen=True)
class Case:
    """A passage and the number of its category of harm, or HARMLESS."""

    text: str
    category: int


def read_cases() -> Iterator[Case]:
    """Of every so many ordinary answers only one, lest the harmful ones be swamped."""
    for row in read_rows():
        spared = row.origin == "ordinary" and crc32(row.text.encode()) % ORDINARY_STEP
        if row.origin != "held" and not spared:
            yield from (case for case in cases_of(row) if len(case.text) <= LONGEST)


def cases_of(row: Row) -> Iterator[Case]:
    """The parts of an answer; a risky one of which no part is marked stays whole."""
    parts = split_by_rules(row.text)
    category = CATEGORIES.index(row.category) if row.category else HARMLESS
    if row.risk and not row.at:
        parts = [(0, len(row.text))]
    for start, end in parts:
        if row.at:
            risky = start < row.at[1] and end > row.at[0]
            yield Case(row.text[start:end], category if risky else HARMLESS)
        else:
            yield Case(row.text[start:end], category)


def loss_of(scores: Tensor, told: Tensor, settings: Settings) -> Tensor:
    """Harmful or not above all, and which harm."""
    risk = torch.logsumexp(scores[:, :HARMLESS], 1) - scores[:, HARMLESS]
    harmful = functional.binary_cross_entropy_with_logits(risk, (told != HARMLESS).float())
    return harmful + settings.category_weight * functional.cross_entropy(scores, told)


def train(cases: list[Case], settings: Settings) -> Encoder:
    torch.manual_seed(settings.seed)
    chance = Random(settings.seed)
    encoder, head = Encoder(settings.rank, settings.dropout), nn.Linear(WIDTH, HARMLESS + 1)
    nn.init.zeros_(head.weight)
    adapted = [value for value in encoder.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": adapted, "lr": settings.encoder_rate},
            {"params": head.parameters(), "lr": settings.head_rate},
        ]
    )
    steps = settings.epochs * ceil(len(cases) / settings.batch)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / 100) * max(0, 1 - step / steps)
    )
    encoder.train()
    for epoch in range(settings.epochs):
        for batch in batches(cases, settings.batch, chance):
            texts = [
                carelessly(case.text, chance)
                if chance.random() < settings.carelessness
                else case.text
                for case in batch
            ]
            scores = head(8 * encoder(texts))
            loss = loss_of(scores, torch.tensor([case.category for case in batch]), settings)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
        print(f"epoch {epoch + 1} of {settings.epochs}, last loss {loss.item():.2f}", flush=True)
    return encoder


def batches(cases: list[Case], size: int, chance: Random) -> list[list[Case]]:
    """Of like length, in an order of chance."""
    shuffled = chance.sample(cases, len(cases))
    found = []
    for start in range(0, len(shuffled), size * 16):
        ordered = sorted(shuffled[start : start + size * 16], key=lambda case: len(case.text))
        found += [ordered[at : at + size] for at in range(0, len(ordered), size)]
    return chance.sample(found, len(found))


def main() -> None:
    cases = list(read_cases())
    harmful = sum(case.category != HARMLESS for case in cases)
    print(json.dumps({"passages": len(cases), "harmful": harmful}), flush=True)
    np.savez_compressed(SCREENING_ADAPTER, **train(cases, Settings()).adapter())


if __name__ == "__main__":
    main()
