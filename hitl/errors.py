"""Every failure a caller can react to, one class a situation; the docstring is its meaning.

Raw values go to ``super().__init__`` and the text is built in ``__str__``: these errors cross process
boundaries by pickle, which calls the class again with ``args``. HTTP codes are decided in
``serve_app/http_errors.py`` alone.
"""


class HitlError(Exception):
    """Base of everything this product raises on purpose."""


# --- what the caller sent -------------------------------------------------------------------------


class InvalidInput(HitlError):
    """The request does not fit the schema it was checked against. ``place`` is a JSON pointer."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(place, expected)
        self.place, self.expected = place, expected

    def __str__(self) -> str:
        return f"{self.place or '/'}: expected {self.expected}"


class MalformedBody(HitlError):
    """The body is not one strict JSON document."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"the body is not one strict JSON document: {self.why}"


class BodyTooLarge(HitlError):
    """The body is longer than the route allows."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"the body is longer than {self.limit_bytes} bytes"


class InvalidRequest(HitlError):
    """A header, the path or the query is not what the route takes: the body was not looked at."""

    def __init__(self, part: str, expected: str) -> None:
        super().__init__(part, expected)
        self.part, self.expected = part, expected

    def __str__(self) -> str:
        return f"{self.part}: expected {self.expected}"


class UnsupportedMediaType(HitlError):
    """The body is of a type or an encoding that the route does not read."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected

    def __str__(self) -> str:
        return f"expected a body of {self.expected}"


class MethodNotAllowed(HitlError):
    """The route exists, but not with this method; ``allowed`` lists those it has."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed

    def __str__(self) -> str:
        return f"expected one of the methods {self.allowed}"


class RequestTimeout(HitlError):
    """The body did not come in time."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(limit_s)
        self.limit_s = limit_s

    def __str__(self) -> str:
        return f"the body was not complete after {self.limit_s:g} seconds"


class NotFound(HitlError):
    """No such thing, or none that this caller may know of."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind, name)
        self.kind, self.name = kind, name

    def __str__(self) -> str:
        return f"no {self.kind} {self.name!r}"


class IdempotencyConflict(HitlError):
    """The same idempotency key came with another body."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"idempotency key {self.key!r} was used before with another body"


# --- who the caller is ----------------------------------------------------------------------------


class Unauthenticated(HitlError):
    """No valid key came with the request."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why


class Forbidden(HitlError):
    """The caller is known and may not do this."""

    def __init__(self, principal: str, action: str) -> None:
        super().__init__(principal, action)
        self.principal, self.action = principal, action

    def __str__(self) -> str:
        return f"{self.principal} may not {self.action}"


# --- the state forbids it -------------------------------------------------------------------------


class Conflict(HitlError):
    """Base of refusals by the present state: nothing has changed."""


class StaleLease(Conflict):
    """The lease is not the review's current one: it expired, was released, or never existed."""

    def __init__(self, review_id: str, lease: int, holder: str | None) -> None:
        super().__init__(review_id, lease, holder)
        self.review_id, self.lease, self.holder = review_id, lease, holder

    def __str__(self) -> str:
        now = f"{self.holder} holds it now" if self.holder else "nobody holds it now"
        return f"lease {self.lease} of review {self.review_id} is not valid; {now}"


class AlreadyDecided(Conflict):
    """The review has its answer; ``winner`` gave it."""

    def __init__(self, review_id: str, winner: str, at: float) -> None:
        super().__init__(review_id, winner, at)
        self.review_id, self.winner, self.at = review_id, winner, at

    def __str__(self) -> str:
        return f"review {self.review_id} was decided by {self.winner} at {self.at:.3f}"


class ApprovalClosed(Conflict):
    """The approval takes no votes any more."""

    def __init__(self, approval_id: str, status: str) -> None:
        super().__init__(approval_id, status)
        self.approval_id, self.status = approval_id, status

    def __str__(self) -> str:
        return f"approval {self.approval_id} is {self.status}"


class AlreadyVoted(Conflict):
    """One person has one vote."""

    def __init__(self, approval_id: str, voter: str) -> None:
        super().__init__(approval_id, voter)
        self.approval_id, self.voter = approval_id, voter

    def __str__(self) -> str:
        return f"{self.voter} has voted on approval {self.approval_id} already"


class DigestMismatch(Conflict):
    """What was named is not what the approval is bound to."""

    def __init__(self, expected: str, came: str) -> None:
        super().__init__(expected, came)
        self.expected, self.came = expected, came

    def __str__(self) -> str:
        return f"expected digest {self.expected}, came {self.came}"


class QuorumMissing(Conflict):
    """Too few votes for what was asked."""

    def __init__(self, approval_id: str, have: int, need: int) -> None:
        super().__init__(approval_id, have, need)
        self.approval_id, self.have, self.need = approval_id, have, need

    def __str__(self) -> str:
        return f"approval {self.approval_id} has {self.have} of {self.need} votes"


class NeverDeployed(Conflict):
    """A roll back may only go to a digest that was deployed before."""

    def __init__(self, task: str, digest: str) -> None:
        super().__init__(task, digest)
        self.task, self.digest = task, digest

    def __str__(self) -> str:
        return f"{self.digest} was never deployed for task {self.task}"


class AlreadyServing(Conflict):
    """A roll back to what serves already would change nothing."""

    def __init__(self, task: str, digest: str) -> None:
        super().__init__(task, digest)
        self.task, self.digest = task, digest

    def __str__(self) -> str:
        return f"{self.digest} serves task {self.task} already"


class InteractionClosed(Conflict):
    """The interaction takes no answers any more; ``winner`` is who closed it: a person, ``time`` or ``approval``."""

    def __init__(self, interaction_id: str, status: str, winner: str, at: float) -> None:
        super().__init__(interaction_id, status, winner, at)
        self.interaction_id, self.status, self.winner, self.at = interaction_id, status, winner, at

    def __str__(self) -> str:
        return f"interaction {self.interaction_id} is {self.status} since {self.at:.3f}, by {self.winner}"


class InteractionExists(Conflict):
    """An interaction with this id was opened before."""

    def __init__(self, interaction_id: str) -> None:
        super().__init__(interaction_id)
        self.interaction_id = interaction_id

    def __str__(self) -> str:
        return f"interaction {self.interaction_id} exists already"


class WrongState(Conflict):
    """The workflow is not in a state that takes this step: it was done before, or its time has not come."""

    def __init__(self, workflow_id: str, state: str, wanted: str) -> None:
        super().__init__(workflow_id, state, wanted)
        self.workflow_id, self.state, self.wanted = workflow_id, state, wanted

    def __str__(self) -> str:
        return f"workflow {self.workflow_id} is {self.state}: expected {self.wanted}"


class StaleAttempt(Conflict):
    """Another worker has taken the stage since: what this one reports changes nothing."""

    def __init__(self, workflow_id: str, stage: str, attempt: int, current: int) -> None:
        super().__init__(workflow_id, stage, attempt, current)
        self.workflow_id, self.stage, self.attempt, self.current = workflow_id, stage, attempt, current

    def __str__(self) -> str:
        return (
            f"attempt {self.attempt} of stage {self.stage} of workflow {self.workflow_id} is not the current one, {self.current}"
        )


# --- the service cannot, now ----------------------------------------------------------------------


class Unavailable(HitlError):
    """Base of what passes by itself: repeat the request with the same idempotency key."""

    retry_after_s = 1


class Recovering(Unavailable):
    """A shard is replaying its journal."""

    def __init__(self, shard: str) -> None:
        super().__init__(shard)
        self.shard = shard

    def __str__(self) -> str:
        return f"shard {self.shard} is recovering"


class StoreUnavailable(Unavailable):
    """The store did not answer; whether the last write happened is settled by reading."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"the store is unavailable: {self.why}"


class Overloaded(Unavailable):
    """A bounded queue is full."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what, limit)
        self.what, self.limit = what, limit

    def __str__(self) -> str:
        return f"{self.what} is full ({self.limit})"


# --- between writers ------------------------------------------------------------------------------


class Fenced(HitlError):
    """A newer epoch owns the shard: this writer must leave and never write again."""

    def __init__(self, shard: str, epoch: int, current: int) -> None:
        super().__init__(shard, epoch, current)
        self.shard, self.epoch, self.current = shard, epoch, current

    def __str__(self) -> str:
        return f"epoch {self.epoch} of shard {self.shard} is fenced by epoch {self.current}"


class SequenceConflict(HitlError):
    """The journal's end is not where the writer believed it to be."""

    def __init__(self, shard: str, expected: int, actual: int) -> None:
        super().__init__(shard, expected, actual)
        self.shard, self.expected, self.actual = shard, expected, actual

    def __str__(self) -> str:
        return f"shard {self.shard} ends at {self.actual}, not at {self.expected}"


class StaleGeneration(HitlError):
    """The batch was predicted under an older serving generation of ``task``: predict again."""

    def __init__(self, task: str, had: int, current: int) -> None:
        super().__init__(task, had, current)
        self.task, self.had, self.current = task, had, current

    def __str__(self) -> str:
        return f"task {self.task} serves generation {self.current}, the batch had {self.had}"


# --- what was stored is not what should be there ------------------------------------------------------


class ChainBroken(HitlError):
    """History was changed: entry ``seq`` does not follow from the one before it."""

    def __init__(self, shard: str, seq: int) -> None:
        super().__init__(shard, seq)
        self.shard, self.seq = shard, seq

    def __str__(self) -> str:
        return f"the chain of shard {self.shard} breaks at entry {self.seq}"


class ArtifactRejected(HitlError):
    """The bytes are not the ones that were named, or not a model that we load."""

    def __init__(self, digest: str, why: str) -> None:
        super().__init__(digest, why)
        self.digest, self.why = digest, why

    def __str__(self) -> str:
        return f"artifact {self.digest}: {self.why}"


class InvalidConfig(HitlError):
    """A configuration file is wrong; ``key`` says where."""

    def __init__(self, source: str, key: str, why: str) -> None:
        super().__init__(source, key, why)
        self.source, self.key, self.why = source, key, why

    def __str__(self) -> str:
        return f"{self.source}: {self.key}: {self.why}"


class CaseExists(HitlError):
    """Some cases of the batch are stored already: ``positions`` maps their ids to their seq. Nothing was written."""

    def __init__(self, positions: dict[str, int]) -> None:
        super().__init__(positions)
        self.positions = positions

    def __str__(self) -> str:
        return f"{len(self.positions)} cases exist already"


# --- tracking --------------------------------------------------------------------------------------


class SinkAway(Unavailable):
    """What receives the traces does not answer: they wait on disk."""

    def __init__(self, uri: str, why: str) -> None:
        super().__init__(uri, why)
        self.uri, self.why = uri, why

    def __str__(self) -> str:
        return f"{self.uri} is away: {self.why}"


class SinkRefused(HitlError):
    """What receives the traces answers and will never take these."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"a trace was refused: {self.why}"


# --- what the client and the command line meet ---------------------------------------------------------


class ApiError(HitlError):
    """The service refused a call. ``problem`` is its problem document."""

    def __init__(self, status: int, problem: dict[str, object]) -> None:
        super().__init__(status, problem)
        self.status, self.problem = status, problem

    @property
    def slug(self) -> str:
        """The stable end of the problem's type, e.g. ``stale-lease``."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.problem.get('title', '')}: {self.problem.get('detail', '')}"


class ServiceUnreachable(HitlError):
    """A call was repeated until patience ran out; whether it had an effect is settled by repeating it with its key."""

    def __init__(self, path: str, attempts: int, why: str) -> None:
        super().__init__(path, attempts, why)
        self.path, self.attempts, self.why = path, attempts, why

    def __str__(self) -> str:
        return f"no answer to {self.path} in {self.attempts} attempts: {self.why}"


class NotStarted(HitlError):
    """A part of the local service did not come up, or is not there."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(part, why)
        self.part, self.why = part, why

    def __str__(self) -> str:
        return f"{self.part} is not running: {self.why}"


class JobFailed(HitlError):
    """A Ray job ended without its result. ``tail`` is the end of its log."""

    def __init__(self, job: str, status: str, tail: str) -> None:
        super().__init__(job, status, tail)
        self.job, self.status, self.tail = job, status, tail

    def __str__(self) -> str:
        return f"job {self.job} {self.status}:\n{self.tail}"
