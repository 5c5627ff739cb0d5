"""What the configured tasks say of a review: labels, lease, deadline, agreement. Read when deciding, never when replaying."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hitl.errors import NotFound
from hitl.quality.expert_validation import is_validated
from hitl.review.agreement import AgreementTerms
from hitl.review.queues import expert_queue, task_of
from hitl.tasks.book import definition_at
from hitl.tasks.people_terms import ReviewTerms
from hitl.tasks.spec import TaskSpec

FALLBACK = ReviewTerms()
"""For reviews of a task that is no longer configured."""

HOUR_S = 3600.0


class Opening(NamedTuple):
    """What the task's terms say of a review that is opened at ``at``; times are UTC seconds."""

    at: float
    warn_at: float
    due_at: float
    blind: bool
    assigned: str | None


@dataclass(frozen=True, slots=True)
class QueueTerms:
    """``default_timeout_s`` holds for tasks that set no deadline of their own. ``tasks`` may be a hitl.tasks.book.TaskBook, which
    changes between two decisions. A ``generation`` is the serving generation of the case that is asked about."""

    tasks: Mapping[str, TaskSpec]
    default_timeout_s: float

    def labels(self, task: str, generation: int) -> list[str]:
        """Return the labels of a case. Raises NotFound for a task that is not configured."""
        return self._defined(task, generation).labels

    def answers(self, task: str, generation: int) -> list[str]:
        """Return what people may answer to a case. Raises NotFound for a task that is not configured."""
        return self._defined(task, generation).answers

    def takes_values(self, task: str, generation: int) -> bool:
        """Tell whether people answer with values in place of labels."""
        return self._defined(task, generation).fields is not None

    def takes_beside(self, task: str, generation: int, label: str) -> bool:
        """Tell whether people may add a value to their answer ``label``."""
        return self._defined(task, generation).answer.beside(label) is not None

    def of(self, task: str) -> ReviewTerms:
        return self.tasks[task].review if task in self.tasks else FALLBACK

    def timeout_s(self, task: str) -> float:
        hours = self.of(task).timeout_hours
        return self.default_timeout_s if hours is None else hours * HOUR_S

    def agreement(self, task: str, is_check: bool = False) -> AgreementTerms:
        """Of a review, or of a blind check: certificates are about what checks say, so that more people may be worth asking."""
        terms = self.of(task)
        within = self.tasks[task].answer.right_within if task in self.tasks else 0
        if is_check and terms.random_answers is not None:
            return AgreementTerms(2 if terms.random_answers == "two_and_expert" else 1, within=within)
        if terms.consensus is None:
            return AgreementTerms(terms.check_overlap if is_check and terms.check_overlap else terms.overlap, within=within)
        wanted = terms.consensus
        return AgreementTerms(terms.overlap, wanted.target, wanted.max_answers, wanted.difficulty == "by_item", within)

    def wants_expert(self, task: str, is_check: bool, agrees_with_model: bool | None) -> bool:
        """Tell whether an expert looks at a blind check because its answer differs from the model's."""
        is_wanted = self.of(task).random_answers == "one_and_expert_where_it_differs"
        return is_wanted and is_check and agrees_with_model is False

    def wants_validation(self, task: str, review_id: str) -> bool:
        """Tell whether an expert confirms this review's decision: the same share of all reviews, the same ones for ever."""
        return is_validated(review_id, self.of(task).expert_validation)

    def opening(self, task: str, segment: str, now: float) -> Opening:
        """Return what a review of ``task`` that is opened at ``now`` is given."""
        review, timeout_s = self.of(task), self.timeout_s(task)
        skill = review.skills.get(segment, review.skills.get("*"))
        assigned = None if skill is None else f"skill:{skill}"
        return Opening(now, now + review.warn_share * timeout_s, now + timeout_s, review.blind, assigned)

    def _defined(self, task: str, generation: int) -> TaskSpec:
        """Return what defined the task when its case was routed: that stays, whatever defines the task now."""
        spec = definition_at(self.tasks, task, generation)
        if spec is None:
            raise NotFound("task", task)
        return spec

    def has_queue(self, queue: str) -> bool:
        return task_of(queue) in self.tasks and queue in (task_of(queue), expert_queue(task_of(queue)))
