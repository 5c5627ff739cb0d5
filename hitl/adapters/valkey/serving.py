"""The serving pointers: one hash beside the intake of each partition."""

import json
import logging
from dataclasses import asdict
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.canonical import canonical
from hitl.intake.ports import Pointer

log = logging.getLogger(__name__)


class ValkeyServing:
    """The hitl.intake.ports.Serving of ``partitions`` partitions. Partition 0 is written last and read by ``current``:
    what it shows stands everywhere."""

    def __init__(self, client: Redis, partitions: int) -> None:
        self._client, self._partitions = client, partitions
        self._publish = script(client, "publish_pointer")

    async def publish(self, task: str, pointer: Pointer) -> None:
        args: list[str | bytes | int] = [task, pointer.generation, canonical(asdict(pointer))]
        for partition in reversed(range(self._partitions)):
            with store_errors():
                await self._publish(keys=[names.serving(partition)], args=args)

    async def current(self) -> dict[str, Pointer]:
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.serving(0)))
        pointers = {task.decode(): _decode(text) for task, text in stored.items()}
        return {task: pointer for task, pointer in pointers.items() if pointer is not None}


def _decode(text: bytes) -> Pointer | None:
    """The pointer, or None for what is none: it hides its own task's pointer, not the others."""
    try:
        fields = json.loads(text)
        versions = tuple((digest, float(share)) for digest, share in fields["versions"])
        return Pointer(int(fields["generation"]), versions, int(fields["journal_seq"]))
    except (ValueError, KeyError, TypeError):
        log.exception("a serving pointer is malformed")
        return None
