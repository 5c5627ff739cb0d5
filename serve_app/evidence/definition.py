"""What fixes how evidence is derived: the code that does it, and what tasks say about it."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from hitl.adapters.files import answer_days, check_days, day_rows, evidence_file, evidence_rows, traffic_rows
from hitl.canonical import digest_of, fingerprint
from hitl.quality import answer_columns, answers, check_columns, checks, part_figures, traffic, vote_columns
from hitl.tasks import TaskSpec

CODE: tuple[ModuleType, ...] = (
    answers,
    answer_columns,
    check_columns,
    checks,
    part_figures,
    traffic,
    vote_columns,
    answer_days,
    check_days,
    day_rows,
    evidence_rows,
    evidence_file,
    traffic_rows,
)
"""What derives the evidence, beside this package's modules ``evidence``, ``reading`` and ``contents``: a change has all of it
derived again."""


def definition_of(tasks: Mapping[str, TaskSpec]) -> str:
    """Return a digest that differs where the same streams would give other evidence."""
    return fingerprint([_code(), {name: _terms(spec) for name, spec in sorted(tasks.items())}])


def may_stand_on_disk(tasks: Iterable[TaskSpec]) -> bool:
    """Tell whether no value of an input that a task seals is in what is counted."""
    return not any(spec.is_sealed and spec.groups for spec in tasks)


def _terms(spec: TaskSpec) -> list[object]:
    terms = [list(spec.groups), spec.answer.right_within, spec.is_sealed, spec.input.model_dump(mode="json")]
    return [*terms, parts_of(spec), is_labelled(spec)]


def parts_of(spec: TaskSpec) -> list[str]:
    """Return the parts of an answer that have figures of their own, none where it has one part alone."""
    parts = [] if spec.fields is None else spec.fields.parts
    return parts if len(parts) > 1 else []


def is_labelled(spec: TaskSpec) -> bool:
    """Tell whether people answer with labels that the task declares, so that votes can be told from each other by numbers."""
    return spec.fields is None


@cache
def _code() -> str:
    beside = [Path(__file__).with_name(name) for name in ("evidence.py", "reading.py", "contents.py")]
    paths = [*(Path(str(module.__file__)) for module in CODE), *beside]
    return digest_of(b"\x00".join(path.read_bytes() for path in paths))
