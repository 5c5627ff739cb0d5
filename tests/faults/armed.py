"""The product with an armed crash point, or with one of its promises taken out."""

import os
from typing import Any

from hitl import crashpoints
from tests.faults.mutants import MUTANTS

CRASHED = 77
CRASH, MUTANT, HIT = "crash", "mutant", b"hit"


def become(text: str, line: Any) -> None:
    """``crash:<point>:<exit or raise>:<n>`` arms a point for its n-th passing; ``mutant:<name>`` is one of MUTANTS."""
    if text.startswith(MUTANT + ":"):
        MUTANTS[text.removeprefix(MUTANT + ":")]()
    if text.startswith(CRASH + ":"):
        _, name, how, count = text.split(":")
        crashpoints.ARMED[name] = _Crash(how, int(count), line)


class _Crash:
    """Writes that it was hit, then ends the process or raises, once."""

    def __init__(self, how: str, count: int, line: Any) -> None:
        self._how, self._left, self._line = how, count, line

    def __call__(self) -> None:
        self._left -= 1
        if self._left:
            return
        self._line.send_bytes(HIT)
        if self._how == "exit":
            os._exit(CRASHED)
        raise RuntimeError("an armed crash point")
