"""What one definition of a task changes in another: in words for those who vote, and what cannot be changed in place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hitl.tasks.differences import Difference, find_differences
from hitl.tasks.inputs import TaskInput
from hitl.tasks.inputs.kind import WHOLE
from hitl.tasks.spec import TaskSpec

POLICY_KEYS = frozenset({"risk", "policy", "sampling"})
SEALED_STAYS = "as sensitive as before: cases were sent under that promise; define a new task under another name"
"""What was sealed is never sent unsealed under the same name."""

REMOVAL = "The task is taken away: it takes no more cases. What is stored stays readable, and what waits can be answered."


def describe_changes(before: TaskSpec | None, after: TaskSpec | None) -> list[str]:
    """Return one line for each thing that differs, labels first. None: there is no such task.

    A label whose place another one takes in a list of the same length is renamed."""
    if before is None or after is None:
        return [_whole(before, after)]
    return [*_labels(before.labels, after.labels), *_keys(before, after), *_models(before, after)]


def is_fitting(before: TaskSpec | None, after: TaskSpec | None) -> bool:
    """Tell whether a model of ``before`` can answer cases of ``after``."""
    if before is None or after is None:
        return False
    made_for = [(each.labels, _as_models_read(each), each.model.family, each.fields) for each in (before, after)]
    return made_for[0] == made_for[1]


def _as_models_read(spec: TaskSpec) -> Any:
    """Return the input without what is sensitive in it: that is hidden from people alone."""
    return _without_sensitive(spec.input.model_dump(mode="json"))


def _without_sensitive(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_sensitive(part) for name, part in value.items() if name != "sensitive"}
    return [_without_sensitive(part) for part in value] if isinstance(value, list) else value


def fixed_key(earlier: Sequence[TaskSpec], after: TaskSpec) -> tuple[str, str] | None:
    """Return the first key that differs although it cannot be changed in place, and what to do instead; None: there is none.

    ``earlier`` are all definitions that the task ever had, oldest first: what one of them hid, none shows again."""
    if not earlier:
        return None
    for each in _differences(earlier[-1], after):
        path = ".".join(each.key)
        if (instead := _instead(path)) is not None:
            return path, instead
    less = next(filter(None, (_unsealed(each, after) for each in earlier)), None)
    return None if less is None else (less, SEALED_STAYS)


def _unsealed(before: TaskSpec, after: TaskSpec) -> str | None:
    """Return the key by which something that was sealed or hidden would not be any more."""
    if before.is_sealed and not after.is_sealed:
        return "sealed"
    if set(before.sensitive_metadata) - set(after.sensitive_metadata):
        return "sensitive_metadata"
    return None if _hides_as_much(before.input, after.input) else "input"


def _hides_as_much(before: TaskInput, after: TaskInput) -> bool:
    """Tell whether every part that was hidden is, or is asked for no more. A field may have the name WHOLE."""
    if before.kind == after.kind == "fields":
        return not (before.hidden & set(after.columns)) - after.hidden
    if WHOLE in after.hidden and after.kind != "fields":
        return True
    return before.hidden <= after.hidden and (before.kind == after.kind or not before.hidden)


def _instead(path: str) -> str | None:
    top = path.split(".", maxsplit=1)[0]
    if top in POLICY_KEYS:
        return "the key as it is: a policy has an approval of its own (hitl policy propose)"
    if top == "answer" and path != "answer.none":
        return "the key as it is: answers that were given rest on it; define a new task under another name"
    return None


def _whole(before: TaskSpec | None, after: TaskSpec | None) -> str:
    if after is None:
        return REMOVAL if before is not None else "Nothing changes."
    return f"The task is new: {after.title}. Its labels are {', '.join(after.labels)}."


def _labels(before: list[str], after: list[str]) -> Iterator[str]:
    gone, come = [each for each in before if each not in after], [each for each in after if each not in before]
    renamed: list[tuple[str, str]] = []
    if len(before) == len(after):
        renamed = [(old, new) for old, new in zip(before, after, strict=True) if old in gone and new in come]
    for old, new in renamed:
        yield f'The label "{old}" is renamed to "{new}".'
    yield from (f'The label "{each}" is removed.' for each in gone if each not in dict(renamed))
    yield from (f'The label "{each}" is added.' for each in come if each not in dict(renamed).values())
    if not gone and not come and before != after:
        yield f"The order of the labels changes: {', '.join(after)}."


def _keys(before: TaskSpec, after: TaskSpec) -> Iterator[str]:
    yield from (each.words for each in _differences(before, after) if each.key != ("labels",))


def _models(before: TaskSpec, after: TaskSpec) -> Iterator[str]:
    if not is_fitting(before, after):
        yield "Models of the task as it is do not fit: they leave service, and people decide its cases until one fits."


def _differences(before: TaskSpec, after: TaskSpec) -> Iterator[Difference]:
    """Yield what differs, by key; what is None is left out."""
    was, becomes = (spec.model_dump(mode="json", exclude_none=True) for spec in (before, after))
    yield from find_differences(was, becomes)
