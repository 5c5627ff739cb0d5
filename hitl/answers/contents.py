"""The parts of a case that an answer is about: the content of a verdict, the two contents of a pair."""

from collections.abc import Sequence
from typing import Any

from hitl.errors import InvalidInput


def content_at(features: Any, path: str) -> str | None:
    """Return the text at ``path``, such as ``/answer`` or ``/messages/-1/content``: a number counts an array's items from 0, a
    negative one from its end. None where there is no text.

    >>> content_at({"messages": [{"content": "Hello"}]}, "/messages/-1/content")
    'Hello'
    """
    found = features
    for part in path.split("/")[1:]:
        found = _part_of(found, part)
    return found if isinstance(found, str) else None


def check_contents(features: Any, paths: Sequence[str]) -> None:
    """Raises InvalidInput that names the first of ``paths`` where the features have no text."""
    for path in paths:
        if not content_at(features, path):
            raise InvalidInput(f"/features{path}", "the text that people judge")


def _part_of(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list) and name.removeprefix("-").isdecimal():
        at = int(name)
        return value[at] if -len(value) <= at < len(value) else None
    return None
