"""One review in the hands of the person who holds its lease."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query

from hitl.errors import NotFound
from hitl.identity import Role
from hitl.machine import Envelope
from hitl.machine.asked import A, Command
from hitl.machine.shards import shard_of_case
from hitl.review import DelegateReview, Escalate, Release, ReportFailure, ReviewOf, SaveDraft, SendBack, Skip
from hitl.review.views import DecidedReview, FailedReview, HandedOnReview, ReturnedReview, ReviewView, SavedDraft, ShownReview
from serve_app.api.bodies.reviews import (
    DecisionBody,
    DelegateReviewBody,
    DraftBody,
    EscalateBody,
    HeartbeatBody,
    ReleaseBody,
    ReviewFailureBody,
    SendBackBody,
    SkipBody,
)
from serve_app.api.services.answer_values import answer_in
from serve_app.api.services.assignable import require_takers
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.finding import case_of_review, reaches, viewer_of, words_about
from serve_app.api.services.mentions import MOST, check_mentions, people_of_case, tell_mentioned
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.queues import KeptLease, MentionablePeople
from serve_app.http.described_answer import described
from serve_app.http.strict_body import Body
from serve_app.setup.case_words import CaseWords

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["reviews"], route_class=StrictRoute)

Prefix = Annotated[str, Query(max_length=100)]

CONFLICT = described(409, "the lease is not valid, or somebody decided: says who")


@router.get("", summary="A review and who holds it (a person of its task)")
async def show_review(review_id: str, ports: PortsOf, caller: AnyCaller) -> ShownReview:
    found = await visible(ports, caller, review_id)
    return ShownReview(found.words.shown(found.review))


@router.get("/people", summary="Who can be named by @name in words about the case (a person of its task)")
async def list_people_of_review(review_id: str, ports: PortsOf, caller: AnyCaller, prefix: Prefix = "") -> MentionablePeople:
    """The names that begin with ``prefix``, in order, 20 at most."""
    found = await visible(ports, caller, review_id)
    people = await people_of_case(ports, found.review.task)
    return MentionablePeople([name for name in people if name.lower().startswith(prefix.lower())][:MOST])


@router.post("/heartbeat", summary="Let the lease run anew (its holder)", responses=CONFLICT)
async def extend_lease(review_id: str, body: HeartbeatBody, ports: PortsOf, caller: AnyCaller) -> KeptLease:
    found = await visible(ports, caller, review_id)
    return KeptLease(**await ports.shards.heartbeat(found.shard, review_id, body.lease, caller.principal.id))


@router.post("/decision", summary="Give the true label (the lease's holder)", responses=CONFLICT)
async def decide_review(
    review_id: str, body: DecisionBody, ports: PortsOf, caller: KeyedCaller
) -> DecidedReview | HandedOnReview:
    found = await visible(ports, caller, review_id)
    said = await answer_in(ports, found.review, found.words, body)
    command = body.command(review_id, caller.principal.id, found.words.seal, said)
    return await found.submit(ports, caller, command, body)


@router.post("/release", summary="Give the review back to its place in the queue (the lease's holder)", responses=CONFLICT)
async def release_review(review_id: str, body: ReleaseBody, ports: PortsOf, caller: AnyCaller) -> ReturnedReview:
    found = await visible(ports, caller, review_id)
    command = Release(review_id, body.lease, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/escalate", summary="Hand the review to the experts, urgently (the lease's holder)", responses=CONFLICT)
async def escalate_review(review_id: str, body: EscalateBody, ports: PortsOf, caller: AnyCaller) -> ReturnedReview:
    found = await visible(ports, caller, review_id)
    command = Escalate(review_id, body.lease, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/skip", summary="Pass the review on to others (the lease's holder)", responses=CONFLICT)
async def skip_review(review_id: str, body: SkipBody, ports: PortsOf, caller: AnyCaller) -> ReturnedReview:
    """The caller does not get it again while somebody else who was at the queue within the hour could take it."""
    found = await visible(ports, caller, review_id)
    command = Skip(review_id, body.lease, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/delegate", summary="Hand the review to a person, role or skill (the lease's holder)", responses=CONFLICT)
async def delegate_review(review_id: str, body: DelegateReviewBody, ports: PortsOf, caller: AnyCaller) -> ReturnedReview:
    found = await visible(ports, caller, review_id)
    await require_takers(ports, found.review.task, body.to)
    command = DelegateReview(review_id, body.lease, caller.principal.id, body.to, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/send-back", summary="Give an escalated review back to the ordinary queue (its expert)", responses=CONFLICT)
async def send_back_review(review_id: str, body: SendBackBody, ports: PortsOf, caller: AnyCaller) -> ReturnedReview:
    found = await visible(ports, caller, review_id)
    caller.principal.require("send a review back", Role.EXPERT)
    command = SendBack(review_id, body.lease, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/draft", summary="Keep an unfinished answer; only its writer sees it (the lease's holder)", responses=CONFLICT)
async def save_draft(review_id: str, body: DraftBody, ports: PortsOf, caller: AnyCaller) -> SavedDraft:
    """It outlives the lease: who claims the review again finds it in ``drafts``. Answering removes it."""
    found = await visible(ports, caller, review_id)
    command = SaveDraft(review_id, body.lease, caller.principal.id, found.words.seal_draft(body.draft))
    return found.words.shown(await ports.shards.submit(found.shard, found.envelope(caller, command, body)))


@router.post("/failure", summary="Report that the review could not be shown or broke the client (its holder)", responses=CONFLICT)
async def report_review_failure(review_id: str, body: ReviewFailureBody, ports: PortsOf, caller: AnyCaller) -> FailedReview:
    """After the task's ``quarantine_after`` reports the review leaves its queue until an operator lets it back."""
    found = await visible(ports, caller, review_id)
    command = ReportFailure(review_id, body.lease, caller.principal.id, body.kind, found.words.seal(body.detail))
    return await found.submit(ports, caller, command, body)


class VisibleReview(NamedTuple):
    """A review, its shard, and what people write about its case."""

    shard: str
    review: ReviewView
    words: CaseWords

    def envelope(self, caller: Caller, command: Command[A], body: Body) -> Envelope[A]:
        """``command`` as the caller's."""
        return caller.envelope(command, self.words.fingerprinted(body.model_dump()))

    async def submit(self, ports: ApiPorts, caller: Caller, command: Command[A], body: Body) -> A:
        """Send ``command``, and tell whom ``body`` names. Raises InvalidInput for a name of nobody who may see the case."""
        names = await check_mentions(ports, self.review, body)
        answer = await ports.shards.submit(self.shard, self.envelope(caller, command, body))
        await tell_mentioned(ports, caller, self.review, names)
        return answer


async def visible(ports: ApiPorts, caller: Caller, review_id: str) -> VisibleReview:
    """Raises Forbidden for who is no reviewer, NotFound for what they may not know of."""
    caller.principal.require("see reviews", Role.REVIEWER, Role.EXPERT, Role.OPERATOR)
    shard = shard_of_case(case_of_review(review_id), ports.partitioning)
    found = (await ports.shards.ask(shard, ReviewOf(review_id, viewer_of(caller.principal)))).review
    if not reaches(caller.principal, found):
        raise NotFound("review", review_id)
    return VisibleReview(shard, found, await words_about(ports, found))
