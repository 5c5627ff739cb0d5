"""A frozen data set: what one training run learned from, the same digest however its examples arrived."""

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypedDict

from hitl.canonical import fingerprint
from hitl.inference.rows import Row, form_of


class ExampleSource(StrEnum):
    """``initial``: labelled in the task's data source; ``review``: decided by a person."""

    INITIAL = "initial"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled row. ``id`` is the case's id, or the row's number in the data source; ``decided_at`` (UTC seconds) and
    ``reviewer`` are None for what nobody reviewed here."""

    id: str
    features: Row
    label: str
    weight: float
    source: ExampleSource
    decided_at: float | None = None
    reviewer: str | None = None

    @property
    def identity(self) -> list[Any]:
        """What the digest covers: a change of who decided or when is another data set too."""
        return [self.id, plain(self.features), self.label, self.weight, self.source, self.decided_at, self.reviewer]


class DecidedBetween(TypedDict):
    """When people decided the first and the last example (UTC seconds); None where they decided none."""

    first: float | None
    last: float | None


class HeldOutRows(TypedDict):
    """The rows that evaluate, and how many examples were dropped because they equal one."""

    rows: int
    digest: str
    dropped: int


class DataManifest(TypedDict):
    """What a person or a later run needs to know of a data set: its ``digest``, and its rows counted by source, label and
    reviewer."""

    task: str
    digest: str
    rows: int
    sources: dict[str, int]
    labels: dict[str, int]
    reviewers: dict[str, int]
    decided: DecidedBetween
    held_out: HeldOutRows
    ids: list[str]


@dataclass(frozen=True)
class DataSet:
    """``examples`` are ordered by id and have one entry an id; ``held_out_dropped`` counts those that equal a held-out row."""

    task: str
    examples: tuple[Example, ...]
    held_out_digest: str
    held_out_rows: int
    held_out_dropped: int

    @cached_property
    def digest(self) -> str:
        """The data set's identity: examples and held-out rows."""
        return fingerprint([self.task, self.held_out_digest, [example.identity for example in self.examples]])

    def manifest(self) -> DataManifest:
        decided = [example.decided_at for example in self.examples if example.decided_at is not None]
        return {
            "task": self.task,
            "digest": self.digest,
            "rows": len(self.examples),
            "sources": _counts(example.source for example in self.examples),
            "labels": _counts(example.label for example in self.examples),
            "reviewers": _counts(example.reviewer for example in self.examples if example.reviewer is not None),
            "decided": {"first": min(decided, default=None), "last": max(decided, default=None)},
            "held_out": {
                "rows": self.held_out_rows,
                "digest": self.held_out_digest,
                "dropped": self.held_out_dropped,
            },
            "ids": [example.id for example in self.examples],
        }


def freeze(task: str, examples: Iterable[Example], held_out: Set[Row]) -> DataSet:
    """Return the data set of these examples, in whatever order they come. Of several examples with one id the latest decision
    counts; an example whose features equal a held-out row is dropped, so that evaluation stays honest."""
    latest: dict[str, Example] = {}
    for example in examples:
        known = latest.get(example.id)
        if known is None or _recency(example) > _recency(known):
            latest[example.id] = example
    kept = tuple(latest[id] for id in sorted(latest) if latest[id].features not in held_out)
    return DataSet(task, kept, fingerprint(sorted(map(plain, held_out))), len(held_out), len(latest) - len(kept))


def plain(row: Row) -> Any:
    """Return the row as JSON."""
    return form_of(row).plain(row)


def _recency(example: Example) -> tuple[float, str]:
    """Later decisions win; a tie is broken by content, because the order of arrival must not matter."""
    return (example.decided_at or 0.0, fingerprint(example.identity))


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(name) for name in names).items()))
