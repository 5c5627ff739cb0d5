"""Model cards: JSON documents that people approve in place of a model's bytes, where the model runs somewhere else."""

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hitl.canonical import JsonObject, canonical
from hitl.quality.calibration import Calibrator, calibrator_from

MAX_CARD_BYTES = 256 * 1024
MAX_LABELS = 1000

Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$")]
"""The name or version of a model, as its makers write it."""

EndpointName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A name in the operator's file of endpoints: never an address."""

Words = Annotated[str, Field(min_length=1, max_length=4000)]
Labels = Annotated[list[str], Field(min_length=2, max_length=MAX_LABELS)]


C = TypeVar("C", bound="Card")


class Card(BaseModel):
    """The common part. ``what`` says what the model is, ``score`` what its probabilities mean, ``claims`` what its makers say of
    its quality: nobody here has measured that. ``calibration`` is applied to every answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: str
    model: Word
    version: Word
    labels: Labels
    what: Words
    score: Words = "the probability that the answer is right"
    claims: dict[str, str | int | float | bool | None] = {}
    calibration: dict[str, Any] | None = None

    @field_validator("calibration")
    @classmethod
    def _is_a_calibration(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        if given is not None:
            calibrator_from(given)
        return given

    @property
    def name(self) -> str:
        """Model and version in one text, for people."""
        return f"{self.model} {self.version}"

    @property
    def calibrator(self) -> Calibrator | None:
        return None if self.calibration is None else calibrator_from(self.calibration)

    def to_bytes(self) -> bytes:
        """Return the artifact: the same card always gives the same bytes, and their SHA-256 is what people approve."""
        return canonical(self.model_dump(mode="json"))


class DeclaredCard(Card):
    """A model whose predictions clients bring. ``declarers`` are the accounts that may."""

    family: Literal["declared"] = "declared"
    declarers: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=100)]


def family_in_card(data: bytes) -> str | None:
    """Return the family that a card names; None for bytes that are no card. Reads little: the file may be anybody's."""
    if not data.startswith(b"{") or len(data) > MAX_CARD_BYTES:
        return None
    try:
        return str(_AnyCard.model_validate_json(data).family)
    except ValidationError:
        return None


def card_document(data: bytes) -> JsonObject:
    """Return the card as a JSON object, for those who vote on it. ``data`` was admitted before."""
    found: JsonObject = _AnyCard.model_validate_json(data).model_dump(mode="json")
    return found


class _AnyCard(BaseModel):
    model_config = ConfigDict(extra="allow")

    family: str


def card_from(kind: type[C], data: bytes) -> C:
    """Return the card of this kind in ``data``. Raises ValueError that names the key."""
    card = checked_card(kind, json.loads(data))
    if card.to_bytes() != data:
        raise ValueError("expected the card in its canonical form: `hitl model card` writes it")
    return card


def checked_card(kind: type[C], fields: object) -> C:
    """Return the card of a document that its makers wrote. Raises ValueError that names the key."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc'])) or 'the card'}: {first['msg']}") from error
