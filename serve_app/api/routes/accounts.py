"""Accounts and their keys: who may do what, from now on. Every change stands in the access journal before it works."""

from secrets import token_bytes
from typing import Annotated, Any

from fastapi import APIRouter, Path

from hitl.access import ChangeAccount, IssueKey, RevokeKey
from hitl.canonical import digest_of
from hitl.errors import InvalidInput, KeyShown, NotFound
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.keys import ID_BYTES, KeyRecord, issue
from hitl.identity.views import AccountView, IssuedKey
from hitl.machine.shards import ACCESS
from serve_app.api.bodies.identity import AccountBody, KeyBody, RotateBody
from serve_app.api.services.assignable import known_accounts
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.identity import AccountKeys, Accounts, RevokedKey

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=StrictRoute)

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9~][A-Za-z0-9._@+~-]{0,99}$")]


@router.get("/accounts", summary="Every account and what it may do (admin)")
async def accounts(ports: PortsOf, caller: AnyCaller) -> Accounts:
    _require_admin(caller)
    return Accounts([account.view() for account in sorted(await known_accounts(ports), key=lambda each: each.id)])


@router.put("/accounts/{account}", summary="Say what the account may do, or make it (admin)")
async def put_account(account: Name, body: AccountBody, ports: PortsOf, caller: KeyedCaller) -> AccountView:
    """Works everywhere within two seconds, for its keys and its sessions alike."""
    _require_admin(caller)
    await _require_other_letters(ports, account)
    made = Account.from_plain({"account": account, **body.model_dump(), "roles": _roles(body.roles)})
    told = await ports.shards.submit(ACCESS, caller.envelope(ChangeAccount(made.plain(), caller.principal.id), body.model_dump()))
    await ports.directory.put_account(made)
    return AccountView(**told)


@router.get("/accounts/{account}/keys", summary="The account's keys, without their secrets (admin)")
async def keys(account: Name, ports: PortsOf, caller: AnyCaller) -> AccountKeys:
    _require_admin(caller)
    mine = [record for record in await ports.directory.all() if record.principal.id == account]
    return AccountKeys([record.view() for record in sorted(mine, key=lambda record: record.created_at)])


@router.post("/accounts/{account}/keys", status_code=201, summary="Issue a key; its text is shown this once (admin)")
async def issue_key(account: Name, body: KeyBody, ports: PortsOf, caller: KeyedCaller) -> IssuedKey:
    _require_admin(caller)
    owner = await _account(ports, account)
    expires_at = None if body.ttl_s is None else ports.wall() + body.ttl_s
    return await _issue(ports, caller, owner.principal(), expires_at, body.model_dump())


@router.post("/keys/{key_id}/rotate", status_code=201, summary="Issue the next key; the old one ends soon (admin, owner)")
async def rotate_key(key_id: str, body: RotateBody, ports: PortsOf, caller: KeyedCaller) -> IssuedKey:
    old = await _key(ports, caller, key_id)
    fresh = await _issue(ports, caller, old.principal, old.expires_at, body.model_dump())
    await _end(ports, caller, old, ports.wall() + body.grace_s)
    return fresh


@router.delete("/keys/{key_id}", summary="Revoke a key: worthless within two seconds (admin, owner)")
async def revoke_key(key_id: str, ports: PortsOf, caller: KeyedCaller) -> RevokedKey:
    record = await _key(ports, caller, key_id)
    await _end(ports, caller, record, ports.wall())
    await ports.directory.remove(key_id)
    return RevokedKey(key_id)


async def _issue(ports: ApiPorts, caller: Caller, owner: Principal, expires_at: float | None, asked: Any) -> IssuedKey:
    """The id follows from the idempotency key: a repetition never makes a second key, and never shows the first again."""
    name = digest_of("\x00".join((caller.principal.id, caller.route, caller.key)).encode())[: 2 * ID_BYTES]
    command = IssueKey(name, owner.id, expires_at, caller.principal.id)
    text, record = issue(owner, ports.wall(), token_bytes, name, expires_at)
    if any(known.key_id == name for known in await ports.directory.all()):
        raise KeyShown(name)
    await ports.shards.submit(ACCESS, caller.envelope(command, asked))
    await ports.directory.put(record)
    return IssuedKey(record.key_id, owner.id, record.created_at, record.expires_at, text)


async def _end(ports: ApiPorts, caller: Caller, record: KeyRecord, ends_at: float) -> None:
    command = RevokeKey(record.key_id, record.principal.id, ends_at, caller.principal.id)
    await ports.shards.submit(ACCESS, caller.envelope(command, {"end": record.key_id}, "end"))
    await ports.directory.put(record.ending(ends_at))


async def _key(ports: ApiPorts, caller: Caller, key_id: str) -> KeyRecord:
    """The key, for admins, and for its owner by a key that may do as much: a small key ends or renews no greater one. Raises
    NotFound."""
    found = next((record for record in await ports.directory.all() if record.key_id == key_id), None)
    if found is None or not (caller.principal.may(Role.ADMIN) or caller.principal.holds(found.principal)):
        raise NotFound("key", key_id)
    return found


async def _account(ports: ApiPorts, name: str) -> Account:
    """Raises NotFound."""
    found = next((account for account in await known_accounts(ports) if account.id == name), None)
    if found is None:
        raise NotFound("account", name)
    return found


async def _require_other_letters(ports: ApiPorts, name: str) -> None:
    """Raises InvalidInput for a new name that differs from a known one by case alone: people would mix them up."""
    known = {account.id for account in await known_accounts(ports)}
    alike = sorted(each for each in known if each.casefold() == name.casefold())
    if alike and name not in known:
        raise InvalidInput("/account", f"a name that differs from {alike[0]!r} by more than upper and lower case")


def _roles(names: list[str]) -> list[str]:
    if unknown := set(names) - {role.value for role in Role}:
        raise InvalidInput("/roles", f"roles out of {', '.join(Role)}; {len(unknown)} are unknown")
    return names


def _require_admin(caller: Caller) -> None:
    caller.principal.require("keep accounts and keys", Role.ADMIN)
