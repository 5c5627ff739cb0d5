"""What the routes add to the views of approvals: sealed values in clear, and a proposal's version."""

from dataclasses import dataclass

from hitl.access.views import RevealNote
from hitl.approval.views import ApprovalStanding
from hitl.canonical import JsonObject


@dataclass(frozen=True, slots=True)
class RevealedApproval:
    """``context`` and ``metadata`` in clear. ``salts`` let the reader check the digests in ``sealed``."""

    approval_id: str
    context: JsonObject
    metadata: JsonObject
    sealed: dict[str, str]
    salts: dict[str, str]


@dataclass(frozen=True, slots=True)
class ProposedPolicy(ApprovalStanding):
    """The approval that votes on the policy with this ``version``."""

    version: str


@dataclass(frozen=True, slots=True)
class ApprovalReveals:
    """Everybody who was shown the sealed values of the approval, oldest first."""

    approval_id: str
    reveals: list[RevealNote]
