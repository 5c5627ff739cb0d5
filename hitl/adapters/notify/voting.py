"""Which messages ask for a vote, and what they carry so that it can be cast from outside the service."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from hitl.approval.events import ApprovalEscalated, ApprovalReminded, ApprovalRequested
from hitl.approval.kinds import GATED
from hitl.chat.terms import ChatTerms
from hitl.chat.vote_links import VoteLink, sign_link
from hitl.machine.events import names_of
from hitl.outbox.delivery import Delivery

HOUR_S = 3600.0
ASKING = names_of(ApprovalRequested, ApprovalReminded, ApprovalEscalated)


@dataclass(frozen=True, slots=True)
class OutsideVoting:
    """``url`` is what browsers call. ``terms`` None: messages lead to the console, and nobody votes from outside."""

    url: str
    wall: Callable[[], float]
    terms: ChatTerms | None = None

    def page(self, delivery: Delivery) -> str:
        """Return the console's page of what the message is about."""
        approval_id = delivery.body.get("data", {}).get("approval_id")
        return f"{self.url}/approvals/{quote(str(approval_id), safe='')}" if approval_id else f"{self.url}/"

    def token(self, delivery: Delivery, person: str = "") -> str | None:
        """For ``person``, or for whom the chat names. None where the message asks for no vote that counts from outside."""
        data = delivery.body.get("data", {})
        if self.terms is None or delivery.kind not in ASKING or data.get("kind") in GATED:
            return None
        ends = self.wall() + self.terms.link_hours * HOUR_S
        link = VoteLink(str(data["approval_id"]), str(data["digest"]), person, ends)
        return sign_link(link, self.terms.link_keys)

    def link(self, delivery: Delivery, person: str) -> str | None:
        """Return the address at which ``person`` votes."""
        token = self.token(delivery, person)
        return None if token is None else f"{self.url}/v1/votes/{token}"
