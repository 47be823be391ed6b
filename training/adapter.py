"""Trains the adapter and the topic and kind heads on the codebook: python -m training.adapter

Needs PyTorch (requirements-training.txt); about ten minutes on two cores that have bfloat16 units.
Writes adapter.npz and topics.npz, and adapter.json with what they were made from. With
`--hold-out F` the examples of that hand are kept back, figures for them are printed, and nothing
is written: that is how the settings below were chosen.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from outcomes.engine.adapter import ADAPTER, TRAINED
from outcomes.engine.codebook import KINDS, THEMES, Codebook, Example
from outcomes.engine.lexical import LEXICAL, LexicalModel
from outcomes.engine.themes import TOPICS
from outcomes.engine.vectors import WIDTH, SentenceVectors
from training.network import Encoder
from training.noise import carelessly

SEND_CODEBOOK = Path(__file__).parents[1] / "outcomes" / "codebook" / "send"
SCREENING = Path(__file__).parent / "data" / "screening.jsonl"


@dataclass(frozen=True)
class Settings:
    epochs: int = 5
    batch: int = 128
    learning_rate: float = 3e-3
    rank: int = 16
    dropout: float = 0.1
    carelessness: float = 0.5
    smoothing: float = 0.1
    theme_weight: float = 0.5
    kind_weight: float = 0.3
    risk_weight: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Case:
    """A text and what is known of it: numbers of its topic, kind and risk, or -1."""

    text: str
    topic: int
    kind: int
    risk: int


class Heads(nn.Module):
    def __init__(self, themes: list[int]) -> None:
        super().__init__()
        self.topics = nn.Linear(WIDTH, len(themes))
        self.scale = nn.Parameter(torch.tensor(16.0))
        self.kinds = nn.Linear(WIDTH, len(KINDS))
        self.risk = nn.Linear(WIDTH, 1)
        self.themes = torch.tensor(themes)

    def topic_scores(self, vectors: Tensor) -> Tensor:
        return self.scale * (vectors @ self.topics.weight.T) + self.topics.bias

    def start_at_means(self, vectors: Tensor, topics: Tensor) -> None:
        sums = torch.zeros_like(self.topics.weight).index_add_(0, topics, vectors)
        self.topics.weight.data = functional.normalize(sums, dim=-1)
        self.topics.bias.data.zero_()

    def loss(self, vectors: Tensor, cases: list[Case], settings: Settings) -> Tensor:
        topics, kinds, risks = (
            torch.tensor([getattr(case, name) for case in cases])
            for name in ("topic", "kind", "risk")
        )
        total = torch.zeros(())
        if (coded := topics >= 0).any():
            total = total + self._topic_loss(vectors[coded], topics[coded], settings)
        if (known := kinds >= 0).any():
            scores = 8 * self.kinds(vectors[known])
            total = total + settings.kind_weight * functional.cross_entropy(scores, kinds[known])
        if (judged := risks >= 0).any():
            scores = 8 * self.risk(vectors[judged])[:, 0]
            risk = functional.binary_cross_entropy_with_logits(scores, risks[judged].float())
            total = total + settings.risk_weight * risk * judged.float().mean() * 4
        return total

    def _topic_loss(self, vectors: Tensor, topics: Tensor, settings: Settings) -> Tensor:
        scores = self.topic_scores(vectors)
        loss = functional.cross_entropy(scores, topics, label_smoothing=settings.smoothing)
        shares = functional.log_softmax(scores, -1)
        by_theme = [
            torch.logsumexp(shares[:, self.themes == theme], 1) for theme in range(len(THEMES))
        ]
        in_theme = functional.nll_loss(torch.stack(by_theme, 1), self.themes[topics])
        return loss + settings.theme_weight * in_theme


def embed(encoder: Encoder, texts: list[str]) -> Tensor:
    encoder.eval()
    vectors = torch.zeros(len(texts), WIDTH)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 128):
            rows = order[start : start + 128]
            vectors[rows] = encoder([texts[row] for row in rows])
    return vectors


def train(cases: list[Case], themes: list[int], settings: Settings) -> tuple[Encoder, Heads]:
    torch.manual_seed(settings.seed)
    chance = Random(settings.seed)  # noqa: S311 - repeatable on purpose
    encoder, heads = Encoder(settings.rank, settings.dropout), Heads(themes)
    coded = [case for case in cases if case.topic >= 0]
    topics = torch.tensor([case.topic for case in coded])
    heads.start_at_means(embed(encoder, [case.text for case in coded]), topics)
    adapted = [value for value in encoder.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW([*adapted, *heads.parameters()], lr=settings.learning_rate)
    steps = settings.epochs * ceil(len(cases) / settings.batch)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (0.1 * steps)) * max(0, 1 - step / steps)
    )
    for epoch in range(settings.epochs):
        encoder.train()
        for batch in _batches(cases, settings, chance):
            texts = [
                carelessly(case.text, chance)
                if chance.random() < settings.carelessness
                else case.text
                for case in batch
            ]
            with torch.autocast("cpu", torch.bfloat16):
                vectors = encoder(texts)
            loss = heads.loss(vectors, batch, settings)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(adapted, 1.0)
            optimiser.step()
            pace.step()
        print(f"epoch {epoch + 1} of {settings.epochs}, last loss {loss.item():.2f}", flush=True)
    return encoder, heads


def _batches(cases: list[Case], settings: Settings, chance: Random) -> list[list[Case]]:
    """Batches of like length, in an order of chance."""
    shuffled = chance.sample(cases, len(cases))
    run = settings.batch * 16
    batches = []
    for start in range(0, len(shuffled), run):
        ordered = sorted(shuffled[start : start + run], key=lambda case: len(case.text))
        batches += [
            ordered[at : at + settings.batch] for at in range(0, len(ordered), settings.batch)
        ]
    return chance.sample(batches, len(batches))


def _cases(examples: list[Example], topics: list[str]) -> list[Case]:
    return [
        Case(
            example.text,
            topics.index(example.topic),
            KINDS.index(example.kind) if example.kind else -1,
            -1,
        )
        for example in examples
    ]


def _screening_cases() -> list[Case]:
    rows = [json.loads(line) for line in SCREENING.read_text(encoding="utf-8").splitlines()]
    return [Case(row["text"], -1, -1, int(row["risk"])) for row in rows]


def _print_figures(encoder: Encoder, heads: Heads, held: list[Example], topics: list[str]) -> None:
    vectors = embed(encoder, [example.text for example in held])
    with torch.no_grad():
        shares = functional.softmax(heads.topic_scores(vectors), -1)
    by_theme = torch.zeros(len(held), len(THEMES)).index_add_(1, heads.themes, shares)
    gold = heads.themes[[topics.index(example.topic) for example in held]]
    right = (by_theme.argmax(1) == gold).float().mean()
    top_two = (by_theme.topk(2).indices == gold[:, None]).any(1).float().mean()
    named = np.mean(
        [topics[n] == e.topic for n, e in zip(shares.argmax(1).tolist(), held, strict=True)]
    )
    print(f"held out {len(held)}: theme {right:.3f}, top two {top_two:.3f}, topic {named:.3f}")


def _write(encoder: Encoder, heads: Heads, codebook: Codebook, settings: Settings) -> None:
    """All parts at once, moved into place when the last is made."""
    with TemporaryDirectory(dir=TRAINED) as folder:
        new = Path(folder)
        np.savez(new / ADAPTER.name, **encoder.adapter())
        _write_topics(new, heads, codebook)
        about = {
            "command": "python -m training.adapter",
            "torch": torch.__version__,
            "settings": asdict(settings),
            "examples": len(codebook.examples),
            "lesson": codebook.lesson,
            "screening_sha256": hashlib.sha256(SCREENING.read_bytes()).hexdigest(),
        }
        (new / "adapter.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        for path in new.iterdir():
            path.replace(TRAINED / path.name)


def _write_topics(folder: Path, heads: Heads, codebook: Codebook) -> None:
    texts = [example.text for example in codebook.examples]
    numbers = {topic: number for number, topic in enumerate(codebook.topics)}
    topics = [numbers[example.topic] for example in codebook.examples]
    LexicalModel().fit(texts, topics).save(folder / LEXICAL)
    vectors = SentenceVectors(adapter=folder / ADAPTER.name).transform(texts)
    np.savez_compressed(
        folder / TOPICS,
        lesson=np.array(codebook.lesson),
        examples=np.round(vectors * 127).astype(np.int8),
        weight=(heads.scale * heads.topics.weight).detach().numpy().astype(np.float32),
        bias=heads.topics.bias.detach().numpy().astype(np.float32),
        kinds=np.array(KINDS),
        kind_weight=(8 * heads.kinds.weight).detach().numpy().astype(np.float32),
        kind_bias=(8 * heads.kinds.bias).detach().numpy().astype(np.float32),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hold-out", default="", help="a hand's letter, or several")
    held_hands = parser.parse_args().hold_out
    settings, codebook = Settings(), Codebook.read(SEND_CODEBOOK)
    topics = list(codebook.topics)
    themes = [THEMES.index(topic.theme) for topic in codebook.topics.values()]
    held = [example for example in codebook.examples if example.hand and example.hand in held_hands]
    used = [example for example in codebook.examples if example not in held]
    cases = _cases(used, topics) + _screening_cases()
    encoder, heads = train(cases, themes, settings)
    if held:
        _print_figures(encoder, heads, held, topics)
        return
    _write(encoder, heads, codebook, settings)


if __name__ == "__main__":
    sys.exit(main())
