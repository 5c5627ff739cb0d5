"""Read task files; a wrong one stops the start and names its key."""

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from hitl.errors import InvalidConfig
from hitl.inference.families import FAMILIES
from hitl.routing.policy import check_can_alarm, check_earned, check_money, check_names, key_of
from hitl.routing.rules import CompiledPolicy
from hitl.tasks.fitting import check_fits
from hitl.tasks.spec import TaskSpec
from hitl.yaml_text import json_from_yaml

_NAMES_A_KEY = re.compile(r"([\w.]+): (.+)", re.DOTALL)


def load_task(text: str, source: str) -> TaskSpec:
    """Load the task that the YAML ``text`` describes. Raises InvalidConfig that names the key."""
    try:
        spec = TaskSpec.model_validate_json(json_from_yaml(text, source))
    except ValidationError as error:
        raise invalid(source, error) from error
    return checked(spec, source)


def checked(spec: TaskSpec, source: str) -> TaskSpec:
    """Return ``spec`` where its policy can route it. Raises InvalidConfig that names the key."""
    policy = spec.configured_policy()
    check_names(policy, spec.labels, source)
    check_can_alarm(policy, source)
    check_money(policy, source)
    check_fits(spec, policy, source)
    if FAMILIES[spec.model.family].is_carded:
        check_earned(policy, source)
    CompiledPolicy(policy, source=source)
    return spec


def load_tasks(paths: Iterable[Path]) -> dict[str, TaskSpec]:
    """Load all tasks of these files by name. Raises InvalidConfig for a wrong file or a name that comes twice."""
    tasks: dict[str, TaskSpec] = {}
    for path in sorted(paths):
        spec = load_task(path.read_text(encoding="utf-8"), str(path))
        if spec.task in tasks:
            raise InvalidConfig(str(path), "task", f"{spec.task!r} is defined twice")
        tasks[spec.task] = spec
    return tasks


def invalid(source: str, error: ValidationError) -> InvalidConfig:
    """Return the first fault. A check of several keys together has no place of its own, and says it first."""
    first = error.errors()[0]
    key, why = key_of(first["loc"]), first["msg"].removeprefix("Value error, ")
    if not key and (named := _NAMES_A_KEY.match(why)):
        key, why = named.groups()
    return InvalidConfig(source, key, why)
