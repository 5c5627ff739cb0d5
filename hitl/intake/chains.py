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
    """The number of records and each incarnation's last hash, after checking every link.

    Raises ChainBroken at the first position that does not follow.
    """
    count, heads = 0, dict[str, tuple[int, str]]()
    after = 0
    while page := await intake.links(after, PAGE):
        for link in page:
            _check(partition, heads, link)
        count, after = count + len(page), page[-1].seq
    return count, {gateway: head for gateway, (_, head) in heads.items()}


def _check(partition: str, heads: dict[str, tuple[int, str]], link: Link) -> None:
    counter, previous = heads.get(link.gateway, (0, GENESIS))
    if link.counter != counter + 1 or link.hash != chain_hash(previous, link.counter, link.body):
        raise ChainBroken(partition, link.seq)
    heads[link.gateway] = (link.counter, link.hash)
