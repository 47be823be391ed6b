"""The sentence model in PyTorch, with low-rank adapters on its upper layers (development only)."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from outcomes.engine.tokens import LAYERS_READ
from outcomes.engine.vectors import HEADS, LAYERS, TOKEN_LIMIT, WIDTH
from outcomes.engine.weights import Weights, model_folder, read_weights, verified_vocabulary
from outcomes.engine.wordpiece import WordPiece

DENSE = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


class Dense(nn.Module):
    """A frozen linear map of the packaged model plus a trained map of low rank."""

    def __init__(self, weights: Weights, name: str, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", torch.tensor(weights[f"{name}.weight"]))
        self.register_buffer("bias", torch.tensor(weights[f"{name}.bias"]))
        out_width, in_width = weights[f"{name}.weight"].shape
        self.rank = rank
        if rank:
            self.down = nn.Parameter(torch.randn(rank, in_width) / math.sqrt(in_width))
            self.up = nn.Parameter(torch.zeros(out_width, rank))

    def forward(self, hidden: Tensor) -> Tensor:
        weight = self.weight + self.up @ self.down if self.rank else self.weight
        return functional.linear(hidden, weight, self.bias)


class Layer(nn.Module):
    def __init__(self, weights: Weights, name: str, rank: int, dropout: float) -> None:
        super().__init__()
        self.dense = nn.ModuleDict(
            {part.replace(".", "_"): Dense(weights, f"{name}.{part}", rank) for part in DENSE}
        )
        self.norms = nn.ModuleList(
            [
                _norm(weights, f"{name}.attention.output.LayerNorm", rank > 0),
                _norm(weights, f"{name}.output.LayerNorm", rank > 0),
            ]
        )
        self.dropout = dropout

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        query, key, value = (
            self._part(f"attention_self_{name}", hidden)
            .unflatten(-1, (HEADS, WIDTH // HEADS))
            .transpose(1, 2)
            for name in ("query", "key", "value")
        )
        # Written out: on short texts several times faster than PyTorch's own on a processor.
        nearness = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask
        seen = functional.softmax(nearness, -1).to(value.dtype) @ value
        seen = self._part("attention_output_dense", seen.transpose(1, 2).flatten(2))
        hidden = self.norms[0](hidden + self._dropped(seen))
        inner = functional.gelu(self._part("intermediate_dense", hidden))
        outer = self._part("output_dense", inner)
        return self.norms[1](hidden + self._dropped(outer))

    def _part(self, name: str, hidden: Tensor) -> Tensor:
        return self.dense[name](hidden)

    def _dropped(self, hidden: Tensor) -> Tensor:
        return functional.dropout(hidden, self.dropout, self.training)


class Encoder(nn.Module):
    """Texts to unit vectors; layers below the adapted ones are as packaged and stay so."""

    def __init__(self, rank: int, dropout: float) -> None:
        super().__init__()
        weights = read_weights(model_folder())
        self.tokeniser = WordPiece(verified_vocabulary(model_folder()), TOKEN_LIMIT)
        for name in ("word", "position", "token_type"):
            table = torch.tensor(weights[f"embeddings.{name}_embeddings.weight"])
            self.register_buffer(f"{name}s", table)
        self.norm = _norm(weights, "embeddings.LayerNorm", trained=False)
        self.layers = nn.ModuleList(
            [
                Layer(
                    weights,
                    f"encoder.layer.{number}",
                    rank if number >= LAYERS_READ else 0,
                    dropout if number >= LAYERS_READ else 0.0,
                )
                for number in range(LAYERS)
            ]
        )

    def forward(self, texts: Sequence[str]) -> Tensor:
        hidden, present = self.states([self.tokeniser.encode(text) for text in texts])
        mean = (hidden.float() * present[..., None]).sum(1) / present.sum(1, keepdim=True)
        return functional.normalize(mean, dim=-1)

    def states(self, numbers: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """The state of each token, texts by tokens by 384, and 1 where there is a token."""
        longest = max(map(len, numbers))
        tokens = torch.tensor([[*row, *[0] * (longest - len(row))] for row in numbers])
        present = torch.tensor([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in numbers])
        mask = (present[:, None, None, :] - 1) * 1e4
        with torch.no_grad():
            hidden = self.words[tokens] + (self.positions[:longest] + self.token_types[0])
            hidden = self.norm(hidden)
            for layer in self.layers[:LAYERS_READ]:
                hidden = layer(hidden, mask)
        for layer in self.layers[LAYERS_READ:]:
            hidden = layer(hidden, mask)
        return hidden, present

    def adapter(self) -> dict[str, np.ndarray]:
        """What the product adds to or puts in place of the packaged weights."""
        arrays: dict[str, np.ndarray] = {}
        for number in range(LAYERS_READ, LAYERS):
            layer, name = self.layers[number], f"encoder.layer.{number}"
            for part in DENSE:
                dense = layer.dense[part.replace(".", "_")]
                arrays[f"{name}.{part}.up"] = dense.up.detach().numpy().astype(np.float16)
                arrays[f"{name}.{part}.down"] = dense.down.detach().numpy().astype(np.float16)
            for norm, part in zip(layer.norms, ("attention.output", "output"), strict=True):
                for kind in ("weight", "bias"):
                    value = getattr(norm, kind).detach().numpy()
                    arrays[f"{name}.{part}.LayerNorm.{kind}"] = value.astype(np.float32)
        return arrays


def _norm(weights: Weights, name: str, trained: bool) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, eps=1e-12)
    norm.weight.data = torch.tensor(weights[f"{name}.weight"])
    norm.bias.data = torch.tensor(weights[f"{name}.bias"])
    return norm.requires_grad_(trained)
