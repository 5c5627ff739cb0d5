"""What people write about a case of a sealed task: encrypted on its way in, opened for whoever sees the review.

It is no sealed input: who sees the review reads it. It is encrypted so that an erasure of the case takes it from every store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from secrets import token_bytes
from typing import Any, TypeVar

from hitl.answers.fields import Fields
from hitl.answers.labels import DIGITS, corrected_label
from hitl.canonical import Json, JsonObject
from hitl.errors import SealBroken
from hitl.intake import StoredCase
from hitl.sealing import MASK, is_sealed_text, seal_object, seal_text
from hitl.sealing.fields import is_sealed
from hitl.sealing.opening import open_object, open_text
from hitl.sealing.parts import bound, salt_of
from serve_app.setup.vault import Vault

WORDS = ("comment", "reason", "detail", "draft", "value")
"""Members of requests in which people write about a case."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CaseWords:
    """``data_key`` None: the case was erased, and no words about it are kept; or, where ``seals`` is False, they are stored
    as they are."""

    seals: bool = False
    data_key: bytes | None = None

    def seal(self, text: str) -> str:
        """``text`` as it is stored."""
        if not self.seals or not text:
            return text
        return MASK if self.data_key is None else seal_text(text, self.data_key, token_bytes)

    def seal_draft(self, draft: JsonObject) -> JsonObject:
        """``draft`` as it is stored."""
        if not self.seals:
            return draft
        return {} if self.data_key is None else seal_object(draft, self.data_key, token_bytes)

    def label_of(self, value: Fields, case_id: str) -> str:
        """Return the label of a value that differs from the declared one: equal values of a case have the same."""
        if not self.seals:
            return corrected_label(bound(case_id, {**value}))
        return corrected_label(MASK if self.data_key is None else bound(salt_of(self.data_key, "/value"), {**value}))

    def digests_of(self, parts: Mapping[str, Json], case_id: str) -> dict[str, str]:
        """Return a digest of each of the ``parts`` of a value: equal ones of a case have the same."""
        if not self.seals:
            return {name: bound(f"{case_id}/{name}", value)[:DIGITS] for name, value in parts.items()}
        key = self.data_key
        return {
            name: MASK if key is None else bound(salt_of(key, f"/value/{name}"), value)[:DIGITS] for name, value in parts.items()
        }

    def fingerprinted(self, asked: Mapping[str, Json]) -> JsonObject:
        """``asked`` without words: digests under the case's key in their place, which nobody can guess at once it is gone."""
        return {name: self._bound(name, value) if name in WORDS else value for name, value in asked.items()}

    def shown(self, view: T) -> T:
        """``view`` with the words that it has; ``***`` in the place of those that were erased."""
        found: T = self._opened(view) if self.seals else view
        return found

    def _bound(self, name: str, value: Any) -> Any:
        if not self.seals or not value:
            return value
        return MASK if self.data_key is None else bound(salt_of(self.data_key, f"/{name}"), value)

    def _opened(self, value: Any) -> Any:
        if is_sealed_text(value) or is_sealed(value):
            return self._clear(value)
        if isinstance(value, dict):
            return {name: self._opened(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._opened(each) for each in value]
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{each.name: self._opened(getattr(value, each.name)) for each in fields(value)})
        return value

    def _clear(self, value: Any) -> Any:
        if self.data_key is None:
            return MASK if isinstance(value, str) else {}
        try:
            return open_text(value, self.data_key) if isinstance(value, str) else open_object(value, self.data_key)
        except SealBroken:
            return value  # somebody wrote it so before words were sealed


def words_of_case(vault: Vault, case: StoredCase) -> CaseWords:
    """Return the words about ``case``. Raises SealBroken where no master key opens its key."""
    case_id, task, wrapped = case.record.case_id, case.record.task, case.wrapped_key
    if not vault.hides_case(case.record):
        return CaseWords()
    return CaseWords(True, None if wrapped is None else vault.keys_of(task).unwrap(wrapped, case_id))
