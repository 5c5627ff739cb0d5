"""Name what a caller's roles allow, so that a page offers nothing that the service would refuse."""

from collections.abc import Mapping

from hitl.approval.visibility import READERS
from hitl.identity import Principal, Role

_PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR)

PERMISSIONS: Mapping[str, tuple[Role, ...]] = {
    "review": (Role.REVIEWER, Role.EXPERT),
    "review_as_expert": (Role.EXPERT,),
    "see_queues": (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.OPERATOR),
    "assign_reviews": (Role.EXPERT, Role.OPERATOR),
    "amend_decisions": (Role.EXPERT, Role.OPERATOR),
    "see_cases": (Role.REVIEWER, Role.EXPERT, Role.OPERATOR),
    "see_approvals": READERS,
    "vote": (Role.APPROVER,),
    "request_models": (Role.TRAINER, Role.OPERATOR),
    "roll_back": (Role.OPERATOR,),
    "retrain": (Role.TRAINER, Role.OPERATOR),
    "see_retrainings": READERS,
    "see_runs": READERS,
    "see_metrics": _PEOPLE,
    "see_quality": _PEOPLE,
    "see_reviewers": (Role.OPERATOR,),
    "see_alerts": (Role.OPERATOR,),
    "try_policies": READERS,
    "propose_policies": (Role.TRAINER, Role.OPERATOR),
    "propose_definitions": (Role.OPERATOR,),
    "see_audit": (Role.OPERATOR,),
    "care_for_cases": (Role.OPERATOR,),
    "hold_days": (Role.OPERATOR, Role.ADMIN),
    "shorten_holds": (Role.ADMIN,),
    "see_overrides": (Role.REVIEWER, Role.EXPERT, Role.OPERATOR),
    "confirm_overrides": (Role.REVIEWER, Role.EXPERT),
    "revoke_overrides": (Role.EXPERT, Role.OPERATOR),
    "switch_overrides": (Role.OPERATOR,),
    "steer_policies": (Role.OPERATOR,),
    "see_suggestions": (Role.REVIEWER, Role.EXPERT, Role.TRAINER, Role.OPERATOR),
    "note_absences": (Role.APPROVER, Role.OPERATOR),
    "export_examples": (Role.TRAINER,),
    "see_outbox": (Role.OPERATOR,),
    "manage_people": (Role.ADMIN,),
}
"""Each name with the roles of which one is enough; the routes require the same."""


OF_EVERY_TASK = frozenset({"see_outbox"})
"""Held by nobody who is bounded to some tasks: messages are about all of them."""


def permissions_of(person: Principal) -> list[str]:
    """The names that hold for ``person``, in alphabetical order."""
    held = [name for name, roles in PERMISSIONS.items() if person.may(*roles)]
    return sorted(name for name in held if not (person.tasks and name in OF_EVERY_TASK))
