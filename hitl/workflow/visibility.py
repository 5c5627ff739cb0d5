"""Who may answer an interaction, and who may see it. What somebody may not see does not exist for them.

What belongs to no task is for people of every task, unless they are asked by name or began it.
"""

from collections.abc import Sequence

from hitl.identity import Principal, Role
from hitl.workflow.parts import Assignment


def may_answer(person: Principal, assignments: Sequence[Assignment], task: str | None) -> bool:
    """Whether ``person`` is one of those who are asked."""
    if task is not None and not person.sees(task):
        return False
    is_named = any(assignment.user_id == person.id for assignment in assignments)
    return is_named or (_is_in_bounds(person, task) and any(_is_for(person, assignment) for assignment in assignments))


def may_see(person: Principal, assignments: Sequence[Assignment], task: str | None, created_by: str) -> bool:
    """As may_answer; and who opened it, and the operators."""
    if person.id == created_by or may_answer(person, assignments, task):
        return True
    return person.may(Role.OPERATOR) and _is_in_bounds(person, task)


def may_steer(person: Principal, created_by: str) -> bool:
    """Whether ``person`` may cancel what ``created_by`` began."""
    return person.id == created_by or person.may(Role.OPERATOR)


def _is_in_bounds(person: Principal, task: str | None) -> bool:
    return person.is_of_every_task if task is None else person.sees(task)


def _is_for(person: Principal, assignment: Assignment) -> bool:
    if assignment.user_id is not None:
        return assignment.user_id == person.id
    return assignment.role in {role.value for role in person.roles}
