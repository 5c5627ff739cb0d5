"""Writes ``docs/task-file.md``, the reference of every key of a task file, from the models that read it.

Run it after a change of ``hitl/tasks/`` or ``hitl/routing/policy.py``; a test compares.
"""

import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hitl.inference.families import FAMILIES
from hitl.tasks import TaskSpec

PAGE = Path(__file__).parent / "task-file.md"

HEAD = """\
# The task file

Written by `python docs/make_task_file.py` from the models that read the file. A task is one YAML file in `HITL_TASKS_DIR`.
Keys that are not listed are refused, and values are not converted. `hitl tasks check FILE` reads it as the service would;
`hitl tasks new NAME --rows FILE.csv` drafts a first one from labelled rows. The file counts at the first start;
later it is a proposal that people vote on ([changing a task](changing-a-task.md)). Examples: `configs/tasks/` and
`examples/tasks/`.
"""

WORDS = {str: "text", int: "whole number", float: "number", bool: "true, false", type(None): "null", dict: "object", list: "list"}
BOUNDS = {Ge: ("at least", "ge"), Gt: ("above", "gt"), Le: ("at most", "le"), Lt: ("below", "lt")}
LENGTHS = {MinLen: ("at least", "min_length"), MaxLen: ("at most", "max_length")}


def task_file_page() -> str:
    """The text of the page: a section for each model, in the order in which a reader meets them."""
    return "\n".join([HEAD, *(_section(model) for model in _models()), _families()])


def _models() -> list[type[BaseModel]]:
    found: list[type[BaseModel]] = [TaskSpec]
    for model in found:  # grows as it is walked
        for field in model.model_fields.values():
            found += [each for each in _models_in(field.annotation) if each not in found]
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _section(model: type[BaseModel]) -> str:
    title = "The whole" if model is TaskSpec else _heading(model)
    rows = [_row(name, field) for name, field in model.model_fields.items()]
    return "\n".join([f"## {title}\n", f"{_prose(model)}\n", "| key | value | default |", "|---|---|---|", *rows, ""])


def _heading(model: type[BaseModel]) -> str:
    """``ReviewTerms`` as people read it; a kind of input or answer by its kind."""
    kind = model.model_fields.get("kind")
    if kind is not None and get_origin(kind.annotation) is Literal:
        what = "Answer" if model.__name__.endswith("Answer") else "Input"
        return f"{what} of kind `{get_args(kind.annotation)[0]}`"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize()


def _prose(model: type[BaseModel]) -> str:
    """The docstring of the model itself, with single ticks."""
    own = model.__dict__.get("__doc__") or ""
    return " ".join(own.replace("``", "`").split())


def _row(name: str, field: FieldInfo) -> str:
    words = f"{_type(field.annotation)}{_bounds(field.metadata)}"
    return f"| `{name}` | {words} | {_default(field)} |".replace("||", "\\|\\|")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    if field.default_factory_takes_validated_data:
        return "those of the kind of answer"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "its defaults"
    shown = {"None": "null", "True": "true", "False": "false", "": "''"}
    return f"`{shown.get(str(value), value)}`"


def _type(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(parts[0]) + _bounds(parts[1:])
    if origin in (Union, types.UnionType):
        return ", or ".join(_type(part) for part in parts)
    if origin is Literal:
        return ", ".join(f"`{part}`" for part in parts)
    if origin is list or origin is tuple:
        return f"list of {_type(parts[0])}"
    if origin is dict:
        return f"object of {_type(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{_heading(annotation)}](#{_anchor(_heading(annotation))})"
    return WORDS.get(annotation, "any")


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def _bounds(metadata: Any) -> str:
    """Those of the value, in words; a FieldInfo has its own inside."""
    found = []
    for each in metadata:
        if isinstance(each, FieldInfo):
            found.append(_bounds(each.metadata))
        for kind, (word, attribute) in {**BOUNDS, **LENGTHS}.items():
            if isinstance(each, kind):
                found.append(f", {word} {getattr(each, attribute):.12g}{' long' if kind in LENGTHS else ''}")
    return "".join(found)


def _families() -> str:
    lines = [
        "## Model families\n",
        "`model.family` is one of these.\n",
        "| family | reads | trained here | `params` |",
        "|---|---|---|---|",
    ]
    for name, family in FAMILIES.items():
        reads = " or ".join(sorted(form.plural for form in family.reads))
        known = ", ".join(f"`{each}`" for each in sorted(family.parameters or ()))
        lines.append(f"| `{name}` | {reads} | {'yes' if family.is_trained_here else 'no'} | {known} |")
    return "\n".join([*lines, ""])


def main() -> None:
    PAGE.write_text(task_file_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
