"""Seal the sensitive values of an approval request before the command leaves for its shard."""

from dataclasses import replace

from hitl.access import SealErasureOf
from hitl.approval.commands import AskApproval, RequestApproval
from hitl.approval.questions import ApprovalOf, SensitiveKeys
from hitl.approval.sealable import require_sealable
from hitl.canonical import JsonObject, digest_of
from hitl.errors import Erased, InvalidInput, NotFound
from hitl.machine.shards import ACCESS, APPROVAL
from serve_app.api.bodies.approvals import ApprovalBody
from serve_app.api.services.context import ApiPorts, Caller

Request = RequestApproval | AskApproval


async def sealed(ports: ApiPorts, caller: Caller, body: ApprovalBody, command: Request) -> tuple[Request, JsonObject]:
    """Return the command to submit, and what the caller asked, to compare repetitions with: neither holds a sensitive value or a
    plain digest of one. Raises InvalidInput; Erased for the repetition of an erased request."""
    asked = body.model_dump(mode="json", exclude=None if body.sensitive else {"sensitive"})
    names = await _names(ports, body)
    if not names:
        return command, asked
    subject = await _subject(ports, caller, body)
    if (known := (await ports.shards.ask(ACCESS, SealErasureOf(subject))).erasure) is not None:
        raise Erased(known.approval_id, "approval")
    found = await ports.approval_vault.seal(subject, {"context": body.context, "metadata": body.metadata}, names)
    context, metadata = found.masked["context"], found.masked["metadata"]
    hidden = replace(command, context=context, metadata=metadata, sealed=found.sealed, cipher=found.cipher)
    return hidden, asked | found.masked | {"sealed": found.sealed}


async def _names(ports: ApiPorts, body: ApprovalBody) -> set[str]:
    """Return the keys to seal: those that the request names, and those that its kind always has sealed."""
    given = {*body.context, *body.metadata}
    require_sealable(body.kind, body.sensitive)
    if not given.issuperset(body.sensitive):
        raise InvalidInput("/sensitive", "keys of the context or the metadata")
    always = (await ports.shards.ask(APPROVAL, SensitiveKeys(body.kind.value))).sensitive
    return {*body.sensitive, *(given.intersection(always))}


async def _subject(ports: ApiPorts, caller: Caller, body: ApprovalBody) -> str:
    """Return the same for every repetition of the request: by its own name, or by the caller's key. Always the caller's own:
    under a shared data key, somebody else's repetition would tell whether they guessed a sealed value."""
    if not body.id:
        return _digest_of("request", caller.principal.id, caller.route, caller.key)
    older = _digest_of("name", body.id)
    if await ports.approval_vault.store.find(older) is not None and await _is_own(ports, caller, body.id):
        return older
    return _digest_of("name", caller.principal.id, body.id)


async def _is_own(ports: ApiPorts, caller: Caller, approval_id: str) -> bool:
    """Tell whether ``caller`` asked for this approval."""
    try:
        found = await ports.shards.ask(APPROVAL, ApprovalOf(approval_id, caller.principal))
    except NotFound:
        return False
    return found.approval.requested_by == caller.principal.id


def _digest_of(*parts: str) -> str:
    return digest_of("\x00".join(parts).encode())
