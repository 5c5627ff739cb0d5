"""Checks as they count: without those that people look at again, and without answers that nobody looked for."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from hitl.adapters.files.evidence_file import EvidenceFile
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.checks import BlindCheck, answered_check
from hitl.quality.left_out import LeftOut, lazy_reviews, left_out_of
from serve_app.evidence.sharing import SharedRows


class JoinedChecks(SharedRows[BlindCheck]):
    """Checks in order of arrival. ``left_out`` are the answers to them that are no evidence, by review id."""

    __slots__ = ("left_out",)

    def __init__(self, checks: Iterable[BlindCheck], left_out: dict[str, LeftOut]) -> None:
        super().__init__(checks)
        self.left_out = left_out


async def newest_answers(file: EvidenceFile, task: str) -> SharedRows[SettledReview]:
    """Return the settled answers of ``task``, of each case the newest review's, in order of time."""
    found = await asyncio.to_thread(file.answers, task)
    return SharedRows({each.case_id: each for each in found}.values())


async def all_tests(file: EvidenceFile, task: str) -> SharedRows[KnownAnswer]:
    """Return the answers of ``task`` to cases that came back to test people."""
    return SharedRows(await asyncio.to_thread(file.known, task))


async def joined_checks(file: EvidenceFile, task: str, reopened: Collection[str], leaves_out: bool) -> JoinedChecks:
    """Return the checks of ``task`` as they count; ``leaves_out``: without answers that nobody looked for."""

    def joined() -> JoinedChecks:
        if leaves_out:
            return without_lazy(file.checks(task), file.answers(task), file.known(task), reopened)
        return unless_reopened(file.checks(task), reopened)

    return await asyncio.to_thread(joined)


def unless_reopened(checks: Iterable[BlindCheck], reopened: Collection[str]) -> JoinedChecks:
    """Return the ``checks``; those of the ``reopened`` cases wait."""
    return JoinedChecks((_waiting(each) if each.case_id in reopened else each for each in checks), {})


def without_lazy(
    checks: Sequence[BlindCheck], answers: Sequence[SettledReview], known: Iterable[KnownAnswer], reopened: Collection[str]
) -> JoinedChecks:
    """Return the ``checks`` as those of the ``answers`` count that somebody looked for."""
    drawn, lazy = {each.case_id for each in checks}, lazy_reviews(answers, known)
    reviews: dict[str, list[SettledReview]] = {}
    for each in sorted(answers, key=lambda each: (each.at, each.review_id)):
        if each.case_id in drawn:
            reviews.setdefault(each.case_id, []).append(each)
    answered = {name: each for name, each in reviews.items() if name not in reopened}
    joined = [answered_check(_waiting(each), answered.get(each.case_id, ()), lazy) for each in checks]
    waiting = {each.case_id for each in joined if each.wrong is None}
    return JoinedChecks(joined, left_out_of(reviews, lazy, waiting))


def _waiting(check: BlindCheck) -> BlindCheck:
    return check if check.wrong is None else replace(check, wrong=None, labels=(), wrong_parts=None)
