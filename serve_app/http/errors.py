"""The table from errors to HTTP answers."""

from dataclasses import dataclass

from hitl import errors


@dataclass(frozen=True, slots=True)
class Answer:
    """``slug`` is the stable end of the problem's type. ``detail`` replaces the error's own text where that would repeat
    what the caller sent or show the inside of the service; None: the error's own text is safe."""

    status: int
    slug: str
    title: str
    detail: str | None = None


INTERNAL = Answer(500, "internal", "The service failed", "the request may or may not have taken effect: repeat it with its key")

TABLE: dict[type[Exception], Answer] = {
    errors.MalformedBody: Answer(400, "malformed-body", "The body is not strict JSON"),
    errors.InvalidRequest: Answer(400, "invalid-request", "A header, the path or the query is wrong"),
    errors.Unauthenticated: Answer(401, "unauthenticated", "No valid key"),
    errors.Forbidden: Answer(403, "forbidden", "Not allowed"),
    errors.CrossSite: Answer(403, "cross-site", "Not from here"),
    errors.TooManyRequests: Answer(429, "too-many-requests", "Too many requests"),
    errors.KeyShown: Answer(409, "key-shown", "The key was shown before"),
    errors.NotFound: Answer(404, "not-found", "Not found", "there is no such thing, or none that this caller may see"),
    errors.MethodNotAllowed: Answer(405, "method-not-allowed", "Wrong method"),
    errors.RequestTimeout: Answer(408, "request-timeout", "The body did not come"),
    errors.Conflict: Answer(409, "conflict", "The present state forbids it"),
    errors.StaleLease: Answer(409, "stale-lease", "The lease is not valid"),
    errors.AlreadyDecided: Answer(409, "already-decided", "The review is decided"),
    errors.AtCapacity: Answer(409, "at-capacity", "Too many reviews in one hand"),
    errors.NotReopenable: Answer(409, "not-reopenable", "The review cannot be taken up again"),
    errors.NotQuarantined: Answer(409, "not-quarantined", "The review is not in quarantine"),
    errors.NotUndoable: Answer(409, "not-undoable", "The decision cannot be changed so"),
    errors.ApprovalClosed: Answer(409, "approval-closed", "The approval is closed"),
    errors.AlreadyVoted: Answer(409, "already-voted", "One person has one vote"),
    errors.DigestMismatch: Answer(409, "digest-mismatch", "Another digest is bound", "the approval is bound to another digest"),
    errors.QuorumMissing: Answer(409, "quorum-missing", "Too few votes"),
    errors.StaleCertificate: Answer(409, "stale-certificate", "The certificate is about another policy"),
    errors.NeverDeployed: Answer(409, "never-deployed", "Never deployed", "only a digest that was deployed before can come back"),
    errors.InteractionClosed: Answer(409, "interaction-closed", "The interaction is closed"),
    errors.InteractionExists: Answer(409, "interaction-exists", "The interaction exists"),
    errors.WrongState: Answer(409, "wrong-state", "The workflow is not there"),
    errors.StaleAttempt: Answer(409, "stale-attempt", "Another worker has the stage"),
    errors.Erased: Answer(410, "erased", "The input was erased"),
    errors.SealBroken: Answer(
        500, "seal-broken", "Sealed bytes do not open", "tell the operator: its bytes or the master key changed"
    ),
    errors.NotSealed: Answer(409, "not-sealed", "Nothing is sealed"),
    errors.BodyTooLarge: Answer(413, "body-too-large", "The body is too long"),
    errors.TooManyRows: Answer(413, "too-many-rows", "Too many cases in one request"),
    errors.UnsupportedMediaType: Answer(415, "unsupported-media-type", "Wrong type of body"),
    errors.InvalidInput: Answer(422, "invalid-input", "The request does not fit its schema"),
    errors.IdempotencyConflict: Answer(
        422, "idempotency-conflict", "The key was used before", "the idempotency key came before with another body"
    ),
    errors.ArtifactRejected: Answer(422, "artifact-rejected", "Not an artifact of ours", "its bytes are not a model that loads"),
    errors.SinkAway: Answer(
        503, "tracking-away", "MLflow does not answer", "its figures cannot be read now; decisions go on without it"
    ),
    errors.SinkRefused: Answer(502, "tracking-refused", "MLflow refused what was sent"),
    errors.Undeliverable: Answer(502, "undeliverable", "The channel refuses the message"),
    errors.Unavailable: Answer(503, "unavailable", "Not now", "the service cannot answer now: repeat with the same key"),
    errors.Recovering: Answer(503, "recovering", "A shard is recovering"),
    errors.JournalRegressed: Answer(
        503, "journal-regressed", "History is missing", "the store lost acknowledged history: tell the operator"
    ),
    errors.StoreUnavailable: Answer(
        503, "store-unavailable", "The store does not answer", "the outcome is not known: repeat with the same key"
    ),
    errors.Overloaded: Answer(503, "overloaded", "Too many requests are waiting"),
    errors.StaleGeneration: Answer(503, "stale-generation", "A model swap is under way", "repeat with the same key"),
    errors.Fenced: Answer(503, "fenced", "A shard has a new owner", "repeat with the same key"),
    errors.SequenceConflict: Answer(503, "sequence-conflict", "A shard has a new owner", "repeat with the same key"),
}


def answer_for(error: BaseException) -> Answer:
    """The table's row for the nearest class of ``error``; INTERNAL for what nobody foresaw."""
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), INTERNAL)
