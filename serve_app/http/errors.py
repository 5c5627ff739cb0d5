"""The table from errors to HTTP answers."""

from dataclasses import dataclass

from hitl import errors


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """``slug`` is the stable end of the problem's type. ``detail`` replaces the error's own text where that would repeat
    what the caller sent or show the inside of the service; None: the error's own text is safe."""

    status: int
    slug: str
    title: str
    detail: str | None = None


INTERNAL = ErrorAnswer(
    500, "internal", "The service failed", "the request may or may not have taken effect: repeat it with its key"
)

TABLE: dict[type[Exception], ErrorAnswer] = {
    errors.MalformedBody: ErrorAnswer(400, "malformed-body", "The body is not strict JSON"),
    errors.InvalidRequest: ErrorAnswer(400, "invalid-request", "A header, the path or the query is wrong"),
    errors.Unauthenticated: ErrorAnswer(401, "unauthenticated", "No valid key"),
    errors.Forbidden: ErrorAnswer(403, "forbidden", "Not allowed"),
    errors.SignInNeeded: ErrorAnswer(403, "sign-in-needed", "Sign in for it"),
    errors.CrossSite: ErrorAnswer(403, "cross-site", "Not from here"),
    errors.TooManyRequests: ErrorAnswer(429, "too-many-requests", "Too many requests"),
    errors.KeyShown: ErrorAnswer(409, "key-shown", "The key was shown before"),
    errors.SessionOver: ErrorAnswer(409, "session-over", "The session is over"),
    errors.GrantClosed: ErrorAnswer(409, "grant-closed", "The grant is closed"),
    errors.KeyRotated: ErrorAnswer(409, "key-rotated", "The key was rotated"),
    errors.KeyOver: ErrorAnswer(409, "key-over", "The key is over"),
    errors.NotFound: ErrorAnswer(404, "not-found", "Not found", "there is no such thing, or none that this caller may see"),
    errors.MethodNotAllowed: ErrorAnswer(405, "method-not-allowed", "Wrong method"),
    errors.RequestTimeout: ErrorAnswer(408, "request-timeout", "The body did not come"),
    errors.Conflict: ErrorAnswer(409, "conflict", "The present state forbids it"),
    errors.StaleLease: ErrorAnswer(409, "stale-lease", "The lease is not valid"),
    errors.AlreadyDecided: ErrorAnswer(409, "already-decided", "The review is decided"),
    errors.AtCapacity: ErrorAnswer(409, "at-capacity", "Too many reviews in one hand"),
    errors.NotReopenable: ErrorAnswer(409, "not-reopenable", "The review cannot be taken up again"),
    errors.NotQuarantined: ErrorAnswer(409, "not-quarantined", "The review is not in quarantine"),
    errors.NotCancellable: ErrorAnswer(409, "not-cancellable", "The case does not wait for people"),
    errors.NotUndoable: ErrorAnswer(409, "not-undoable", "The decision cannot be changed so"),
    errors.ApprovalClosed: ErrorAnswer(409, "approval-closed", "The approval is closed"),
    errors.AlreadyVoted: ErrorAnswer(409, "already-voted", "One person has one vote"),
    errors.DigestMismatch: ErrorAnswer(
        409, "digest-mismatch", "Another digest is bound", "the approval is bound to another digest"
    ),
    errors.EvidenceMismatch: ErrorAnswer(409, "evidence-mismatch", "The service measured another figure"),
    errors.QuorumMissing: ErrorAnswer(409, "quorum-missing", "Too few votes"),
    errors.StaleCertificate: ErrorAnswer(409, "stale-certificate", "The certificate is about another policy"),
    errors.NeverDeployed: ErrorAnswer(
        409, "never-deployed", "Never deployed", "only a digest that was deployed before can come back"
    ),
    errors.InteractionOver: ErrorAnswer(409, "interaction-closed", "The interaction is closed"),
    errors.InteractionExists: ErrorAnswer(409, "interaction-exists", "The interaction exists"),
    errors.WrongState: ErrorAnswer(409, "wrong-state", "The workflow is not there"),
    errors.StaleAttempt: ErrorAnswer(409, "stale-attempt", "Another worker has the stage"),
    errors.Erased: ErrorAnswer(410, "erased", "The input was erased"),
    errors.CaseDeleted: ErrorAnswer(410, "case-deleted", "The case was deleted"),
    errors.TaskRemoved: ErrorAnswer(410, "task-removed", "The task was taken away"),
    errors.SealBroken: ErrorAnswer(
        500, "seal-broken", "Sealed bytes do not open", "tell the operator: its bytes or the master key changed"
    ),
    errors.TooFewCases: ErrorAnswer(409, "too-few-cases", "Too few cases for a dry run"),
    errors.NoCommittee: ErrorAnswer(409, "no-committee", "Too few versions of the model"),
    errors.OnHold: ErrorAnswer(409, "on-hold", "The case must be kept"),
    errors.NotSealed: ErrorAnswer(409, "not-sealed", "Nothing is sealed"),
    errors.BodyTooLarge: ErrorAnswer(413, "body-too-large", "The body is too long"),
    errors.InlineFileTooLarge: ErrorAnswer(413, "inline-file-too-large", "The file is too large to come inside its case"),
    errors.TooManyRows: ErrorAnswer(413, "too-many-rows", "Too many cases in one request"),
    errors.UnsupportedMediaType: ErrorAnswer(415, "unsupported-media-type", "Wrong type of body"),
    errors.InvalidInput: ErrorAnswer(422, "invalid-input", "The request does not fit its schema"),
    errors.IdempotencyConflict: ErrorAnswer(
        422, "idempotency-conflict", "The key was used before", "the idempotency key came before with another body"
    ),
    errors.ArtifactRejected: ErrorAnswer(422, "artifact-rejected", "Not an artifact of ours"),
    errors.SinkAway: ErrorAnswer(
        503, "tracking-away", "MLflow does not answer", "its figures cannot be read now; decisions go on without it"
    ),
    errors.SinkRefused: ErrorAnswer(502, "tracking-refused", "MLflow refused what was sent"),
    errors.Undeliverable: ErrorAnswer(502, "undeliverable", "The channel refuses the message"),
    errors.ChainBroken: ErrorAnswer(
        500, "history-changed", "What is stored was changed", "tell the operator: `hitl verify` says where"
    ),
    errors.Unavailable: ErrorAnswer(503, "unavailable", "Not now", "the service cannot answer now: repeat with the same key"),
    errors.Recovering: ErrorAnswer(503, "recovering", "A shard is recovering"),
    errors.JournalRegressed: ErrorAnswer(
        503, "journal-regressed", "History is missing", "the store lost acknowledged history: tell the operator"
    ),
    errors.StoreUnavailable: ErrorAnswer(
        503, "store-unavailable", "The store does not answer", "the outcome is not known: repeat with the same key"
    ),
    errors.StorageFull: ErrorAnswer(507, "storage-full", "No room for files"),
    errors.StillMeasuring: ErrorAnswer(503, "still-measuring", "The candidate is being measured", "repeat with the same key"),
    errors.Overloaded: ErrorAnswer(503, "overloaded", "Too many requests are waiting"),
    errors.PartitionsAdded: ErrorAnswer(503, "partitions-added", "Partitions were added", "repeat with the same key"),
    errors.StaleGeneration: ErrorAnswer(503, "stale-generation", "A model swap is under way", "repeat with the same key"),
    errors.Fenced: ErrorAnswer(503, "fenced", "A shard has a new owner", "repeat with the same key"),
    errors.SequenceConflict: ErrorAnswer(503, "sequence-conflict", "A shard has a new owner", "repeat with the same key"),
}


def answer_for(error: BaseException) -> ErrorAnswer:
    """Return the table's row for the nearest class of ``error``; INTERNAL for what nobody foresaw."""
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), INTERNAL)
