"""Errors for a well-formed request that the current state forbids."""

from hitl.errors.base import HitlError


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


class AtCapacity(Conflict):
    """One person holds as many reviews as the task allows."""

    def __init__(self, reviewer: str, held: int, capacity: int) -> None:
        super().__init__(reviewer, held, capacity)
        self.reviewer, self.held, self.capacity = reviewer, held, capacity

    def __str__(self) -> str:
        return f"{self.reviewer} holds {self.held} reviews, and may hold {self.capacity}: answer or release one"


class NotReopenable(Conflict):
    """Only a review with a final decision can be taken up again, and one at a time."""

    def __init__(self, review_id: str, status: str) -> None:
        super().__init__(review_id, status)
        self.review_id, self.status = review_id, status

    def __str__(self) -> str:
        return f"review {self.review_id} is {self.status}: expected the case's newest review, finally decided"


class NotQuarantined(Conflict):
    """Only what is in quarantine can be let out of it."""

    def __init__(self, review_id: str, status: str) -> None:
        super().__init__(review_id, status)
        self.review_id, self.status = review_id, status

    def __str__(self) -> str:
        return f"review {self.review_id} is {self.status}, not in quarantine"


class NotUndoable(Conflict):
    """The decision cannot be undone or amended now; ``why`` says what it would need."""

    def __init__(self, review_id: str, why: str) -> None:
        super().__init__(review_id, why)
        self.review_id, self.why = review_id, why

    def __str__(self) -> str:
        return f"the decision of review {self.review_id} cannot be changed so: {self.why}"


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
    """The named digest is not the one that the approval is bound to."""

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


class StaleCertificate(Conflict):
    """The certificate is about another policy than the one in force: it proves nothing here."""

    def __init__(self, task: str, in_force: str, certified: str) -> None:
        super().__init__(task, in_force, certified)
        self.task, self.in_force, self.certified = task, in_force, certified

    def __str__(self) -> str:
        return f"task {self.task} is routed by policy {self.in_force}; the certificate is about {self.certified}"


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


class Erased(Conflict):
    """The case's input, or what is sealed of the approval, was erased: nothing can show it again."""

    def __init__(self, subject: str, kind: str = "case") -> None:
        super().__init__(subject, kind)
        self.subject, self.kind = subject, kind

    def __str__(self) -> str:
        return f"the sealed content of {self.kind} {self.subject} was erased"


class NotSealed(Conflict):
    """The case's task does not seal its inputs, or the approval has nothing sensitive: there is no key to use or to drop."""

    def __init__(self, subject: str, kind: str = "case") -> None:
        super().__init__(subject, kind)
        self.subject, self.kind = subject, kind

    def __str__(self) -> str:
        return f"nothing of {self.kind} {self.subject} is sealed: nothing is marked as sensitive there"


class KeyShown(Conflict):
    """The key of this idempotency key was made, and its text shown: nobody can show it again."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id

    def __str__(self) -> str:
        return f"key {self.key_id} was made and shown before: revoke it and issue another"
