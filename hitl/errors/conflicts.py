"""Errors for a well-formed request that the current state forbids."""

from datetime import UTC, datetime

from hitl.errors.base import HitlError


class Conflict(HitlError):
    """Base of refusals by the present state: nothing has changed."""


class StaleLease(Conflict):
    """The lease is not the review's current one: it expired, was released, or never existed."""

    review_id: str
    lease: int
    holder: str | None

    def __str__(self) -> str:
        now = f"{self.holder} holds it now" if self.holder else "nobody holds it now"
        return f"lease {self.lease} of review {self.review_id} is not valid; {now}"


class AlreadyDecided(Conflict):
    """The review has its answer; ``winner`` gave it."""

    message = "review {review_id} was decided by {winner} at {at:.3f}"
    review_id: str
    winner: str
    at: float


class AtCapacity(Conflict):
    """One person holds as many reviews as the task allows."""

    message = "{reviewer} holds {held} reviews, and may hold {capacity}: answer or release one"
    reviewer: str
    held: int
    capacity: int


class NotReopenable(Conflict):
    """Only a review with a final decision can be taken up again, and one at a time."""

    message = "review {review_id} is {status}: expected the case's newest review, finally decided"
    review_id: str
    status: str


class NotQuarantined(Conflict):
    """Only what is in quarantine can be let out of it."""

    message = "review {review_id} is {status}, not in quarantine"
    review_id: str
    status: str


class NotCancellable(Conflict):
    """Only a case that waits for people can be cancelled; ``why`` says where it stands."""

    message = "case {case_id} cannot be cancelled: {why}"
    case_id: str
    why: str


class NotUndoable(Conflict):
    """The decision cannot be undone or amended now; ``why`` says what it would need."""

    message = "the decision of review {review_id} cannot be changed so: {why}"
    review_id: str
    why: str


class ApprovalClosed(Conflict):
    """The approval takes no votes any more."""

    message = "approval {approval_id} is {status}"
    approval_id: str
    status: str


class AlreadyVoted(Conflict):
    """One person has one vote."""

    message = "{voter} has voted on approval {approval_id} already"
    approval_id: str
    voter: str


class DigestMismatch(Conflict):
    """The named digest is not the one that the approval is bound to."""

    message = "expected digest {expected}, came {came}"
    expected: str
    came: str


class EvidenceMismatch(Conflict):
    """A request claims another figure of a candidate than the service measured. Leave figures out: the service says its own."""

    message = "{place}: the request says {claimed}, the service measured {measured} on the held-out rows"
    place: str
    claimed: str
    measured: str


class QuorumMissing(Conflict):
    """Too few votes for what was asked."""

    message = "approval {approval_id} has {have} of {need} votes"
    approval_id: str
    have: int
    need: int


class StaleCertificate(Conflict):
    """The certificate is about another policy than the one in force: it proves nothing here."""

    message = "task {task} is routed by policy {in_force}; the certificate is about {certified}"
    task: str
    in_force: str
    certified: str


class NeverDeployed(Conflict):
    """A roll back may only go to a digest that was deployed before."""

    message = "{digest} was never deployed for task {task}"
    task: str
    digest: str


class AlreadyServing(Conflict):
    """A roll back to what serves already would change nothing."""

    message = "{digest} serves task {task} already"
    task: str
    digest: str


class InteractionOver(Conflict):
    """The interaction takes no answers any more; ``winner`` is who closed it: a person, ``time`` or ``approval``."""

    message = "interaction {interaction_id} is {status} since {at:.3f}, by {winner}"
    interaction_id: str
    status: str
    winner: str
    at: float


class InteractionExists(Conflict):
    """An interaction with this id was opened before."""

    message = "interaction {interaction_id} exists already"
    interaction_id: str


class WrongState(Conflict):
    """The workflow is not in a state that takes this step: it was done before, or its time has not come."""

    message = "workflow {workflow_id} is {state}: expected {wanted}"
    workflow_id: str
    state: str
    wanted: str


class StaleAttempt(Conflict):
    """Another worker has taken the stage since: what this one reports changes nothing."""

    message = "attempt {attempt} of stage {stage} of workflow {workflow_id} is not the current one, {current}"
    workflow_id: str
    stage: str
    attempt: int
    current: int


class Erased(Conflict):
    """The case's input, or what is sealed of the approval, was erased: nothing can show it again."""

    message = "the sealed content of {kind} {subject} was erased"
    subject: str
    kind: str = "case"


class CaseDeleted(Conflict):
    """A case under this key was deleted, as the retention of its task says: its answer cannot be given again."""

    message = "case {case_id} was deleted, as the retention of its task says: send what is new under another key"
    case_id: str


class TaskRemoved(Conflict):
    """The task was taken away: it takes no cases, models or policies. What is there stays readable, and what waits can still be
    answered."""

    message = "task {task} was taken away: it takes nothing new; what is there stays readable, and what waits can be answered"
    task: str


class OnHold(Conflict):
    """The case must be kept: it is held until ``until`` (UTC seconds)."""

    subject: str
    until: float

    def __str__(self) -> str:
        return f"case {self.subject} is on hold until {datetime.fromtimestamp(self.until, UTC):%Y-%m-%dT%H:%M:%SZ}"


class NotSealed(Conflict):
    """The case's task does not seal its inputs, or the approval has nothing sensitive: there is no key to use or to drop."""

    message = "nothing of {kind} {subject} is sealed: nothing is marked as sensitive there"
    subject: str
    kind: str = "case"


class TooFewCases(Conflict):
    """A dry run would rest on so few cases of a sealed task that it told of single people."""

    message = "a dry run of task {task} needs at least {least} past cases, as its inputs are sealed: there are {found}"
    task: str
    least: int
    found: int


class NoCommittee(Conflict):
    """So few versions of a task's model can be asked about what waits that nobody could disagree."""

    message = (
        "query_by_committee asks at least {least} versions of the model of task {task} that served, and {found} can be asked:"
        " retrain it, and approve what comes; until then margin and entropy tell where the model is unsure"
    )
    task: str
    least: int
    found: int


class KeyShown(Conflict):
    """The key of this idempotency key was made, and its text shown: nobody can show it again."""

    message = "key {key_id} was made and shown before: revoke it and issue another"
    key_id: str


class SessionOver(Conflict):
    """The session of this idempotency key is over: it is not opened again."""

    message = "the session {session} of this idempotency key is over: sign in with a new key"
    session: str


class GrantClosed(Conflict):
    """The wish for rights cannot be settled any more: ask for them anew."""

    message = "grant {grant_id} is {status}: ask anew"
    grant_id: str
    status: str


class KeyRotated(Conflict):
    """One living key follows another: the next one comes from that."""

    message = "key {key_id} was rotated: {successor} follows it. Rotate that one, or revoke both and have a key issued"
    key_id: str
    successor: str


class KeyOver(Conflict):
    """A key that is over has no next one."""

    message = "key {key_id} is over: have a key issued"
    key_id: str
