"""Request bodies of approvals."""

from typing import Annotated, cast

from pydantic import AwareDatetime, Field

from hitl.approval import ApprovalKind, Urgency
from hitl.approval.stored import StoredDefault, WantedOption, WantedPolicy
from hitl.canonical import JsonObject
from hitl.errors import InvalidInput
from hitl.tasks.strict import Digest
from serve_app.http.strict_body import Body, Comment

Text = Annotated[str, Field(max_length=200, pattern=r"\S")]
Name = Annotated[str, Field(max_length=128, pattern=r"\S")]
OneKind = Annotated[ApprovalKind, Field(strict=False)]
OneUrgency = Annotated[Urgency, Field(strict=False)]


class OptionBody(Body):
    """``outcome`` is approve or reject, where ``value`` does not say it by itself; neither ``value`` nor ``label`` may say the
    opposite of it."""

    label: Text
    value: Text
    recommended: bool = False
    outcome: Annotated[str, Field(pattern="^(approve|reject)$")] | None = None

    def wanted(self) -> WantedOption:
        return {"label": self.label, "value": self.value, "recommended": self.recommended, "outcome": self.outcome}


class PolicyBody(Body):
    """The voting policy, where the configuration leaves it to the request. ``rule`` is any, all, majority or k_of_n."""

    rule: Annotated[str, Field(pattern="^(any|all|majority|k_of_n)$")] | None = None
    k: Annotated[int, Field(ge=1, le=100)] | None = None
    approvers: Annotated[list[Name], Field(min_length=1, max_length=100)] | None = None
    groups: Annotated[list[Name], Field(min_length=1, max_length=100)] | None = None
    requires: dict[str, Annotated[int, Field(ge=1, le=100)]] | None = None
    weights: dict[str, Annotated[float, Field(gt=0, le=100)]] | None = None
    veto: Annotated[list[Name], Field(max_length=100)] | None = None
    excluded: Annotated[list[Name], Field(max_length=100)] | None = None

    def wanted(self) -> WantedPolicy:
        """Without what was left out, for which the configuration speaks."""
        return cast("WantedPolicy", self.model_dump(exclude_none=True))  # its fields are those of this body


class DefaultBody(Body):
    """The outcome when nobody has decided in time, and the reason in words."""

    option: Text
    reason: Annotated[str, Field(max_length=4_000, pattern=r"\S")]

    def wanted(self) -> StoredDefault:
        return {"option": self.option, "reason": self.reason}


class ApprovalBody(Body):
    """A request. A model's or a policy's names its ``task`` and the ``digest`` of what is to serve, and its ``evidence``; every
    other is bound to the digest of what is shown. ``timeout`` is in seconds; without it the urgency's own. ``sensitive`` names
    keys of ``context`` and ``metadata`` whose values are sealed, and shown only by a reveal."""

    kind: OneKind = ApprovalKind.MODEL_DEPLOYMENT
    task: Annotated[str, Field(max_length=64)] = ""
    title: Text
    digest: Digest | None = None
    evidence: JsonObject | None = None
    id: Annotated[str, Field(max_length=200)] | None = None
    description: Annotated[str, Field(max_length=20_000)] = ""
    context: JsonObject = Field(default_factory=dict)
    options: Annotated[list[OptionBody], Field(max_length=20)] = Field(default_factory=list)
    urgency: OneUrgency = Urgency.MEDIUM
    timeout: Annotated[float, Field(gt=0, le=31_622_400)] | None = None
    metadata: JsonObject = Field(default_factory=dict)
    policy: PolicyBody = PolicyBody()
    default: DefaultBody | None = None
    sensitive: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)

    def refuse(self, names: tuple[str, ...], expected: str) -> None:
        """Raises InvalidInput when one of ``names`` was given."""
        for name in names:
            if name in self.model_fields_set:
                raise InvalidInput(f"/{name}", expected)

    def need(self, names: tuple[str, ...]) -> None:
        """Raises InvalidInput when one of ``names`` is missing."""
        for name in names:
            if not getattr(self, name) and getattr(self, name) != {}:
                raise InvalidInput(f"/{name}", f"needed for a {self.kind.value}")


class VoteBody(Body):
    """``vote`` is the value of an option (of a model or a policy: approve or reject). ``digest`` repeats what is voted on, so
    that nobody votes on something else than they saw; ``shown``, if given, the digest of all that was shown with it."""

    vote: Text
    digest: Digest
    comment: Comment = ""
    shown: Digest | None = None


class CancelBody(Body):
    reason: Comment = ""


class DelegateVoteBody(Body):
    """``to`` is the id of the person who votes instead."""

    to: Name
    reason: Comment = ""


class AbsenceBody(Body):
    """Away until ``until`` (ISO 8601 with its offset; a time that has passed: back again). Without a ``deputy`` the next
    configured people are asked. ``person`` is the caller where it is left out."""

    until: Annotated[AwareDatetime, Field(strict=False)]
    deputy: Name | None = None
    person: Name | None = None
