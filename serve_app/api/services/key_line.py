"""Make, renew and end keys: the journal first, then the store, and no text for a key that ended meanwhile."""

from collections.abc import Iterable
from secrets import token_bytes
from typing import Any

from hitl.access import IssueKey, KeysOver, RevokeKey, RotateKey
from hitl.errors import KeyOver, KeyRotated, KeyShown, TooManyRequests
from hitl.identity import Principal
from hitl.identity.keys import ID_BYTES, KeyRecord, family_of, issue, successor_of
from hitl.identity.views import IssuedKey
from hitl.machine.shards import ACCESS
from serve_app.api.services.context import ApiPorts, Caller

AGAIN_S = 60
"""When a key has ended by then, another may be issued."""


async def issue_key(ports: ApiPorts, caller: Caller, owner: Principal, ttl_s: float | None, asked: Any) -> IssuedKey:
    """Issue the first key of a line. Raises KeyShown, TooManyRequests."""
    name, records = await _new_name(ports, caller)
    _check_cap(ports, owner.id, records)
    expires_at = None if ttl_s is None else ports.wall() + ttl_s
    text, record = issue(owner, ports.wall(), token_bytes, name, expires_at)
    command = IssueKey(name, owner.id, expires_at, caller.principal.id)
    await ports.shards.submit(ACCESS, caller.envelope(command, asked))
    return await _shown(ports, record, text)


async def rotate_key(ports: ApiPorts, caller: Caller, old: KeyRecord, grace_s: float, asked: Any) -> IssuedKey:
    """Return the key that follows ``old``, with the rights of ``old``, which ends after ``grace_s``. Raises KeyShown, KeyRotated,
    KeyOver, TooManyRequests."""
    name, records = await _new_name(ports, caller)
    if (successor := successor_of(old.key_id, records, ports.wall())) is not None:
        raise KeyRotated(old.key_id, successor.key_id)
    _check_cap(ports, old.principal.id, [record for record in records if grace_s or record.key_id != old.key_id])
    text, record = issue(old.principal, ports.wall(), token_bytes, name, old.expires_at, old)
    ending = old.ending(ports.wall() + grace_s)
    ends_at = ports.wall() + grace_s if ending.expires_at is None else ending.expires_at
    command = RotateKey(name, old.principal.id, old.expires_at, caller.principal.id, old.key_id, ends_at)
    await ports.shards.submit(ACCESS, caller.envelope(command, asked))
    await ports.directory.put(ending)
    return await _shown(ports, record, text, old.key_id)


async def revoke_key(ports: ApiPorts, caller: Caller, record: KeyRecord) -> list[str]:
    """End the key with its whole line: the ids of all that are over."""
    line = tuple(family_of(record, await ports.directory.stored()))
    command = RevokeKey(record.key_id, record.principal.id, ports.wall(), caller.principal.id, line)
    ended = await ports.shards.submit(ACCESS, caller.envelope(command, {"end": record.key_id}, "end"))
    for key_id in ended.key_ids:
        await ports.directory.remove(key_id)
    return ended.key_ids


async def _new_name(ports: ApiPorts, caller: Caller) -> tuple[str, list[KeyRecord]]:
    """Return the new key's id, and all records. The id follows from the idempotency key: a repetition never makes a second key,
    and never shows the first again."""
    name = caller.command_id()[: 2 * ID_BYTES]
    records = await ports.directory.stored()
    if any(known.key_id == name for known in records):
        raise KeyShown(name)
    return name, records


def _check_cap(ports: ApiPorts, account: str, records: Iterable[KeyRecord]) -> None:
    living = sum(record.principal.id == account and not record.is_over(ports.wall()) for record in records)
    if living >= ports.caps.keys:
        raise TooManyRequests(account, f"{ports.caps.keys} living keys of one account", AGAIN_S)


async def _shown(ports: ApiPorts, record: KeyRecord, text: str, *others: str) -> IssuedKey:
    """The text leaves only for a key that still stands after it was put: a revocation may have come between, also of the
    ``others`` that were put again."""
    await ports.directory.put(record)
    over = (await ports.shards.ask(ACCESS, KeysOver((record.key_id, *others)))).key_ids
    for key_id in over:
        await ports.directory.remove(key_id)
    if record.key_id in over:
        raise KeyOver(record.key_id)
    return IssuedKey(record.key_id, record.principal.id, record.created_at, record.expires_at, text)
