"""Standing alerts in Valkey; a change and its deliveries are written together."""

import json
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.canonical import canonical
from hitl.outbox.alerts import Change, OpenAlert


class ValkeyAlerts:
    """Every method raises StoreUnavailable."""

    def __init__(self, client: Redis) -> None:
        self._client, self._change = client, script(client, "outbox_alert")

    async def standing(self) -> dict[str, OpenAlert]:
        """Return the alerts that stand, by name."""
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.outbox("alerts")))
        return {name.decode(): OpenAlert(**json.loads(text)) for name, text in stored.items()}

    async def write(self, change: Change) -> bool:
        """False, and nothing done, when the alert is not as ``change`` found it."""
        keys = [names.outbox(part) for part in ("alerts", "deliveries", "due", "counts")]
        after = canonical(change.after.plain()) if change.after else b""
        rows = [part for each in change.deliveries for part in (each.id, canonical(each.plain()), each.next_at)]
        with store_errors():
            done = await self._change(keys=keys, args=[change.name, change.before.seq if change.before else 0, after, *rows])
        return bool(done)
