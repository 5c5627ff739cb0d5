"""The interface of a protocol that endpoints speak, as a card declares it under ``protocol``."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from hitl.inference.classifier import Probabilities
from hitl.inference.remote.ports import EndpointCall
from hitl.inference.rows import Rows

SUM_WITHIN = 1e-3

Columns = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=10_000)]


@dataclass(frozen=True, slots=True)
class CalledModel:
    """What every call of a card says: the model's name and version there, and the task's labels."""

    model: str
    version: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointAnswer:
    """An answer: ``probabilities`` ``(n, classes)``, and the ``tokens`` that it cost."""

    probabilities: Probabilities
    tokens: int = 0


class EndpointProtocol(BaseModel, ABC):
    """One protocol. Subclasses have a field ``kind`` that names them. Pure: requests out, answers in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows_a_call: ClassVar[int]
    """The most rows of one call."""

    @abstractmethod
    def call(self, rows: Rows, asked: CalledModel) -> EndpointCall:
        """Return the request for ``rows``, at most ``rows_a_call`` of them."""

    @abstractmethod
    def read(self, body: bytes, rows: int, asked: CalledModel) -> EndpointAnswer:
        """Read the answer to it. Raises ValueError for what is no answer of the approved model to so many rows."""


def json_object(body: bytes) -> dict[str, Any]:
    """Return the object in an answer. Raises ValueError."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("expected a JSON object")
    return found


def distributions(said: Sequence[object], rows: int, labels: int) -> Probabilities:
    """``said`` as probabilities ``(rows, labels)``. Raises ValueError for anything else."""
    found = np.asarray(said, dtype=np.float64).reshape(rows, -1)
    if found.shape != (rows, labels):
        raise ValueError(f"expected {labels} probabilities for each of {rows} rows, came {found.shape}")
    totals = found.sum(axis=1, keepdims=True)
    if not np.isfinite(found).all() or (found < 0).any() or (np.abs(totals - 1) > SUM_WITHIN).any():
        raise ValueError("the answer is no distribution: not finite, negative, or its sum is not 1")
    return np.asarray(found / totals)


def of_logits(said: Sequence[object], rows: int, labels: int) -> Probabilities:
    """Return the softmax of ``said``. Raises ValueError."""
    found = np.asarray(said, dtype=np.float64).reshape(rows, -1)
    likely = np.exp(found - found.max(axis=1, keepdims=True))
    return distributions((likely / likely.sum(axis=1, keepdims=True)).tolist(), rows, labels)


def require_same(what: str, expected: str, came: object) -> None:
    """Raises ValueError where an answer names another model than the approved one."""
    if came != expected:
        raise ValueError(f"expected an answer of {what} {expected!r}, came {str(came)[:100]!r}")


def path_part(name: str) -> str:
    """``name`` as one part of a URL's path."""
    return quote(name, safe="")
