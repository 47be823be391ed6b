"""Trains the reading that tells where ideas begin: `python -m training.borders`.

Needs PyTorch (requirements-training.txt); about ten minutes on a core that has bfloat16 units. The
upper layers of the sentence model are adapted to tell, of each word, whether an idea begins with
it and whether it belongs to an idea at all: from texts made of the codebook's examples, and from
answers marked by hand. Writes borders.npz, and borders.json with what it was made from.

With `--hold-out` a fifth of the marked answers is kept back and what is told of them is written to
data/borders_held.npz: `training.boundaries` chooses by it how sure is sure enough.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from random import Random

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from outcomes.engine.adapter import TRAINED
from outcomes.engine.boundary_features import read_words
from outcomes.engine.boundary_states import word_owners
from outcomes.engine.tokens import BORDERS, WINDOW
from outcomes.engine.vectors import WIDTH
from training.answers import ANSWERS, HELD, held_rows, marked_rows, unmarked
from training.boundary_states import codebook_examples, codebook_fingerprint
from training.composing import Composer, Row
from training.network import Encoder

COMMAND = "python -m training.borders"


@dataclass(frozen=True)
class Settings:
    epochs: int = 5
    batch: int = 48
    learning_rate: float = 1e-3
    rank: int = 16
    dropout: float = 0.2
    composed: int = 5_000
    times_read: int = 2
    answer_weight: float = 2.0
    idea_weight: float = 0.3
    seed: int = 0


@dataclass(frozen=True)
class Case:
    """A text in pieces. `places` are the pieces that begin a word; for each, whether an idea
    begins with it (-1: not to be learned from) and whether it is of an idea."""

    pieces: tuple[int, ...]
    places: Tensor
    begins: Tensor
    of_idea: Tensor
    weight: float


class Reader(nn.Module):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.encoder = Encoder(settings.rank, settings.dropout)
        self.head = nn.Linear(WIDTH, 2)

    def forward(self, cases: Sequence[Case]) -> Tensor:
        hidden, _ = self.encoder.states([case.pieces for case in cases])
        return self.head(hidden.float())


def case_of(row: Row, encoder: Encoder, weight: float) -> Case | None:
    """None for a text without words."""
    words = read_words(row["text"])
    numbers, spans = encoder.tokeniser.pieces(row["text"])
    numbers, spans = numbers[: WINDOW - 2], spans[: WINDOW - 2]
    if not len(words) or not spans:
        return None
    owners, firsts = np.unique(word_owners(words.spans, spans), return_index=True)
    ideas = [
        next((n for n, (start, end) in enumerate(row["spans"]) if start <= place < end), -1)
        for place in (words.spans[owner][0] for owner in owners)
    ]
    begins, last = [], -1
    for idea in ideas:
        begins.append(-1 if idea < 0 or last < 0 else int(idea != last))
        last = idea if idea >= 0 else last
    return Case(
        encoder.tokeniser.framed(numbers),
        torch.tensor(firsts + 1),
        torch.tensor(begins),
        torch.tensor([float(idea >= 0) for idea in ideas]),
        weight,
    )


def loss_of(told: Tensor, cases: Sequence[Case], settings: Settings) -> Tensor:
    text = torch.cat([torch.full_like(case.places, n) for n, case in enumerate(cases)])
    places, begins, of_idea = (
        torch.cat([getattr(case, name) for case in cases])
        for name in ("places", "begins", "of_idea")
    )
    weights = torch.tensor([case.weight for case in cases])[text]
    said = told[text, places]
    known = begins >= 0
    total = _wrong(said[known, 0], begins[known].float(), weights[known])
    return total + settings.idea_weight * _wrong(said[:, 1], of_idea, weights)


def _wrong(said: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    each = functional.binary_cross_entropy_with_logits(said, truth, reduction="none")
    return (each * weights).sum() / weights.sum().clamp(min=1e-6)


def train(rows: list[Row], settings: Settings) -> Reader:
    torch.manual_seed(settings.seed)
    chance = Random(settings.seed)  # noqa: S311 - repeatable on purpose
    reader = Reader(settings)
    composer = Composer([row["text"] for row in codebook_examples()], chance)
    answers = rows + unmarked(rows)
    count = settings.composed + settings.times_read * len(answers)
    steps = settings.epochs * ceil(count / settings.batch)
    changed = [value for value in reader.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(changed, lr=settings.learning_rate)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (0.1 * steps)) * max(0, 1 - step / steps)
    )
    for epoch in range(settings.epochs):
        reader.train()
        for batch in _batches(composer, answers, reader.encoder, settings):
            with torch.autocast("cpu", torch.bfloat16):
                told = reader(batch)
            loss = loss_of(told, batch, settings)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(changed, 1.0)
            optimiser.step()
            pace.step()
        print(f"epoch {epoch + 1} of {settings.epochs}, last loss {loss.item():.3f}", flush=True)
    return reader


def _batches(
    composer: Composer, answers: list[Row], encoder: Encoder, settings: Settings
) -> list[list[Case]]:
    """Texts of like length together, in an order of chance."""
    drawn = [(composer.of_examples(), 1.0) for _ in range(settings.composed)]
    drawn += [
        (composer.of_answers(answers), settings.answer_weight)
        for _ in range(settings.times_read * len(answers))
    ]
    cases = [case for row, weight in drawn if (case := case_of(row, encoder, weight))]
    composer.chance.shuffle(cases)
    run, batches = settings.batch * 16, []
    for start in range(0, len(cases), run):
        ordered = sorted(cases[start : start + run], key=lambda case: len(case.pieces))
        batches += [
            ordered[at : at + settings.batch] for at in range(0, len(ordered), settings.batch)
        ]
    composer.chance.shuffle(batches)
    return batches


def arrays_of(reader: Reader) -> dict[str, np.ndarray]:
    return reader.encoder.adapter() | {
        "head.weight": reader.head.weight.detach().numpy(),
        "head.bias": reader.head.bias.detach().numpy(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hold-out", action="store_true", help="keep a fifth of the answers back")
    held_out = parser.parse_args().hold_out
    settings, rows = Settings(), marked_rows()
    held = held_rows(rows)
    used = [row for number, row in enumerate(rows) if not (held_out and number in held)]
    reader = train(used, settings)
    np.savez(HELD if held_out else BORDERS, **arrays_of(reader))
    if held_out:
        return
    about = {
        "command": COMMAND,
        "torch": torch.__version__,
        "settings": asdict(settings),
        "rows": len(rows),
        "data_sha256": hashlib.sha256(ANSWERS.read_bytes()).hexdigest(),
        "codebook": codebook_fingerprint(),
    }
    path = TRAINED / "borders.json"
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
