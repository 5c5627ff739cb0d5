"""Hash chains inside an intake partition: each gateway incarnation links its own records."""

import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hitl.canonical import digest_of
from hitl.errors import ChainBroken
from hitl.journal.entry import GENESIS, chain_hash

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Link:
    """Record number ``counter`` (from 1) of incarnation ``gateway``, at position ``seq`` of the partition. ``payload`` is the
    case's input, which stands beside the record; None once it was erased."""

    seq: int
    gateway: str
    counter: int
    body: bytes
    hash: str
    payload: bytes | None


class ChainHead(NamedTuple):
    """The end of a gateway incarnation's chain: record ``counter`` at position ``seq``, with its chain hash."""

    seq: int
    counter: int
    hash: str


class Links(Protocol):
    async def links(self, after_seq: int, limit: int) -> list[Link]:
        """Return up to ``limit`` links after position ``after_seq``, in order."""


class Run(Protocol):
    """Cases at positions ``seq`` to ``last`` that were deleted: records of ``gateway`` from ``counter`` on, of which the last one
    had the chain hash ``hash`` (hitl.intake.deletions)."""

    @property
    def gateway(self) -> str: ...

    @property
    def seq(self) -> int: ...

    @property
    def last(self) -> int: ...

    @property
    def counter(self) -> int: ...

    @property
    def hash(self) -> str: ...


async def verify_intake(partition: str, intake: Links, deleted: Sequence[Run] = ()) -> tuple[int, dict[str, str]]:
    """Return the number of records and each incarnation's last hash, after checking that no position is missing, every link, and
    every input against the digest in its record. Where the beginning of the partition was trimmed, the first record of an
    incarnation anchors its chain. ``deleted`` are the runs of positions, in their order, whose cases went: what comes behind one
    is checked against its last hash.

    Raises ChainBroken at the first position that does not follow.
    """
    heads: dict[str, Link] = {}
    count, runs, page = 0, deque(deleted), await intake.links(0, PAGE)
    first = min([run.seq for run in deleted[:1]] + [link.seq for link in page[:1]], default=1)
    after, is_trimmed = first - 1, first > 1
    while page:
        for link in page:
            after = _pass_deleted(partition, runs, heads, after, is_trimmed)
            if link.seq != after + 1:
                raise ChainBroken(partition, after + 1)
            _check(partition, heads.get(link.gateway), link, is_trimmed)
            _check_input(partition, link)
            heads[link.gateway] = link
            count, after = count + 1, link.seq
        page = await intake.links(after, PAGE)
    after = _pass_deleted(partition, runs, heads, after, is_trimmed)
    if runs:
        raise ChainBroken(partition, after + 1)
    return count, {gateway: link.hash for gateway, link in heads.items()}


def _pass_deleted(partition: str, runs: deque[Run], heads: dict[str, Link], after: int, is_trimmed: bool) -> int:
    """Return the last position of the runs that follow on position ``after``, or ``after``. Raises ChainBroken."""
    while runs and runs[0].seq <= after + 1:
        run = runs.popleft()
        known = heads.get(run.gateway)
        is_next = run.counter == (known.counter if known else 0) + 1 or (known is None and is_trimmed)
        if run.seq <= after or not is_next:
            raise ChainBroken(partition, run.seq)
        heads[run.gateway] = Link(run.last, run.gateway, run.counter + run.last - run.seq, b"", run.hash, None)
        after = run.last
    return after


def follow_links(partition: str, heads: Mapping[str, ChainHead], links: Iterable[Link]) -> dict[str, ChainHead]:
    """Return the heads after ``links``, which stand one behind the other, each checked against the head of its gateway, and every
    input against its record. A gateway that ``heads`` does not know begins with its first link. Raises ChainBroken."""
    found, before = dict(heads), None
    for link in links:
        if before is not None and link.seq != before + 1:
            raise ChainBroken(partition, before + 1)
        known = found.get(link.gateway)
        previous = None if known is None else Link(known.seq, link.gateway, known.counter, b"", known.hash, None)
        _check(partition, previous, link, True)
        _check_input(partition, link)
        found[link.gateway], before = ChainHead(link.seq, link.counter, link.hash), link.seq
    return found


async def find_lost_head(
    intake: Links, heads: Mapping[str, ChainHead], deleted: Sequence[Run] = ()
) -> tuple[str, ChainHead] | None:
    """A gateway incarnation, with its noted head, whose record is not there or is another; None where all are as noted. One that
    was ``deleted`` is where it was noted."""
    for gateway, head in sorted(heads.items(), key=lambda each: each[1].seq):  # files of the archive are opened once each
        if any(_was_deleted(gateway, head, run) for run in deleted):
            continue
        found = await intake.links(head.seq - 1, 1)
        if [(each.seq, each.gateway, each.counter, each.hash) for each in found] != [
            (head.seq, gateway, head.counter, head.hash)
        ]:
            return gateway, head
    return None


def _was_deleted(gateway: str, head: ChainHead, run: Run) -> bool:
    is_there = run.gateway == gateway and run.seq <= head.seq <= run.last and head.seq - run.seq == head.counter - run.counter
    return is_there and (head.seq < run.last or head.hash == run.hash)


def _check(partition: str, previous: Link | None, link: Link, is_trimmed: bool) -> None:
    if previous is None and is_trimmed and link.counter > 1:
        return
    counter, head = (previous.counter, previous.hash) if previous else (0, GENESIS)
    if link.counter != counter + 1 or link.hash != chain_hash(head, link.counter, link.body):
        raise ChainBroken(partition, link.seq)


def _check_input(partition: str, link: Link) -> None:
    """The chain holds the input's salted digest only, so that the input can be erased: one that is there must fit it."""
    record = json.loads(link.body)
    if link.payload is not None and digest_of(record["salt"].encode() + link.payload) != record["payload_digest"]:
        raise ChainBroken(partition, link.seq)
