"""Fetch decided cases from the service, and open the cases of a file there."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from hitl.client.answer_types import RowAnswers
from hitl.client.calls import HttpCall, post
from hitl.client.synchronous import Client
from hitl.integrations.labelling.cases import ExportedRow, ImportedCase, LabelledCase, as_lines

PAGE = 500
AT_ONCE = 100
PASSING = (429, 503)
MOST_TRIES = 30
PAUSE_S = 1.0
RANDOM = "gold"
"""The stored name of the random sample, whose cases are answered blind."""


@dataclass(frozen=True, slots=True)
class UploadedCase:
    """A case of the file: its ``status`` (HTTP), its id, or why it was refused."""

    external_id: str
    status: int
    case_id: str | None
    refusal: str | None


def decided_cases(client: Client, task: str, is_blind: bool = False) -> Iterator[LabelledCase]:
    """Yield every decided case of the task, or those alone that were drawn at random and answered blind. Raises ApiError: it
    takes a trainer's key."""
    after = None
    while True:
        page = client.examples(task, after, PAGE)
        yield from (LabelledCase.of(example) for example in page["examples"] if not is_blind or RANDOM in example["streams"])
        if len(page["examples"]) < PAGE:
            return
        after = page["next"]


def open_cases(
    client: Client, task: str, cases: Sequence[ImportedCase], pause: Callable[[float], None] = time.sleep
) -> Iterator[UploadedCase]:
    """Open a case for each. A file that is imported again opens nothing anew: each batch has the digest of its content as key."""
    for start in range(0, len(cases), AT_ONCE):
        yield from _batch(client, task, cases[start : start + AT_ONCE], pause)


def _batch(client: Client, task: str, cases: Sequence[ImportedCase], pause: Callable[[float], None]) -> list[UploadedCase]:
    rows: list[ExportedRow] = [{"features": case.features, "metadata": {"external_id": case.external_id}} for case in cases]
    key = f"import-{sha256(as_lines(rows).encode()).hexdigest()}"
    for _ in range(MOST_TRIES):
        call: HttpCall[RowAnswers] = post("v1", "tasks", task, "decisions:batch", body={"cases": rows}, key=key)
        results = client.send(call)["results"]
        if not any(each["status"] in PASSING for each in results):
            break
        pause(PAUSE_S)  # the same key: what was opened stays, what was put off is tried again
    return [_opened(case, each["status"], {**each["body"]}) for case, each in zip(cases, results, strict=True)]


def _opened(case: ImportedCase, status: int, body: ExportedRow) -> UploadedCase:
    if status < 300:
        return UploadedCase(case.external_id, status, str(body["case_id"]), None)
    return UploadedCase(case.external_id, status, None, str(body.get("detail") or body.get("title")))
