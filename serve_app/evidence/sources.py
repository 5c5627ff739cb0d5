"""Tell whether what was derived from the streams still fits them: what stands at each position must be what stood there."""

from collections.abc import Mapping, Sequence

from hitl.adapters.files.projection import Reached
from hitl.canonical import digest_of, fingerprint
from hitl.intake import Intake, StoredCase
from hitl.machine.shards import Shards, review_shard
from hitl.review import KnownAnswers, SettledLabels
from hitl.review.views import KnownAnswerRow, LabelledRow

CASES, LABELS, KNOWN = "cases", "labels", "known"
"""Kinds of streams: cases of a partition, and people's answers of a partition and task."""


def source_of(kind: str, partition: int, task: str = "") -> str:
    """Name a stream."""
    return f"{kind}/{partition}/{task}"


def proof_of_case(case: StoredCase) -> str:
    """Return the digest of what makes the case the one that it is."""
    record = case.record
    return digest_of("\x00".join((record.case_id, record.body_digest, record.payload_digest, record.salt)).encode())


def proof_of_label(row: LabelledRow) -> str:
    """Return the digest of what a settled answer said when it was given."""
    return fingerprint([row.review_id, row.label, list(row.reviewers), row.at])


def proof_of_known(row: KnownAnswerRow) -> str:
    """Return the digest of an answer to a case whose answer was known."""
    return fingerprint([row.review_id, row.label, row.reviewer, row.at])


async def misfit(reached: Mapping[str, Reached], shards: Shards, intakes: Sequence[Intake]) -> str | None:
    """Say in words which stream does not hold what was read of it; None: all do. A place whose case was deleted since proves
    nothing, and is not held against anybody. Raises Unavailable while a shard recovers, or StoreUnavailable."""
    for source, at in reached.items():
        kind, partition, task = source.split("/", 2)
        if at.position and not await _fits(kind, int(partition), task, at, shards, intakes):
            return f"{source} does not hold what was read of it up to {at.position}"
    return None


async def _fits(kind: str, partition: int, task: str, at: Reached, shards: Shards, intakes: Sequence[Intake]) -> bool:
    if kind == CASES:
        if partition >= len(intakes):
            return False
        intake = intakes[partition]
        found = await intake.cases(at.position - 1, 1)
        if not found:  # the newest case may have been deleted
            return any(each.has(at.position) for each in await intake.new_deletions(()))
        return found[0].seq > at.position or proof_of_case(found[0]) == at.proof
    shard, before = review_shard(partition), at.position - 1
    if kind == LABELS:
        labels = await shards.ask(shard, SettledLabels(task, before, 1))
        return _stands(labels.next, at, [proof_of_label(row) for row in labels.labelled])
    known = await shards.ask(shard, KnownAnswers(task, before, 1))
    return _stands(known.next, at, [proof_of_known(row) for row in known.answers])


def _stands(reached: int, at: Reached, proofs: Sequence[str]) -> bool:
    """Tell whether the page behind the last row but one begins with what was read; another cursor passed deleted rows."""
    return reached >= at.position and (reached > at.position or not proofs or proofs[0] == at.proof)
