"""What Amazon A2I's runtime answers, with its field names. Times are ISO 8601 with their offset."""

from dataclasses import dataclass
from typing import Literal

LoopStatus = Literal["InProgress", "Failed", "Completed", "Stopped", "Stopping"]


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """The pair that signs requests: the key's own id, and a secret that is shown this once."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True, slots=True)
class StartedLoop:
    """The loop's name among Amazon's resources."""

    HumanLoopArn: str


@dataclass(frozen=True, slots=True)
class LoopOutput:
    """Where the people's answers are."""

    OutputS3Uri: str


@dataclass(frozen=True, slots=True)
class LoopDescription:
    """A loop as it stands. The failure is that of a loop that nobody answered in time."""

    CreationTime: str
    HumanLoopStatus: LoopStatus
    HumanLoopName: str
    HumanLoopArn: str
    FlowDefinitionArn: str
    HumanLoopOutput: LoopOutput | None
    FailureCode: str | None
    FailureReason: str | None


@dataclass(frozen=True, slots=True)
class LoopSummary:
    """A loop in a list."""

    HumanLoopName: str
    HumanLoopStatus: LoopStatus
    CreationTime: str
    FailureReason: str | None
    FlowDefinitionArn: str


@dataclass(frozen=True, slots=True)
class LoopSummaries:
    """A page; ``NextToken`` is null at the end."""

    HumanLoopSummaries: list[LoopSummary]
    NextToken: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing to tell."""
