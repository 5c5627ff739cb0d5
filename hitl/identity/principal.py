"""A caller and their rights."""

from dataclasses import dataclass, field
from enum import StrEnum

from hitl.errors import Forbidden


class Role(StrEnum):
    """client opens cases; declarer brings a model's answers with them; reviewer and expert answer them; approver votes; trainer
    reads examples and asks for approvals; operator runs the service; admin does all of it and keeps the keys."""

    CLIENT = "client"
    DECLARER = "declarer"
    REVIEWER = "reviewer"
    EXPERT = "expert"
    APPROVER = "approver"
    TRAINER = "trainer"
    OPERATOR = "operator"
    ADMIN = "admin"


SECOND_PERSON = frozenset({Role.APPROVER, Role.ADMIN})
"""Roles that one person cannot give alone: who votes, and who could make a voter."""


@dataclass(frozen=True, slots=True)
class Principal:
    """``tasks`` bounds the roles to these tasks, ``queues`` what may be claimed from; empty means all. ``skills`` are what
    reviews may ask for. ``session`` says how the caller came in: ``key:<key id>`` or ``session:<digest>``."""

    id: str
    roles: frozenset[Role]
    tasks: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    session: str = field(default="", compare=False)

    def may(self, *roles: Role) -> bool:
        """Tell whether the caller has one of ``roles``; an admin has all but approver, which is a person's own vote."""
        wanted = set(roles)
        return bool(wanted & self.roles) or (Role.ADMIN in self.roles and bool(wanted - {Role.APPROVER}))

    def sees(self, task: str) -> bool:
        return not self.tasks or task in self.tasks

    @property
    def is_of_every_task(self) -> bool:
        """Tell whether no bound keeps the caller from what belongs to no task."""
        return not self.tasks

    def claims_from(self, queue: str) -> bool:
        """Tell whether ``queue`` is one of the caller's; whether they may answer there is for their roles to say."""
        return not self.queues or queue in self.queues

    def holds(self, other: "Principal") -> bool:
        """Tell whether ``other`` is the same account with no right that is missing here."""
        return self.id == other.id and other.roles <= self.roles and self.bounds(other) and other.skills <= self.skills

    def manages(self, other: "Principal") -> bool:
        """Tell whether an admin may keep the account and the keys of ``other``: none that reach beyond the admin's own bounds."""
        return Role.ADMIN in self.roles and self.bounds(other)

    def bounds(self, other: "Principal") -> bool:
        """Tell whether ``other`` reaches no task and no queue beyond these bounds."""
        bounds = ((self.tasks, other.tasks), (self.queues, other.queues))
        return all(not mine or (theirs and theirs <= mine) for mine, theirs in bounds)

    def require(self, action: str, *roles: Role) -> None:
        """Raises Forbidden unless the caller has one of ``roles``. ``action`` completes 'may not …'."""
        if not self.may(*roles):
            raise Forbidden(self.id, action)
