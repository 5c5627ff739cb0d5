"""Seal incoming values and open stored ones, as each task declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from secrets import token_bytes

from hitl.errors import InvalidConfig
from hitl.intake import StoredCase
from hitl.sealing import Keys, OpenedPayload, Sealed, open_payload, seal_payload
from hitl.sealing.payload import masked
from hitl.tasks import TaskSpec


@dataclass(frozen=True)
class Vault:
    """``keys`` None: this installation has no master key, and no task may be sealed."""

    tasks: Mapping[str, TaskSpec]
    keys: Keys | None = None

    def hides(self, task: str) -> bool:
        """Tell whether anything of the task's inputs is sealed or masked."""
        return task in self._hiding

    @cached_property
    def _hiding(self) -> frozenset[str]:
        return frozenset(name for name, spec in self.tasks.items() if spec.is_sealed)

    def seal(self, task: str, case_id: str, payload: bytes) -> Sealed:
        """The stored form of ``payload``: itself, with an empty key, unless its task is sealed."""
        if not self.hides(task):
            return Sealed(payload, b"")
        return seal_payload(self._keys(task), case_id, payload, token_bytes)

    def shown(self, task: str, payload: bytes) -> bytes:
        """``payload`` as answers show it."""
        if not self.hides(task):  # what is masked is sealed
            return payload
        return masked(self.tasks[task], payload)

    def open(self, case: StoredCase) -> OpenedPayload:
        """The stored payload of ``case``. Raises SealBroken."""
        record = case.record
        if self.keys is None and case.wrapped_key is None:
            return OpenedPayload(case.payload, self.shown(record.task, case.payload))
        return open_payload(self._keys(record.task), self.tasks[record.task], record.case_id, case.payload, case.wrapped_key)

    def check(self) -> None:
        """Raises InvalidConfig when a task needs a master key and there is none."""
        for name, spec in self.tasks.items():
            if spec.is_sealed:
                self._keys(name)

    def _keys(self, task: str) -> Keys:
        if self.keys is None:
            raise InvalidConfig("HITL_MASTER_KEY", "master_key", f"task {task} seals its inputs: set it")
        return self.keys
