"""Read YAML of people strictly: each key once, keys as written, and only values that JSON has."""

import json
from math import isfinite
from typing import Any

import yaml

from hitl.errors import InvalidConfig

MAX_DEPTH = 32
"""Levels of a file: none of ours needs ten, and an alias of itself has no end."""


class _RepeatedKey(Exception):
    """A mapping has the key ``name`` twice, the second time in ``line``."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(name, line)
        self.name, self.line = name, line


class _Loader(yaml.SafeLoader):
    """Keeps a key as it is written: ``01``, ``yes`` and ``1e5`` are no numbers or truth values where a name stands."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise _RepeatedKey(key.value, key.start_mark.line + 1)
                seen.add(key.value)
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)


def from_yaml(text: str, source: str) -> Any:
    """Return the JSON value of a YAML document. Raises InvalidConfig that names the key.

    >>> from_yaml("{01: a, yes: 1e5}", "x")
    {'01': 'a', 'yes': '1e5'}
    """
    try:
        value = yaml.load(text, Loader=_Loader)
    except _RepeatedKey as error:
        raise InvalidConfig(source, error.name, f"comes twice, again in line {error.line}") from error
    except yaml.YAMLError as error:
        raise InvalidConfig(source, "", f"not YAML: {_problem(error)}") from None  # its text may hold a secret
    except ValueError as error:  # a date that no calendar has
        raise InvalidConfig(source, "", f"a value cannot be read: {error}") from error
    _check(value, (), source)
    return value


def json_from_yaml(text: str, source: str) -> str:
    """Return the same as JSON. Raises InvalidConfig."""
    return json.dumps(from_yaml(text, source))


def _problem(error: yaml.YAMLError) -> str:
    """Return what is wrong and where, without the line itself."""
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or type(error).__name__
    return f"{said}, line {mark.line + 1}" if mark is not None else str(said)


def _check(value: Any, place: tuple[str, ...], source: str) -> None:
    if len(place) > MAX_DEPTH:
        raise InvalidConfig(source, ".".join(place[:3]), f"at most {MAX_DEPTH} levels")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise InvalidConfig(source, ".".join(place), "expected names as keys")
            _check(part, (*place, key), source)
    elif isinstance(value, list):
        for at, part in enumerate(value):
            _check(part, (*place, str(at)), source)
    elif isinstance(value, float) and not isfinite(value):
        raise InvalidConfig(source, ".".join(place), "expected a finite number")
    elif not isinstance(value, str | int | float | None):
        kind = type(value).__name__
        raise InvalidConfig(source, ".".join(place), f"YAML reads this as a {kind}: put it in quotes to keep it as written")
