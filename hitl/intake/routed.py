"""The part of a record that is counted: few fields, so that no whole record has to be read."""

import msgspec

from hitl.routing.action import Action

NONE = b"null"


class RoutedCase(msgspec.Struct, frozen=True, gc=False):
    """Fields of a CaseRecord, by the same names; ``probabilities`` as they are written."""

    case_id: str
    task: str
    at: float
    action: str
    probabilities: msgspec.Raw
    confidence: float | None
    model_version: str | None
    policy_version: str
    generation: int
    processing_time: float
    segment: str = ""
    streams: tuple[str, ...] = ()
    model_s: float | None = None
    shadow: dict[str, str] | None = None
    automatic_parts: list[str] | None = None

    @property
    def has_probabilities(self) -> bool:
        """Whether a model gave any that can be used."""
        return bytes(self.probabilities) != NONE

    @property
    def is_for_people(self) -> bool:
        """As that of a CaseRecord."""
        return self.action != Action.AUTOMATIC or bool(self.streams)

    @property
    def is_override(self) -> bool:
        """As that of a CaseRecord."""
        return self.model_version is None and self.action == Action.AUTOMATIC

    @staticmethod
    def decode(record: bytes) -> "RoutedCase":
        """Read it from an encoded CaseRecord. Raises msgspec.DecodeError."""
        return _CASES.decode(record)


_CASES = msgspec.json.Decoder(RoutedCase)
