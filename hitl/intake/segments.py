"""What the archive says of a run of positions that left the store: which files hold them, and how to prove them."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import orjson

from hitl.canonical import canonical, digest_of
from hitl.intake.chains import ChainHead, Link

DIGITS = 16
"""Of a position in a name, so that names are in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """The ``cases`` cases of one task and one UTC day between positions ``first`` and ``last``; ``digest`` is the SHA-256 of the
    file's bytes."""

    place: str
    day: str
    task: str
    first: int
    last: int
    cases: int
    digest: str


@dataclass(frozen=True, slots=True)
class ArchivedSegment:
    """Positions ``first`` to ``last`` of ``partition``, without a gap. ``epoch`` numbers the writer, ``previous`` is the
    digest of the segment before, empty for the first. ``heads`` are the ends of the gateways' chains at ``last``."""

    partition: int
    first: int
    last: int
    epoch: int
    previous: str
    files: list[ArchivedFile]
    heads: dict[str, ChainHead] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return segment_name(self.first, self.last, self.epoch)

    @property
    def digest(self) -> str:
        """The SHA-256 of ``encode``: whoever knows it can prove every file."""
        return digest_of(self.encode())

    def encode(self) -> bytes:
        rows = {gateway: list(head) for gateway, head in self.heads.items()}
        return canonical({**asdict(self), "heads": rows})

    @staticmethod
    def decode(data: bytes) -> "ArchivedSegment":
        """Raises ValueError, TypeError or KeyError for what no segment was written as."""
        fields = orjson.loads(data)
        files = [ArchivedFile(**each) for each in fields.pop("files")]
        heads = {gateway: ChainHead(*head) for gateway, head in fields.pop("heads").items()}
        return ArchivedSegment(**fields, files=files, heads=heads)


def segment_name(first: int, last: int, epoch: int) -> str:
    return f"{first:0{DIGITS}d}-{last:0{DIGITS}d}-{epoch}"


def range_of(name: str) -> tuple[int, int]:
    """Return the first and the last position of the segment ``name``."""
    first, last, *_ = name.partition(".")[0].split("-")
    return int(first), int(last)


def by_day_and_task(links: list[Link]) -> dict[tuple[str, str], list[Link]]:
    """Return the links of each UTC day and task, in order of position."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        record = orjson.loads(link.body)
        found.setdefault((day_of(record["at"]), record["task"]), []).append(link)
    return found


def day_of(at: float) -> str:
    """Return the UTC day of ``at`` seconds, as in 2026-11-28."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
