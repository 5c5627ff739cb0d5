"""The form that a person fills in: checked when it is opened, and every answer checked against it on the server."""

from collections.abc import Callable
from math import isfinite
from typing import Any

from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput
from hitl.workflow.free_json import number_in, rows_in

MAX_FIELDS = 200
MAX_TEXT = 100_000
"""Characters of one answer."""

WITH_OPTIONS = ("radio", "select", "multiselect")

Field = JsonObject


def check_schema(ui_schema: Any, place: str = "/config/ui_schema") -> JsonObject:
    """Return the form. Raises InvalidInput for what nobody could answer. A form without ``fields`` takes any object."""
    if not isinstance(ui_schema, dict):
        raise InvalidInput(place, "an object")
    fields = ui_schema.get("fields", [])
    if not isinstance(fields, list) or len(fields) > MAX_FIELDS:
        raise InvalidInput(f"{place}/fields", f"an array of at most {MAX_FIELDS} fields")
    for at, field in enumerate(fields):
        _check_field(field, f"{place}/fields/{at}")
    names = [field["name"] for field in fields]
    if len(set(names)) != len(names):
        raise InvalidInput(f"{place}/fields", "each name once")
    return ui_schema


def check_answer(ui_schema: JsonObject, given: JsonObject, place: str = "/user_input") -> JsonObject:
    """Return the answer with the form's defaults where nothing was given. Raises InvalidInput that names the place.

    >>> check_answer({"fields": [{"name": "n", "type": "number", "min": 0, "max": 1, "default": 0.9}]}, {})
    {'n': 0.9}
    """
    if "fields" not in ui_schema:
        return dict(given)
    fields = {str(field["name"]): field for field in rows_in(ui_schema, "fields") if isinstance(field, dict)}
    unknown = given.keys() - fields.keys()
    if unknown:
        raise InvalidInput(place, f"only the {len(fields)} fields of the form; {len(unknown)} are unknown")
    answers = {name: _answer(field, given, f"{place}/{name}") for name, field in fields.items()}
    return {name: value for name, value in answers.items() if value is not None}


def _check_field(field: Any, place: str) -> None:
    if not isinstance(field, dict) or not isinstance(field.get("name"), str) or not field["name"]:
        raise InvalidInput(place, "a field with a name")
    if field.get("type") not in CHECKS:
        raise InvalidInput(f"{place}/type", f"one of {', '.join(sorted(CHECKS))}")
    options = field.get("options")
    if field["type"] in WITH_OPTIONS and not (isinstance(options, list) and options):
        raise InvalidInput(f"{place}/options", "at least one option")
    if field["type"] in WITH_OPTIONS and any(value is None for value in _values(field)):
        raise InvalidInput(f"{place}/options", "options with a value each")
    for bound in ("min", "max"):
        if bound in field and not _is_number(field[bound]):
            raise InvalidInput(f"{place}/{bound}", "a number")
    if field.get("min", float("-inf")) > field.get("max", float("inf")):
        raise InvalidInput(f"{place}/min", "a number that is not above max")
    if field.get("default") is not None:  # a required tick may start empty: only what it holds is checked
        CHECKS[field["type"]]({**field, "required": False}, field["default"], f"{place}/default")


def _answer(field: Field, given: JsonObject, place: str) -> Json:
    value = given.get(str(field["name"]), field.get("default"))
    if value is None:
        if field.get("required"):
            raise InvalidInput(place, "an answer")
        return None
    CHECKS[str(field["type"])](field, value, place)
    return value


def _check_text(field: Field, value: Any, place: str) -> None:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise InvalidInput(place, f"a text of at most {MAX_TEXT} characters")
    if field.get("required") and not value.strip():
        raise InvalidInput(place, "a text that is not empty")


def _check_one(field: Field, value: Any, place: str) -> None:
    if not any(_is_same(value, option) for option in _values(field)):
        raise InvalidInput(place, "one of the options")


def _check_several(field: Field, value: Any, place: str) -> None:
    if not isinstance(value, list) or (field.get("required") and not value):
        raise InvalidInput(place, "an array of options")
    for each in value:
        _check_one(field, each, place)


def _check_tick(field: Field, value: Any, place: str) -> None:
    if not isinstance(value, bool):
        raise InvalidInput(place, "true or false")
    if field.get("required") and not value:
        raise InvalidInput(place, "true: it must be confirmed")


def _check_number(field: Field, value: Any, place: str) -> None:
    low, high = number_in(field, "min", float("-inf")), number_in(field, "max", float("inf"))
    if not _is_number(value) or not low <= value <= high:
        raise InvalidInput(place, f"a number in [{low:g}, {high:g}]")
    if field.get("is_whole") and value != int(value):
        raise InvalidInput(place, "a whole number")


def _check_anything(field: Field, value: Any, place: str) -> None:
    """Any JSON value."""


def _values(field: Field) -> list[Json]:
    """Return what an answer may be: an option is its own value, or an object with ``value``."""
    return [option.get("value") if isinstance(option, dict) else option for option in rows_in(field, "options")]


def _is_same(value: Any, option: Any) -> bool:
    return type(value) is type(option) and bool(value == option)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and isfinite(value)


CHECKS: dict[str, Callable[[Field, Any, str], None]] = {
    "text": _check_text,
    "textarea": _check_text,
    "radio": _check_one,
    "select": _check_one,
    "multiselect": _check_several,
    "checkbox": _check_tick,
    "number": _check_number,
    "json": _check_anything,
}
