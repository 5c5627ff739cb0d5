"""What stays of archived cases that were deleted: their places in the gateways' chains, and what proves what went."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import orjson

from hitl.canonical import canonical, digest_of
from hitl.intake.chains import Link
from hitl.intake.segments import ArchivedFile


class DeletedRun(NamedTuple):
    """``cases`` cases at positions ``seq`` and on that gateway incarnation ``gateway`` wrote one behind the other, from its
    record ``counter`` on. ``hash`` is the chain hash of the last one: what follows it is still proved."""

    gateway: str
    seq: int
    counter: int
    cases: int
    hash: str

    @property
    def last(self) -> int:
        """The last position."""
        return self.seq + self.cases - 1


@dataclass(frozen=True, slots=True)
class Deletion:
    """All cases that went so far of one file of ``segment``, whose place was ``file``: those of one task and UTC day. The bytes
    with the digest ``digest`` went last, from ``removed``; ``kept`` has the cases that had to stay, None where none had.
    ``reviewed`` are the ids of those that people looked at. ``previous`` is the digest of the deletion that this one takes the
    place of, empty for the first."""

    partition: int
    segment: str
    file: str
    day: str
    task: str
    removed: str
    digest: str
    reviewed: list[str]
    runs: list[DeletedRun]
    kept: ArchivedFile | None
    previous: str = ""

    @property
    def cases(self) -> int:
        """The number of cases that went so far."""
        return sum(run.cases for run in self.runs)

    def has(self, seq: int) -> bool:
        """Tell whether the case at position ``seq`` went."""
        return any(run.seq <= seq <= run.last for run in self.runs)

    def encode(self) -> bytes:
        return canonical({**asdict(self), "runs": [list(run) for run in self.runs]})

    @property
    def name(self) -> str:
        """The SHA-256 of ``encode``."""
        return digest_of(self.encode())

    @staticmethod
    def decode(data: bytes) -> "Deletion":
        """Raises ValueError, TypeError or KeyError for what no deletion was written as."""
        fields = orjson.loads(data)
        runs, kept = [DeletedRun(*run) for run in fields.pop("runs")], fields.pop("kept")
        return Deletion(**fields, runs=runs, kept=None if kept is None else ArchivedFile(**kept))


def runs_of(links: Iterable[Link]) -> list[DeletedRun]:
    """Return the runs of ``links``, which are in order of position."""
    return _joined(DeletedRun(link.gateway, link.seq, link.counter, 1, link.hash) for link in links)


def with_runs(before: Sequence[DeletedRun], more: Sequence[DeletedRun]) -> list[DeletedRun]:
    """Return both in order of position, neighbours as one."""
    return _joined(sorted([*before, *more], key=lambda run: run.seq))


def _joined(runs: Iterable[DeletedRun]) -> list[DeletedRun]:
    found: list[DeletedRun] = []
    for run in runs:
        end = found[-1] if found else None
        if end is not None and _follows(end, run):
            found[-1] = DeletedRun(end.gateway, end.seq, end.counter, end.cases + run.cases, run.hash)
        else:
            found.append(run)
    return found


def _follows(end: DeletedRun, run: DeletedRun) -> bool:
    places = (end.gateway, end.seq + end.cases, end.counter + end.cases)
    return places == (run.gateway, run.seq, run.counter)
