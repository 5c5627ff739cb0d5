"""The rows of a run as an encoder in training reads them: decoded pixels, or tokens of a vocabulary."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from hitl.errors import InvalidConfig
from hitl.inference.classifier import Probabilities
from hitl.inference.pictures import PictureSource
from hitl.inference.rows import Rows
from hitl.inference.sample import TrainingSample
from hitl.tasks.fine_tune_terms import SmallTransformerTerms
from training.fine_tuning.networks import EncoderWithHead
from training.fine_tuning.plan import NetworkPlan, picture_recipe
from training.fine_tuning.vocabulary import tokens_of

MAX_BYTES = 4 * 2**30
"""Of all pixels together: they lie in memory while the network learns."""
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Inputs:
    """``tokenizer`` counts for texts, ``pictures`` for pictures."""

    plan: NetworkPlan
    tokenizer: bytes
    pictures: PictureSource

    def compact(self, sample: TrainingSample) -> TrainingSample:
        """Return the sample with compact rows. Raises HitlError for a picture that cannot be read, InvalidConfig for more
        pictures than memory is meant for."""
        return replace(sample, rows=self.compact_rows(sample.rows))

    def compact_rows(self, rows: Rows) -> NDArray[np.generic]:
        """Return pixels, shape ``(n, size, size, depth)``, or tokens, ``(n, max_tokens)``. Raises as ``compact``."""
        terms = self.plan.terms
        if isinstance(terms, SmallTransformerTerms):
            return tokens_of(self.tokenizer, rows.tolist(), terms.max_tokens)
        recipe = picture_recipe(terms)
        if len(rows) * terms.size**2 * recipe.depth > MAX_BYTES:
            most = MAX_BYTES // (terms.size**2 * recipe.depth)
            raise InvalidConfig("model", "fine_tune.size", f"expected at most {most} pictures of this size, came {len(rows)}")
        found = np.empty((len(rows), terms.size, terms.size, recipe.depth), dtype=np.uint8)
        for at, row in enumerate(rows):
            found[at] = self.pictures.pixels(row, recipe)
        return found

    def answers(self, network: EncoderWithHead, rows: Rows) -> Probabilities:
        """Return what the network itself says of rows, shape ``(n, classes)``, in this process. Raises as ``compact``."""
        found = []
        for start in range(0, len(rows), AT_ONCE):
            given = self.plan.given(torch.tensor(self.compact_rows(rows[start : start + AT_ONCE])))
            with torch.inference_mode():
                found.append(torch.softmax(network(*given).double(), dim=1).numpy())
        return np.concatenate(found)
