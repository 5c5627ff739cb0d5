"""An encoder that the Train job trains together with its head, in place of one from outside."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from hitl.tasks.strict import Digest, Strict

MOST_WORDS = 8_000
"""In the vocabulary of a task that names no number."""


class FineTuneTerms(Strict):
    """What both architectures are told; SmallCnnTerms says the meaning, since pages show one class at a time."""

    epochs: Annotated[int, Field(ge=1, le=1000)] = 20
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.001
    batch_size: Annotated[int, Field(ge=2, le=4096)] = 32
    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    start: Digest | None = None


class SmallCnnTerms(FineTuneTerms):
    """A small convolutional network for pictures, which are scaled and cut to ``size`` pixels a side. It makes ``epochs`` passes
    over the rows, ``batch_size`` rows a step over all ``workers`` together, rounded up to the same number for each (None: as
    many workers as the job's ``--num-workers``); ``learning_rate`` is AdamW's, and falls towards zero along a cosine. ``start``
    is the SHA-256 of a model of the same architecture, trained here, whose encoder is trained further, with the same
    ``max_tokens`` where it reads texts; None: from random weights."""

    architecture: Literal["small_cnn"]
    size: Annotated[int, Field(ge=16, le=256)] = 64


class SmallTransformerTerms(FineTuneTerms):
    """A small transformer for texts. It reads the first ``max_tokens`` words and marks of a text. It knows the ``vocabulary``
    most frequent ones of the texts that it learns from (None: 8,000), or those of ``start``. The other terms are as those of
    small_cnn."""

    architecture: Literal["small_transformer"]
    max_tokens: Annotated[int, Field(ge=2, le=512)] = 64
    vocabulary: Annotated[int, Field(ge=1, le=100_000)] | None = None


FineTune: TypeAlias = Annotated[SmallCnnTerms | SmallTransformerTerms, Field(discriminator="architecture")]
