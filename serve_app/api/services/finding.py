"""Find the stored thing for an id in a path; what the caller may not see is NotFound too."""

import re
from dataclasses import replace
from typing import TypeVar

from hitl.approval.definitions import read_definitions_until
from hitl.errors import NotFound
from hitl.identity import Principal, Role
from hitl.ids import CASE_ID_LENGTH
from hitl.intake import StoredCase
from hitl.intake.partitioned import part_of
from hitl.review import expert_queue
from hitl.review.views import ReviewView
from serve_app.api.services.context import ApiPorts
from serve_app.setup.case_words import CaseWords, words_of_case

AnyReview = TypeVar("AnyReview", bound=ReviewView)

CASE_ID = re.compile(rf"[a-z2-7]{{{CASE_ID_LENGTH}}}")
REVIEW_ID = re.compile(rf"([a-z2-7]{{{CASE_ID_LENGTH}}})-[1-9][0-9]{{0,5}}")


async def stored_case(ports: ApiPorts, case_id: str) -> StoredCase | None:
    """Return the case with its input as readers may see it, sensitive values masked; or None, also for what cannot be an id."""
    found = await kept_case(ports, case_id)
    return replace(found, payload=ports.vault.shown_of(found)) if found else None


async def kept_case(ports: ApiPorts, case_id: str) -> StoredCase | None:
    """Return the case as it is stored."""
    if not CASE_ID.fullmatch(case_id):
        return None
    found = await part_of(ports.intakes, case_id).find(case_id)
    if found is not None:
        await know_definition(ports, found.record.task, found.record.generation)
    return found


async def know_definition(ports: ApiPorts, task: str, generation: int) -> None:
    """Read the definitions before the first case of a serving generation is shown or answered: what hides it, and how people
    answer, may have come into force since the last look. Raises StoreUnavailable."""
    await read_definitions_until(ports.definitions, ports.tasks, task, generation)


async def words_about(ports: ApiPorts, review: ReviewView) -> CaseWords:
    """Return what people write about the case of ``review``; what defines it is known from then on. Raises NotFound."""
    await know_definition(ports, review.task, review.generation)
    if not ports.vault.hides(review.task):
        return CaseWords()
    found = await kept_case(ports, review.case_id)
    if found is None:
        raise NotFound("case", review.case_id)
    return words_of_case(ports.vault, found)


async def with_words(ports: ApiPorts, review: AnyReview) -> AnyReview:
    """``review`` with what people wrote about it."""
    return (await words_about(ports, review)).shown(review)


async def visible_case(ports: ApiPorts, principal: Principal, case_id: str) -> StoredCase:
    """Return the case, for its client and for the people of its task. Raises NotFound."""
    found = await stored_case(ports, case_id)
    if found is None or not _may_see(principal, found):
        raise NotFound("case", case_id)
    return found


def case_of_review(review_id: str) -> str:
    """Return the case that ``review_id`` is about. Raises NotFound for what cannot be the id of a review."""
    match = REVIEW_ID.fullmatch(review_id)
    if match is None:
        raise NotFound("review", review_id)
    return match.group(1)


def viewer_of(principal: Principal) -> str | None:
    """Whom a blind review is blind for: everybody who could answer it; None for those who only run the service."""
    return principal.id if principal.may(Role.REVIEWER, Role.EXPERT) else None


def works_on(principal: Principal, task: str) -> bool:
    """Tell whether the caller's tasks and queues let them near the cases of ``task``."""
    return principal.sees(task) and (principal.claims_from(task) or principal.claims_from(expert_queue(task)))


def reaches(principal: Principal, review: ReviewView) -> bool:
    """Tell whether the caller's tasks and queues let them near ``review``: where it stands now, or by what they did to it."""
    if not principal.sees(review.task):
        return False
    return principal.claims_from(review.queue) or _moved_on(principal, review)


def _moved_on(principal: Principal, review: ReviewView) -> bool:
    """Tell whether it left one of the caller's queues after they took part: a repeated request still gets its answer."""
    took_part = any(principal.id in (step.get("by"), step.get("reviewer")) for step in review.history)
    return took_part and any(principal.claims_from(str(step["queue"])) for step in review.history if "queue" in step)


def _may_see(principal: Principal, case: StoredCase) -> bool:
    if case.record.client == principal.id:
        return True
    return works_on(principal, case.record.task) and principal.may(Role.REVIEWER, Role.EXPERT, Role.OPERATOR)
