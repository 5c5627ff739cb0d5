"""Ask a second person before rights are given that one person cannot give alone."""

from typing import Any

from hitl.access import AskGrant, GrantOf
from hitl.access.views import GrantView
from hitl.errors import GrantClosed
from hitl.identity.accounts import Account
from hitl.machine.shards import ACCESS
from serve_app.api.services.context import ApiPorts, Caller
from serve_app.http.described_answer import described

ID_LENGTH = 12

WAITS = described(202, "waits for a second person", GrantView)


async def grant_of(ports: ApiPorts, caller: Caller, kind: str, wish: Account, asked: Any) -> GrantView:
    """Return the grant that the request waits for, as it stands: open or confirmed. The same request finds the same grant. Raises
    GrantClosed for one that was refused, is too old, or gives something else than ``wish``; TooManyRequests."""
    name = caller.command_id("grant")[:ID_LENGTH]
    command = AskGrant(name, kind, wish.view(), caller.principal.id)
    first = await ports.shards.submit(ACCESS, caller.envelope(command, asked, "grant"))
    now = (await ports.shards.ask(ACCESS, GrantOf(name))).grant or first
    if now.status not in ("open", "confirmed"):
        raise GrantClosed(name, now.status)
    if (now.kind, now.wish, now.asked_by) != (kind, wish.view(), caller.principal.id):
        raise GrantClosed(name, "overtaken by a later change of the account")
    if kind == "key" and ports.wall() >= now.ends_at:
        raise GrantClosed(name, "too old for a key to be fetched")
    return now
