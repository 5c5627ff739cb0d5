"""The memory of what was answered, so that a repeated command gets its first answer and has no second effect.

The answers themselves stay where they are: in their entries of the journal.
"""

import hashlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np

from hitl.errors import IdempotencyConflict
from hitl.hash_halves import hash_to_halves
from hitl.journal.entry import Commit, Effect

MAX_ANSWERS = 200_000
"""13 MB in all: each takes 40 bytes, and four to eight in the table of places; room doubles when it is used up."""

KEEP_S = 7 * 86_400.0
FIRST_ROOM = 1024
NOWHERE = -1

INTEGERS, TIMES = np.dtype("<u8"), np.dtype("<f8")

FIELDS = ("high", "low", "fingerprint", "seq", "at")
"""Of a row: the halves of a 16-byte hash of the command's id, a hash of its fingerprint, the seq of its entry, and when."""


class Ledger:
    """Where the newest commands were answered: at most ``max_answers``, none older than ``keep_s`` against the newest.

    Packed: a ring of rows in the order in which they came, and a table of their places, found by the hash of a command's id with
    linear probing; a place that becomes free is filled from behind (Knuth, The Art of Computer Programming 3, 6.4, algorithm
    R)."""

    def __init__(self, max_answers: int = MAX_ANSWERS, keep_s: float = KEEP_S) -> None:
        self._max_answers, self._keep_s = max_answers, keep_s
        self._oldest = self._count = 0
        self._high, self._low, self._fingerprint, self._seq = (array("Q") for _ in range(4))
        self._at = array("d")
        self._make_room(FIRST_ROOM)

    def __len__(self) -> int:
        return self._count

    def recall(self, command_id: str, fingerprint: str) -> int | None:
        """Return the seq of the entry with the answer that was given, or None for a new command. Raises IdempotencyConflict."""
        row = self._table[self._slot(*hash_to_halves(command_id))]
        if row == NOWHERE:
            return None
        if self._fingerprint[row] != _short(fingerprint):
            raise IdempotencyConflict(command_id)
        return self._seq[row]

    def record(self, seq: int, commit: Commit | Effect[Any]) -> None:
        """Remember that entry ``seq`` is ``commit``, and forget what is over the bounds."""
        self._remember(commit.command_id, commit.fingerprint, seq, commit.at)
        oldest_at = commit.at - self._keep_s
        while self._count > self._max_answers or self._at[self._oldest] < oldest_at:
            self._forget_oldest()

    def to_plain(self) -> dict[str, str]:
        """Return what is remembered as JSON: the values of each of FIELDS, oldest first, as base64 of eight little-endian bytes
        each."""
        order = (self._oldest + np.arange(self._count)) % self._room
        columns = zip(FIELDS, self._columns(), strict=True)
        return {name: b64encode(np.asarray(each)[order].astype(_stored(name)).tobytes()).decode() for name, each in columns}

    def restore(self, told: Mapping[str, str] | list[list[Any]]) -> None:
        """Take over what the ``to_plain`` of another ledger returned, or rows of command id, fingerprint, seq and time, which
        earlier versions kept. This one must be empty. Raises ValueError for other columns."""
        if isinstance(told, list):
            self._restore_rows(told)
            return
        if told.keys() != set(FIELDS) or len({len(column) for column in told.values()}) > 1:
            raise ValueError(f"columns {FIELDS} of one length")
        for name, column in zip(FIELDS, self._columns(), strict=True):
            stored = np.frombuffer(b64decode(told[name]), _stored(name))
            del column[:]
            column.frombytes(stored.astype(stored.dtype.newbyteorder("=")).tobytes())
        self._count = len(self._high)
        self._make_room(max(FIRST_ROOM, 1 << self._count.bit_length()))

    def _restore_rows(self, rows: list[list[Any]]) -> None:
        for command_id, fingerprint, seq, at in rows:
            self._remember(command_id, fingerprint, seq, at)

    def _remember(self, command_id: str, fingerprint: str, seq: int, at: float) -> None:
        high, low = hash_to_halves(command_id)
        slot = self._slot(high, low)
        row = self._table[slot]
        if row == NOWHERE:
            if self._count == self._room:
                self._grow()
                slot = self._slot(high, low)
            row = self._table[slot] = (self._oldest + self._count) % self._room
            self._count += 1
            self._high[row], self._low[row] = high, low
        self._fingerprint[row], self._seq[row], self._at[row] = _short(fingerprint), seq, at

    def _forget_oldest(self) -> None:
        slot = self._slot(self._high[self._oldest], self._low[self._oldest])
        self._oldest, self._count = (self._oldest + 1) % self._room, self._count - 1
        table, mask, behind = self._table, self._mask, slot
        while (row := table[behind := (behind + 1) & mask]) != NOWHERE:
            if (behind - self._high[row]) & mask >= (behind - slot) & mask:  # its search would pass by the free place
                table[slot], slot = row, behind
        table[slot] = NOWHERE

    def _slot(self, high: int, low: int) -> int:
        """Return the place in the table of the command's row, or where it would come."""
        table, mask = self._table, self._mask
        slot = high & mask
        while (row := table[slot]) != NOWHERE and (self._high[row] != high or self._low[row] != low):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        """Double the room of a ring that is full."""
        for column in self._columns():
            column[:] = column[self._oldest :] + column[: self._oldest]
        self._oldest = 0
        self._make_room(2 * self._room)

    def _make_room(self, room: int) -> None:
        """Have room for ``room`` rows, a power of two, of which those that are there come first, the oldest before all; and make
        their table."""
        self._room, self._mask = room, 2 * room - 1
        for column in self._columns():
            column.frombytes(bytes(8 * (room - len(column))))
        table, mask = array("i", [NOWHERE]) * (2 * self._room), self._mask
        for row, high in enumerate(self._high[: self._count]):
            slot = high & mask
            while table[slot] != NOWHERE:
                slot = (slot + 1) & mask
            table[slot] = row
        self._table = table

    def _columns(self) -> "tuple[array[Any], ...]":
        return self._high, self._low, self._fingerprint, self._seq, self._at


def _stored(name: str) -> np.dtype[Any]:
    return TIMES if name == "at" else INTEGERS


def _short(fingerprint: str) -> int:
    return int.from_bytes(hashlib.blake2b(fingerprint.encode(), digest_size=8).digest(), "little")
