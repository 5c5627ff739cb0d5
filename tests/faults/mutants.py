"""The product with one of its safeguards taken out: what the checks must find. And the product with an armed crash point."""

import os
import re
from typing import Any

from hitl import crashpoints
from hitl.machine import shard as shard_module
from hitl.review import answering
from hitl.review.find import find
from serve_app.gateway import serving_models

CRASHED = 77
CRASH, HIT = "crash", b"hit"


def become(text: str, line: Any) -> None:
    """``crash:<point>:<exit or raise>:<n>`` arms a point for its n-th passing; a name of MUTANTS takes a safeguard out."""
    if text.startswith(CRASH + ":"):
        _, name, how, count = text.split(":")
        crashpoints.ARMED[name] = _Crash(how, int(count), line)
    elif text:
        MUTANTS[text]()


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


def no_epoch() -> None:
    """The store does not ask whether the writer was replaced, nor where it stands."""
    from hitl.adapters.valkey import journal

    load = journal.script

    def without_check(client: Any, name: str) -> Any:
        found = load(client, name)
        text = re.sub(r"if epoch ~= .*? end\n", "", found.script)
        text = re.sub(r"if seq ~= .*? end\n", "", text)
        return client.register_script(text)

    journal.script = without_check


def answer_first() -> None:
    """Callers are answered before the append."""
    decide = shard_module.Shard._decide_waiting

    def decided_and_told(self: Any) -> Any:
        batch = decide(self)
        batch.tell()
        return batch

    shard_module.Shard._decide_waiting = decided_and_told  # type: ignore[method-assign]


def any_lease() -> None:
    """Whoever had a lease once may answer."""
    answering.holding = lambda state, review_id, lease, reviewer: find(state, review_id)


def alias_trusted() -> None:
    """What is published serves, whether the journal decided it or not."""

    async def believed(self: Any, task: str, pointer: Any) -> None:
        return None

    serving_models.ServingModels._check = believed  # type: ignore[method-assign]


MUTANTS = {"no_epoch": no_epoch, "answer_first": answer_first, "any_lease": any_lease, "alias_trusted": alias_trusted}
