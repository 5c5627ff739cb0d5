"""The keys of accounts: a key and its successors live and end together. Every change stands in the access journal first."""

from fastapi import APIRouter, Response

from hitl.access import NoteReveal
from hitl.access.views import GrantView
from hitl.errors import Forbidden, NotFound
from hitl.identity.accounts import Account
from hitl.identity.keys import KeyRecord
from hitl.identity.views import IssuedKey
from hitl.machine.shards import ACCESS
from serve_app.api.bodies.identity import KeyBody, RotateBody
from serve_app.api.services import key_line
from serve_app.api.services.account_rights import AccountName, account_of, require_admin
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.second_person import WAITS, grant_of
from serve_app.api.services.signing_secrets import make_secret
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.human_loops import SigningSecret
from serve_app.api.views.identity import AccountKeys, RevokedKey

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=StrictRoute)


@router.get("/accounts/{account}/keys", summary="The account's keys, without their secrets (admin)")
async def list_keys(account: AccountName, ports: PortsOf, caller: AnyCaller) -> AccountKeys:
    """Those whose rights the caller's key holds."""
    require_admin(caller)
    held = [record for record in await ports.directory.all() if caller.principal.manages(record.principal)]
    mine = sorted((record for record in held if record.principal.id == account), key=lambda record: record.created_at)
    return AccountKeys([record.view() for record in mine])


@router.post(
    "/accounts/{account}/keys", status_code=201, summary="Issue a key; its text is shown this once (admin)", responses=WAITS
)
async def issue_key(
    account: AccountName, body: KeyBody, response: Response, ports: PortsOf, caller: KeyedCaller
) -> IssuedKey | GrantView:
    """202 and a grant for somebody else's account with a role that takes a second person (approver, admin): the same request
    gets the key once they have confirmed it."""
    require_admin(caller)
    owner = await account_of(ports, caller, account)
    if owner.guarded_roles and owner.id != caller.principal.id:
        grant = await grant_of(ports, caller, "key", owner, body.model_dump())
        if grant.status == "open":
            response.status_code = 202
            return grant
    return await key_line.issue_key(ports, caller, owner.principal(), body.ttl_s, body.model_dump())


@router.post("/keys/{key_id}/rotate", status_code=201, summary="Issue the next key; the old one ends soon (admin, owner)")
async def rotate_key(key_id: str, body: RotateBody, ports: PortsOf, caller: KeyedCaller) -> IssuedKey:
    """One living key follows another: a second rotation of the same key is refused."""
    old = await _key(ports, caller, key_id)
    if Account.of(old.principal).strong_roles and not caller.principal.holds(old.principal):
        raise Forbidden(caller.principal.id, "take the next key of somebody who votes or keeps keys: have one issued")
    return await key_line.rotate_key(ports, caller, old, body.grace_s, body.model_dump())


@router.post(
    "/keys/{key_id}/signing-secret", status_code=201, summary="Make the key's signing secret, shown this once (its owner)"
)
async def make_signing_secret(key_id: str, ports: PortsOf, caller: KeyedCaller) -> SigningSecret:
    """It signs requests with the key's rights, and ends with the key. A key has one: the next key of its line gets the next."""
    record = await _key(ports, caller, key_id)
    if not caller.principal.holds(record.principal):
        raise Forbidden(caller.principal.id, "make a secret for another's key")
    note = NoteReveal("signing_secret", key_id, None, caller.principal.id, "a signing secret was made and shown")
    await ports.shards.submit(ACCESS, caller.envelope(note, {"signing_secret": key_id}))
    return SigningSecret(key_id, await make_secret(ports, key_id))


@router.delete("/keys/{key_id}", summary="Revoke a key and its whole line: worthless within two seconds (admin, owner)")
async def revoke_key(key_id: str, ports: PortsOf, caller: KeyedCaller) -> RevokedKey:
    """Its line is what it follows and what follows it: who holds one of them may hold the others."""
    record = await _key(ports, caller, key_id)
    return RevokedKey(key_id, await key_line.revoke_key(ports, caller, record))


async def _key(ports: ApiPorts, caller: Caller, key_id: str) -> KeyRecord:
    """Return the key, for admins, and for its owner by a key that may do as much: a small key ends or renews no greater one.
    Raises NotFound."""
    found = next((record for record in await ports.directory.all() if record.key_id == key_id), None)
    if found is None or not (caller.principal.manages(found.principal) or caller.principal.holds(found.principal)):
        raise NotFound("key", key_id)
    return found
