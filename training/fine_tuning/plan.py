"""Enough to build the network that is trained in any process, and to turn its compact rows into what it takes."""

from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

from hitl.inference.pictures import PictureRecipe
from hitl.inference.text_encoder import TextRecipe
from hitl.tasks.fine_tune_terms import FineTune, SmallCnnTerms, SmallTransformerTerms
from training.fine_tuning.networks import EncoderWithHead, SmallCnn, SmallTransformer

PADDING = 0
"""The number of the token that fills a row; no text has it."""

Recipe: TypeAlias = PictureRecipe | TextRecipe


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """``known`` is the number of tokens, 0 for pictures. Compact rows are pixels ``(n, size, size, 3)`` as uint8, or tokens
    ``(n, max_tokens)`` as int32, filled up with PADDING."""

    terms: FineTune
    classes: int
    known: int = 0

    def network(self) -> EncoderWithHead:
        """Return the network with random weights, drawn from torch's own generator."""
        if isinstance(self.terms, SmallCnnTerms):
            return EncoderWithHead(SmallCnn(), self.classes)
        return EncoderWithHead(SmallTransformer(self.known, self.terms.max_tokens), self.classes)

    def given(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Return what the network takes for a batch of compact rows: pictures as the recipe makes them, or tokens and mask, as
        long as the longest text."""
        if isinstance(self.terms, SmallTransformerTerms):
            longest = max(int((rows != PADDING).sum(dim=1).max()), 1)
            tokens = rows[:, :longest].long()
            return tokens, (tokens != PADDING).long()
        recipe = picture_recipe(self.terms)
        mean, std = (torch.tensor(part, device=rows.device)[:, None, None] for part in (recipe.mean, recipe.std))
        return ((rows.permute(0, 3, 1, 2).float() * recipe.scale - mean) / std,)


def picture_recipe(terms: SmallCnnTerms) -> PictureRecipe:
    return PictureRecipe(size=(terms.size, terms.size))


def text_recipe(terms: SmallTransformerTerms) -> TextRecipe:
    """The mean over the words, as the network takes it too."""
    return TextRecipe(max_tokens=terms.max_tokens, pooling="mean", unit=False)
