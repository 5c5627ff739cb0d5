"""Describe an answer of a route that its annotation does not tell, for the OpenAPI document."""

from typing import Any, TypeAlias

DescribedAnswers: TypeAlias = dict[int | str, dict[str, Any]]
"""FastAPI's type of the argument ``responses``: what it shows of each status."""


def described(status: int | str, about: str, model: type | None = None) -> DescribedAnswers:
    """Return the answer with ``status``; ``model`` is the type of its body, None where it is a problem document.

    >>> described(410, "the input was erased")
    {410: {'description': 'the input was erased'}}
    """
    return {status: {"description": about} | ({} if model is None else {"model": model})}
