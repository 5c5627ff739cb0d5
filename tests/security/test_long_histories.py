"""An auditor who reads a long history leaves everybody else their turns."""

import asyncio
from collections.abc import Sequence

import pytest

from hitl.journal import Entry
from hitl.journal.entry import GENESIS, chain_hash
from serve_app.api.services.audit import AT_ONCE, BYTES_AT_ONCE, verified_in_turns


class InMemory:
    """A journal whose reads never wait: nothing but the reader itself can give way."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self.entries, head = list[Entry](), GENESIS
        for seq, body in enumerate(bodies, 1):
            head = chain_hash(head, seq, body)
            self.entries.append(Entry(seq, body, head))

    async def read(self, after: int, limit: int) -> list[Entry]:
        return self.entries[after : after + limit]


async def turns_of_others(bodies: Sequence[bytes]) -> int:
    """How often somebody else came to run while the whole history was read."""
    turns, is_over = 0, False

    async def other() -> None:
        nonlocal turns
        while not is_over:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(other())
    read = [entry.seq async for entry in verified_in_turns("s", InMemory(bodies))]  # type: ignore[arg-type]
    is_over = True
    await running
    assert read == list(range(1, len(bodies) + 1))
    return turns


@pytest.mark.parametrize(("count", "size"), [(20 * AT_ONCE, 2), (20, BYTES_AT_ONCE)])
async def test_many_entries_or_large_ones_let_others_run(count: int, size: int) -> None:
    assert await turns_of_others([b'"' + b"a" * (size - 2) + b'"'] * count) >= 20
