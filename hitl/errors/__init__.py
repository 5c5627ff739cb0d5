"""Every error that a caller can react to: one class for each situation, one module for each kind of situation.

Raw values go to ``super().__init__`` and the text is built in ``__str__``: these errors cross process
boundaries by pickle, which calls the class again with ``args``. HTTP codes are decided in
``serve_app/http/errors.py`` alone.
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
    InteractionClosed,
    InteractionExists,
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
from hitl.errors.edge import ApiError, JobFailed, NotServing, NotStarted, ServiceUnreachable, TrainingRuns
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
from hitl.errors.stored import ArtifactRejected, CaseExists, ChainBroken, InvalidConfig, SealBroken, SnapshotDamaged
from hitl.errors.tracking import SinkAway, SinkRefused
from hitl.errors.unavailable import JournalRegressed, NotInMemory, Overloaded, Recovering, StoreUnavailable, Unavailable
from hitl.errors.writers import Fenced, SequenceConflict, StaleGeneration

__all__ = [
    "AlreadyDecided",
    "AlreadyServing",
    "AlreadyVoted",
    "ApiError",
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
    "Erased",
    "Fenced",
    "Forbidden",
    "ForbiddenDestination",
    "HitlError",
    "IdempotencyConflict",
    "InteractionClosed",
    "InteractionExists",
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
    "NotServing",
    "NotStarted",
    "NotUndoable",
    "Overloaded",
    "OverrideClosed",
    "QuorumMissing",
    "Recovering",
    "RequestTimeout",
    "SealBroken",
    "SequenceConflict",
    "ServiceUnreachable",
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
