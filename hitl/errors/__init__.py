"""Every error that a caller can react to: one class for each situation, one module for each kind of situation.

Each class declares its values as fields and its text as ``message`` (``hitl/errors/base.py`` says how). These errors cross
process boundaries by pickle with their raw values. HTTP codes are decided in ``serve_app/http/errors.py`` alone.
"""

from hitl.errors.base import HitlError
from hitl.errors.caller import CrossSite, Forbidden, TooManyRequests, Unauthenticated
from hitl.errors.conflicts import (
    AlreadyDecided,
    AlreadyServing,
    AlreadyVoted,
    ApprovalClosed,
    AtCapacity,
    Conflict,
    DigestMismatch,
    Erased,
    InteractionExists,
    InteractionOver,
    KeyShown,
    NeverDeployed,
    NotQuarantined,
    NotReopenable,
    NotSealed,
    NotUndoable,
    QuorumMissing,
    StaleAttempt,
    StaleCertificate,
    StaleLease,
    WrongState,
)
from hitl.errors.edge import JobFailed, NotStarted, TrainingRuns
from hitl.errors.learning import OverrideClosed
from hitl.errors.outbox import DeliveryFailed, ForbiddenDestination, Undeliverable
from hitl.errors.sent import (
    BodyTooLarge,
    IdempotencyConflict,
    InvalidInput,
    InvalidRequest,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    RequestTimeout,
    TooManyRows,
    UnsupportedMediaType,
)
from hitl.errors.stored import ArtifactRejected, CaseExists, ChainBroken, EntryForged, InvalidConfig, SealBroken, SnapshotDamaged
from hitl.errors.tracking import SinkAway, SinkRefused
from hitl.errors.unavailable import JournalRegressed, NotInMemory, Overloaded, Recovering, StoreUnavailable, Unavailable
from hitl.errors.writers import Fenced, SequenceConflict, StaleGeneration

__all__ = [
    "AlreadyDecided",
    "AlreadyServing",
    "AlreadyVoted",
    "ApprovalClosed",
    "ArtifactRejected",
    "AtCapacity",
    "BodyTooLarge",
    "CaseExists",
    "ChainBroken",
    "Conflict",
    "CrossSite",
    "DeliveryFailed",
    "DigestMismatch",
    "EntryForged",
    "Erased",
    "Fenced",
    "Forbidden",
    "ForbiddenDestination",
    "HitlError",
    "IdempotencyConflict",
    "InteractionExists",
    "InteractionOver",
    "InvalidConfig",
    "InvalidInput",
    "InvalidRequest",
    "JobFailed",
    "JournalRegressed",
    "KeyShown",
    "MalformedBody",
    "MethodNotAllowed",
    "NeverDeployed",
    "NotFound",
    "NotInMemory",
    "NotQuarantined",
    "NotReopenable",
    "NotSealed",
    "NotStarted",
    "NotUndoable",
    "Overloaded",
    "OverrideClosed",
    "QuorumMissing",
    "Recovering",
    "RequestTimeout",
    "SealBroken",
    "SequenceConflict",
    "SinkAway",
    "SinkRefused",
    "SnapshotDamaged",
    "StaleAttempt",
    "StaleCertificate",
    "StaleGeneration",
    "StaleLease",
    "StoreUnavailable",
    "TooManyRequests",
    "TooManyRows",
    "TrainingRuns",
    "Unauthenticated",
    "Unavailable",
    "Undeliverable",
    "UnsupportedMediaType",
    "WrongState",
]
