"""A step's configuration, one checked value at a time."""

import re
from math import isfinite

from hitl.canonical import JsonObject
from hitl.errors import InvalidInput
from hitl.identity import Role
from hitl.text_limits import MAX_TEXT
from hitl.workflow.free_json import is_number
from hitl.workflow.parts import Assignee

MAX_NAMES = 100
LONGEST_S = 366 * 86_400.0
NAME = re.compile(r"[\w.@:+~-]{1,128}")
"""A person's id: it becomes a part of an interaction's id, and so of a path."""

ANSWERING = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.OPERATOR)


def text_of(config: JsonObject, key: str, default: str) -> str:
    value = config.get(key, default)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise InvalidInput(f"/config/{key}", f"a text of at most {MAX_TEXT} characters")
    return value


def number_of(config: JsonObject, key: str, default: float) -> float:
    """A time or a count above zero."""
    value = config.get(key, default)
    if not is_number(value) or not isfinite(value) or not 0 < value <= LONGEST_S:
        raise InvalidInput(f"/config/{key}", f"a number in (0, {LONGEST_S:g}]")
    return float(value)


def options_of(config: JsonObject, key: str, default: list[str]) -> list[str]:
    value = config.get(key, [*default])
    texts = [each for each in value if isinstance(each, str) and each] if isinstance(value, list) else []
    if not texts or texts != value:
        raise InvalidInput(f"/config/{key}", "an array of texts")
    if len(set(texts)) != len(texts):
        raise InvalidInput(f"/config/{key}", "each option once")
    return texts


def names_of(config: JsonObject, key: str) -> list[str]:
    """Return the ids of one or more people."""
    value = config.get(key)
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_NAMES:
        raise InvalidInput(f"/config/{key}", f"the ids of 1 to {MAX_NAMES} people")
    names: list[str] = []
    for at, name in enumerate(value):
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise InvalidInput(f"/config/{key}/{at}", "the id of a person")
        names.append(name)
    if len(set(names)) != len(names):
        raise InvalidInput(f"/config/{key}", "each person once")
    return names


def assignees_of(config: JsonObject) -> list[Assignee]:
    """Return who may answer: ``assignees`` are people, ``role`` everybody who has it; without both every reviewer."""
    role = config.get("role", Role.REVIEWER.value)
    if role not in tuple(ANSWERING):
        raise InvalidInput("/config/role", f"one of {', '.join(ANSWERING)}")
    if "assignees" in config:
        return [Assignee(name, str(role)) for name in names_of(config, "assignees")]
    return [Assignee(None, str(role))]


def people(names: list[str], role: str = Role.REVIEWER.value) -> list[Assignee]:
    return [Assignee(name, role) for name in names]
