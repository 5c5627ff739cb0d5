"""Read people's answers from their shards into the file of the evidence, page by page."""

from dataclasses import replace

from hitl.adapters.files.evidence_file import EvidenceFile
from hitl.adapters.files.projection import Reached
from hitl.machine.shards import Shards, review_shard
from hitl.quality.answers import KnownAnswer, answer_of
from hitl.review import KnownAnswers, SettledLabels
from hitl.tasks import TaskSpec
from serve_app.evidence.sources import KNOWN, LABELS, proof_of_known, proof_of_label, source_of
from serve_app.evidence.threads import finish_in_thread

PAGE = 1000


async def read_answers(file: EvidenceFile, shards: Shards, spec: TaskSpec, partition: int) -> None:
    """Read the settled answers of a task from where the file ends. Raises Unavailable while the shard recovers."""
    within, source = spec.answer.right_within, source_of(LABELS, partition, spec.task)
    is_last = False
    while not is_last:
        before = file.file.reached(source)
        page = await shards.ask(review_shard(partition), SettledLabels(spec.task, before.position, PAGE))
        rows = [(replace(answer_of(row), right_within=within), row.amends) for row in page.labelled]
        is_last = len(rows) < PAGE
        if page.next != before.position:
            now = Reached(page.next, proof_of_label(page.labelled[-1]) if rows else "")
            is_last &= await finish_in_thread(file.take_answers, spec.task, source, before.position, now, rows)


async def read_known(file: EvidenceFile, shards: Shards, task: str, partition: int) -> None:
    """Read the answers of people who were tested, from where the file ends. Raises as ``read_answers`` does."""
    source, is_last = source_of(KNOWN, partition, task), False
    while not is_last:
        before = file.file.reached(source)
        page = await shards.ask(review_shard(partition), KnownAnswers(task, before.position, PAGE))
        rows = [row for row in page.answers if not row.is_expert]
        found = [(row.case_id, KnownAnswer(row.reviewer, row.label, row.truth, row.suggested, row.at)) for row in rows]
        is_last = len(page.answers) < PAGE
        if page.next != before.position:
            now = Reached(page.next, proof_of_known(page.answers[-1]) if page.answers else "")
            is_last &= await finish_in_thread(file.take_known, task, partition, source, before.position, now, found)
