"""The guard of clear values: whoever reads what is sealed reads it here, after the access journal says who does and why.

A person's reveal is an event each time that something is shown, also for a repeated request. Programs of the service read many
cases for one purpose: one event says how many, of which task and where in the stream.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hitl.access import ErasureOf, NoteReveal, NoteSealedRead, SealErasureOf
from hitl.approval.views import SealedApproval
from hitl.errors import Erased, Forbidden, InvalidInput
from hitl.intake import StoredCase
from hitl.machine import Envelope
from hitl.machine.shards import ACCESS, Shards
from hitl.sealing import ClearParts, DataKeys
from hitl.sealing.opening import open_parts, open_payload
from serve_app.setup.vault import Vault


class ReadingPurpose(StrEnum):
    """What programs of the service read clear values for."""

    TRAINING = "training"
    SHADOW = "shadow"
    VAULT = "vault"


@dataclass(frozen=True, slots=True)
class ClearReading:
    """Who reads, why in words, and in which request."""

    by: str
    reason: str
    request_id: str


ClearOf = Callable[[StoredCase], bytes | None]
"""The input of one of the cases that were admitted, None once it was erased. Raises SealBroken; Forbidden for another case."""


@dataclass(frozen=True, slots=True)
class ClearValues:
    """``approval_keys`` None: nothing of approvals is sealed here."""

    vault: Vault
    shards: Shards
    approval_keys: DataKeys | None = None

    async def reveal_case(self, case: StoredCase, reading: ClearReading) -> bytes:
        """Return the whole input of ``case``, for a person who may see it. Raises Erased, SealBroken, InvalidInput,
        Unavailable."""
        case_id, task = case.record.case_id, case.record.task
        known = (await self.shards.ask(ACCESS, ErasureOf(case_id))).erasure
        clear = None if known else self._clear(case)
        if clear is None:
            raise Erased(case_id)
        await self._note(NoteReveal("case", case_id, task, reading.by, reading.reason), reading)
        return clear

    async def reveal_approval(self, found: SealedApproval, reading: ClearReading) -> ClearParts:
        """Return what is sealed of an approval, for a person who may see it. Raises as reveal_case."""
        clear = await self._clear_parts(found)
        command = NoteReveal("approval", found.approval_id, found.task or None, reading.by, reading.reason)
        await self._note(command, reading)
        return clear

    async def admit(self, cases: Sequence[StoredCase], purpose: ReadingPurpose, span: str, reading: ClearReading) -> ClearOf:
        """Let a program read ``cases`` of one task; ``span`` says where they stand. Raises Unavailable."""
        sealed = [case for case in cases if case.wrapped_key is not None]
        if sealed:
            task = sealed[0].record.task
            command = NoteSealedRead(purpose.value, task, reading.by, reading.reason, len(sealed), span)
            await self._note(command, reading)
        admitted = frozenset(case.record.case_id for case in cases)

        def clear_of(case: StoredCase) -> bytes | None:
            if case.record.case_id not in admitted:
                raise Forbidden(reading.by, "read a case that was not asked for")
            return self._clear(case)

        return clear_of

    def _clear(self, case: StoredCase) -> bytes | None:
        record = case.record
        if self.vault.keys is None and case.wrapped_key is None:
            return case.payload
        keys, spec = self.vault.keys_of(record.task), self.vault.defined(record)
        return open_payload(keys, spec, record.case_id, case.payload, case.wrapped_key).clear

    async def _clear_parts(self, found: SealedApproval) -> ClearParts:
        if self.vault.keys is None or self.approval_keys is None:
            raise InvalidInput("/sensitive", "nothing: this installation has no master key")
        subject = found.cipher["key"]
        is_erased = (await self.shards.ask(ACCESS, SealErasureOf(subject))).erasure is not None
        wrapped = None if is_erased else await self.approval_keys.find(subject)
        if wrapped is None:
            raise Erased(found.approval_id, "approval")
        parts = {"context": found.context, "metadata": found.metadata}
        return open_parts(parts, found.sealed, found.cipher["texts"], self.vault.keys.unwrap(wrapped, subject))

    async def _note(self, command: NoteReveal | NoteSealedRead, reading: ClearReading) -> None:
        """Each time under an id of its own: what is shown twice is told twice."""
        await self.shards.submit(ACCESS, Envelope(command, uuid.uuid4().hex, "", reading.by, reading.request_id))
