"""The chains inside an intake partition: each gateway incarnation links its own records, so that gateways need not meet."""

from dataclasses import dataclass
from typing import Protocol

from hitl.errors import ChainBroken
from hitl.journal.entry import GENESIS, chain_hash

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Link:
    """Record number ``counter`` (from 1) of incarnation ``gateway``, at position ``seq`` of the partition."""

    seq: int
    gateway: str
    counter: int
    body: bytes
    hash: str


class Links(Protocol):
    async def links(self, after_seq: int, limit: int) -> list[Link]:
        """Up to ``limit`` links after position ``after_seq``, in order."""


async def verify_intake(partition: str, intake: Links) -> tuple[int, dict[str, str]]:
    """The number of records and each incarnation's last hash, after checking every link. Where the beginning of the
    partition was trimmed, the first record of an incarnation anchors its chain.

    Raises ChainBroken at the first position that does not follow.
    """
    heads: dict[str, Link] = {}
    count, after, is_trimmed = 0, 0, False
    while page := await intake.links(after, PAGE):
        is_trimmed = is_trimmed or (after == 0 and page[0].seq > 1)
        for link in page:
            _check(partition, heads.get(link.gateway), link, is_trimmed)
            heads[link.gateway] = link
        count, after = count + len(page), page[-1].seq
    return count, {gateway: link.hash for gateway, link in heads.items()}


def _check(partition: str, previous: Link | None, link: Link, is_trimmed: bool) -> None:
    if previous is None and is_trimmed and link.counter > 1:
        return
    counter, head = (previous.counter, previous.hash) if previous else (0, GENESIS)
    if link.counter != counter + 1 or link.hash != chain_hash(head, link.counter, link.body):
        raise ChainBroken(partition, link.seq)
