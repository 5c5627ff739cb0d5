"""Who may answer an interaction, and who may see it. What somebody may not see does not exist for them.

What belongs to no task is for people of every task, unless they are asked by name or began it.
"""

from collections.abc import Sequence
from typing import Protocol

from hitl.identity import Principal, Role
from hitl.workflow.options import ANSWERING
from hitl.workflow.parts import Assignment
from hitl.workflow.state import Flow, InteractionPattern

APPROVING = frozenset({InteractionPattern.APPROVAL, InteractionPattern.REVIEW})
"""Patterns whose answer lets something pass: nobody gives it to what they asked for themselves."""


class AskedOfPeople(Protocol):
    """What is read of an interaction, or of its view."""

    @property
    def pattern(self) -> str: ...
    @property
    def task(self) -> str | None: ...
    @property
    def created_by(self) -> str: ...
    @property
    def assignments(self) -> Sequence[Assignment]: ...
    @property
    def parent(self) -> str | None: ...


def may_answer(person: Principal, asked: AskedOfPeople) -> bool:
    """Tell whether ``person`` is one of those who are asked, and no one who approves their own request."""
    if asked.task is not None and not person.sees(asked.task):
        return False
    if asked.pattern in APPROVING and person.id == asked.created_by:
        return False
    return any(_is_for(person, assignment, asked) for assignment in asked.assignments)


def may_see(person: Principal, asked: AskedOfPeople) -> bool:
    """As may_answer; and who opened it, who is named but may not answer, and the operators."""
    if person.id == asked.created_by or _is_named(person, asked) or may_answer(person, asked):
        return True
    return person.may(Role.OPERATOR) and _is_in_bounds(person, asked.task)


def may_steer(person: Principal, created_by: str) -> bool:
    """Tell whether ``person`` may cancel what ``created_by`` began."""
    return person.id == created_by or person.may(Role.OPERATOR)


def _is_in_bounds(person: Principal, task: str | None) -> bool:
    return person.is_of_every_task if task is None else person.sees(task)


def has_worked_on(person: Principal, asked: AskedOfPeople, flow: Flow | None) -> bool:
    """Tell whether a stage of ``flow`` that others shall approve is the person's own work."""
    if flow is None or asked.pattern != InteractionPattern.APPROVAL:
        return False
    return any(stage.worker == person.id for stage in flow.stages)


def _is_for(person: Principal, assignment: Assignment, asked: AskedOfPeople) -> bool:
    if assignment.user_id is None:
        return _is_in_bounds(person, asked.task) and assignment.role in person.roles
    return assignment.user_id == person.id and person.may(*_roles_of(assignment, asked))


def _roles_of(assignment: Assignment, asked: AskedOfPeople) -> tuple[Role, ...]:
    """Return one of which who is named needs beside the name, which is the asker's word: to approve a stage that of approvers, in
    a step's own approval any role that answers; for the rest the name is enough."""
    if assignment.role != Role.APPROVER or asked.pattern != InteractionPattern.APPROVAL:
        return tuple(Role)
    return ANSWERING if asked.parent else (Role.APPROVER,)


def _is_named(person: Principal, asked: AskedOfPeople) -> bool:
    sees = asked.task is None or person.sees(asked.task)
    return sees and any(assignment.user_id == person.id for assignment in asked.assignments)
