"""The two encoders that can be trained here: a small convolutional network, and a small transformer over words.

Nothing in them depends on the other rows of a batch (no batch normalisation): a row alone must get the same answer as in a batch.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm

CHANNELS = (16, 32, 64, 128)
"""Of the convolutional blocks; the last one is the width of a picture's vector."""
GROUPS = 8
"""Of a group normalisation (Wu and He, ECCV 2018)."""
WIDTH, HEADS, LAYERS, INNER = 64, 4, 2, 128
"""Of the transformer: numbers a word, heads of attention, layers, units between them."""
DROPOUT = 0.1
NEVER = -1e9
"""The logit of attention to padding. Finite, since a text without words attends to padding alone."""


class SmallCnn(nn.Module):
    """From normalised pictures ``(n, 3, size, size)`` to vectors ``(n, 128)``."""

    width = CHANNELS[-1]

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(_block(*pair) for pair in zip((3, *CHANNELS), CHANNELS, strict=False)))

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.blocks(pictures).mean(dim=(2, 3))
        return found


def _block(before: int, after: int) -> nn.Module:
    convolution = nn.Conv2d(before, after, kernel_size=3, padding=1)
    return nn.Sequential(convolution, nn.GroupNorm(GROUPS, after), nn.ReLU(), nn.MaxPool2d(2))


class SmallTransformer(nn.Module):
    """From tokens and their mask, both ``(n, tokens)`` with at most ``max_tokens``, to states ``(n, tokens, 64)``; layers as in
    Vaswani et al. (2017), with the normalisation first (Xiong et al. 2020)."""

    width = WIDTH

    def __init__(self, known: int, max_tokens: int) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(known, WIDTH), nn.Parameter(torch.randn(max_tokens, WIDTH) * 0.02)
        nn.init.normal_(self.words.weight, std=0.1)
        self.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.dropout(self.words(input_ids) + self.places[: input_ids.shape[1]])
        padding = (1.0 - attention_mask.to(states.dtype))[:, None, None, :] * NEVER
        for layer in self.layers:
            states = layer(states, padding)
        return layer_norm(states, (WIDTH,))


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.before, self.between = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.asked, self.joined = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, padding: Tensor) -> Tensor:
        states = states + self.dropout(self._attention(self.before(states), padding))
        found: Tensor = states + self.dropout(self.narrow(gelu(self.wide(self.between(states)))))
        return found

    def _attention(self, states: Tensor, padding: Tensor) -> Tensor:
        texts, tokens = states.shape[0], states.shape[1]
        parts = self.asked(states).view(texts, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        shares = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + padding, dim=-1)
        found: Tensor = self.joined((shares @ value).transpose(1, 2).reshape(texts, tokens, WIDTH))
        return found


class EncoderWithHead(nn.Module):
    """Logits ``(n, classes)`` of what an encoder reads: of its vectors, or of the mean of its states over a text's words."""

    def __init__(self, encoder: SmallCnn | SmallTransformer, classes: int) -> None:
        super().__init__()
        self.encoder, self.head = encoder, nn.Linear(encoder.width, classes)

    def forward(self, *given: Tensor) -> Tensor:
        found: Tensor = self.head(self._vectors(given))
        return found

    def _vectors(self, given: Sequence[Tensor]) -> Tensor:
        states: Tensor = self.encoder(*given)
        if isinstance(self.encoder, SmallCnn):
            return states
        weights = given[1].unsqueeze(-1).to(states.dtype)
        return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)
