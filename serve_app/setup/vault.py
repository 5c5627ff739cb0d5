"""Seal incoming values, and show stored ones masked, as each task declares. Nothing clear comes out of here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_bytes

from hitl.blobs.handle import BlobHandle, handles_in
from hitl.blobs.names import BlobName
from hitl.blobs.ownership import open_handle
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig, NotFound
from hitl.intake import CaseRecord, StoredCase
from hitl.sealing import Keys, Sealed, seal_payload
from hitl.sealing.opening import open_clear, open_payload
from hitl.sealing.payload import MARK, masked
from hitl.tasks import TaskSpec
from hitl.tasks.book import definition_at


@dataclass(frozen=True)
class Vault:
    """``keys`` None: this installation has no master key, and no task may be sealed."""

    tasks: Mapping[str, TaskSpec]
    keys: Keys | None = None

    def hides(self, task: str) -> bool:
        """Tell whether anything of the task's new inputs is sealed or masked; once it is, it stays so."""
        spec = self._spec(task)
        return spec is not None and spec.is_sealed

    def masks(self, task: str) -> bool:
        """Tell whether answers show some of the task's values as ``***``."""
        spec = self._spec(task)
        return spec is not None and spec.masks

    def hides_case(self, record: CaseRecord) -> bool:
        """Tell whether anything of the case's input is sealed or masked: its task may have been sealed since."""
        return self.defined(record).is_sealed

    def seal(self, task: str, case_id: str, payload: bytes) -> Sealed:
        """Return the stored form of ``payload``: itself, with an empty key, unless its task is sealed."""
        if not self.hides(task):
            return Sealed(payload, b"")
        return seal_payload(self.keys_of(task), case_id, payload, token_bytes)

    def shown(self, task: str, payload: bytes) -> bytes:
        """``payload`` as answers show it."""
        if not self.hides(task):  # what is masked is sealed
            return payload
        spec = self._spec(task)
        return payload if spec is None else masked(spec, payload)

    def shown_of(self, case: StoredCase) -> bytes:
        """Return the stored payload of ``case`` as answers show it. Raises SealBroken."""
        record = case.record
        if self.keys is None and case.wrapped_key is None:
            return masked(self.defined(record), case.payload)
        keys, spec = self.keys_of(record.task), self.defined(record)
        return open_payload(keys, spec, record.case_id, case.payload, case.wrapped_key).shown

    def body_digest_of(self, case: StoredCase) -> str | None:
        """Return the digest of the request that made ``case``, for its repetitions; None once it was erased. Raises
        SealBroken."""
        record = case.record
        if self.keys is None and case.wrapped_key is None:
            return digest_of(case.payload)
        keys, spec = self.keys_of(record.task), self.defined(record)
        clear = open_payload(keys, spec, record.case_id, case.payload, case.wrapped_key).clear
        return None if clear is None else digest_of(clear)

    def blobs_of(self, case: StoredCase) -> list[BlobName]:
        """Return the names of the files that ``case`` may name; none once it was erased. Raises SealBroken."""
        return [open_handle(handle).name for handle in self._handles_of(case)]

    def handle_of(self, case: StoredCase, sha256: str) -> BlobHandle | None:
        """Return the handle under which ``case`` names a file with this digest, for a repetition that brings the same bytes;
        None where it names none. Raises SealBroken."""
        return next((handle for handle in self._handles_of(case) if handle.sha256 == sha256), None)

    def is_erased(self, case: StoredCase) -> bool:
        """Tell whether the input of ``case`` was forgotten."""
        return case.wrapped_key is None and case.payload.startswith(MARK)

    def _handles_of(self, case: StoredCase) -> list[BlobHandle]:
        record, clear = case.record, case.payload
        if self.keys is not None or case.wrapped_key is not None:
            opened = open_clear(self.keys_of(record.task), record.case_id, case.payload, case.wrapped_key)
            clear = b"null" if opened is None else opened
        return list(handles_in(json.loads(clear)))

    def defined(self, record: CaseRecord) -> TaskSpec:
        """Return what defined the task when the case was routed: so it was parsed, sealed and is hidden. Raises NotFound."""
        spec = definition_at(self.tasks, record.task, record.generation)
        if spec is None:
            raise NotFound("task", record.task)
        return spec

    def _spec(self, task: str) -> TaskSpec | None:
        return self.tasks.get(task)

    def check(self) -> None:
        """Raises InvalidConfig when a task needs a master key and there is none."""
        for name, spec in self.tasks.items():
            if spec.is_sealed:
                self.keys_of(name)

    def keys_of(self, task: str) -> Keys:
        """Return the master keys. Raises InvalidConfig where there are none."""
        if self.keys is None:
            raise InvalidConfig("HITL_MASTER_KEY", "master_key", f"task {task} seals its inputs: set it")
        return self.keys
