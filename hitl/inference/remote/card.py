"""The card of a model behind an endpoint."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hitl.inference.cards import Card, EndpointName, card_from
from hitl.inference.remote.chat_completions import ChatCompletions
from hitl.inference.remote.mlflow_invocations import MlflowInvocations
from hitl.inference.remote.open_inference import OpenInference
from hitl.inference.remote.protocol import CalledModel

SpokenProtocol: TypeAlias = Annotated[OpenInference | MlflowInvocations | ChatCompletions, Field(discriminator="kind")]
"""A new protocol is one file beside these and one member here."""

MAX_CANARIES = 20


class CanaryCase(BaseModel):
    """A case with the label that the approved model gives it. ``row`` is what the model reads: numbers, or a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    row: Annotated[list[float], Field(max_length=100_000)] | Annotated[str, Field(min_length=1, max_length=100_000)]
    label: str


class RemoteCard(Card):
    """``endpoint`` is a name in the operator's file of endpoints, never a URL: who trains cannot choose where the service calls.
    The ``canaries`` are asked again and again; while one gets another label, the model answers nothing."""

    family: Literal["remote"] = "remote"
    endpoint: EndpointName
    protocol: SpokenProtocol
    canaries: Annotated[tuple[CanaryCase, ...], Field(max_length=MAX_CANARIES)] = ()

    @model_validator(mode="after")
    def _canaries_have_the_labels(self) -> Self:
        if foreign := [canary.label for canary in self.canaries if canary.label not in self.labels]:
            raise ValueError(f"canaries: {foreign[0]!r} is not one of the labels")
        return self

    @property
    def asked(self) -> CalledModel:
        return CalledModel(self.model, self.version, tuple(self.labels))


def remote_card_from(data: bytes) -> RemoteCard:
    """Return the card in ``data``. Raises ValueError that names the key."""
    return card_from(RemoteCard, data)
