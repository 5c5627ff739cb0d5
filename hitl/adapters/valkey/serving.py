"""Serving pointers in Valkey: one hash beside the intake of each partition."""

import json
import logging
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.canonical import canonical
from hitl.intake.ports import Pointer
from hitl.serving.in_force import FIELDS, in_force

log = logging.getLogger(__name__)


class ValkeyServing:
    """The hitl.intake.ports.Serving of ``partitions`` partitions. Partition 0 is written last and read by ``current``:
    what it shows stands everywhere."""

    def __init__(self, client: Redis, partitions: int) -> None:
        self._client, self._partitions = client, partitions
        self._publish, self._restore = script(client, "publish_pointer"), script(client, "restore_pointer")

    async def publish(self, task: str, pointer: Pointer) -> None:
        args: list[str | bytes | int] = [task, pointer.generation, _encode(pointer)]
        for partition in reversed(range(self._partitions)):
            with store_errors():
                await self._publish(keys=[names.serving(partition)], args=args)

    async def restore(self, task: str, pointer: Pointer) -> bool:
        args: list[str | bytes | int] = [task, _encode(pointer)]
        with store_errors():
            changed = [await self._restore(keys=[names.serving(each)], args=args) for each in range(self._partitions)]
        return any(changed)

    async def current(self) -> dict[str, Pointer]:
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.serving(0)))
        pointers = {task.decode(): _decode(text) for task, text in stored.items()}
        return {task: pointer for task, pointer in pointers.items() if pointer is not None}


def _encode(pointer: Pointer) -> bytes:
    """What is empty is left out: the store reads the text with every batch."""
    versions = [list(version) for version in pointer.versions]
    fields = {name: getattr(pointer, name) for name in FIELDS if getattr(pointer, name)}
    told = {"generation": pointer.generation, "journal_seq": pointer.journal_seq, "versions": versions}
    return canonical({**fields, **told})


def _decode(text: bytes) -> Pointer | None:
    """Return the pointer, or None for what is none: it hides its own task's pointer, not the others."""
    try:
        fields = json.loads(text)
        versions = tuple((digest, float(share)) for digest, share in fields["versions"])
        now = in_force(fields).fields()
        return Pointer(int(fields["generation"]), versions, int(fields["journal_seq"]), **now)
    except (ValueError, KeyError, TypeError):
        log.exception("a serving pointer is malformed")
        return None
