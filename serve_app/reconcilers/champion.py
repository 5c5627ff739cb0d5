"""Keep the registry's alias ``champion`` on what serves; nothing in the product reads it."""

import asyncio
from typing import Protocol

from hitl.crashpoints import crashpoint
from hitl.errors import NotFound
from hitl.machine.shards import APPROVAL, Shards
from hitl.serving.questions import Pointers
from hitl.serving.views import PointerView
from serve_app.http.telemetry import json_log

log = json_log()


class ChampionAliases(Protocol):
    """The part of hitl.adapters.mlflow.registry.ModelRegistry that is used here. Blocks."""

    def current_champion(self, task: str) -> str | None: ...

    def set_champion(self, task: str, digest: str) -> str: ...


class ChampionAlias:
    """``behind`` counts the tasks whose alias is not where the journal says."""

    def __init__(self, shards: Shards, registry: ChampionAliases) -> None:
        self._shards, self._registry = shards, registry
        self._unregistered: set[tuple[str, str]] = set()
        self.behind = 0

    async def once(self) -> None:
        """Move what is elsewhere. Raises StoreUnavailable while the registry is away."""
        pointers = await self._shards.ask(APPROVAL, Pointers())
        wanted = {task: _main_version(pointer) for task, pointer in pointers.items()}
        self.behind = len(wanted)
        for task, digest in wanted.items():
            self.behind -= await self._move_alias(task, digest)

    async def _move_alias(self, task: str, digest: str) -> bool:
        """Move the alias to ``digest`` where it is elsewhere; False where the registry does not know the model."""
        if await asyncio.to_thread(self._registry.current_champion, task) == digest:
            return True
        crashpoint("promotion.before_alias")
        try:
            version = await asyncio.to_thread(self._registry.set_champion, task, digest)
        except NotFound:
            self._tell_once(task, digest)
            return False
        crashpoint("promotion.after_alias")
        log.info("champion alias moved", task=task, digest=digest, version=version)
        return True

    def _tell_once(self, task: str, digest: str) -> None:
        if (task, digest) not in self._unregistered:
            self._unregistered.add((task, digest))
            log.warning("the serving model is not in the registry", task=task, digest=digest)


def _main_version(pointer: PointerView) -> str:
    """Return the digest with the largest share."""
    digest, _ = max(pointer.versions, key=lambda pair: pair[1])
    return digest
