"""Guidelines: what each label of a task means, in words and by examples."""

from collections.abc import Collection, Mapping
from typing import Annotated, TypeAlias

from pydantic import Field

from hitl.tasks.strict import Strict

MAX_CHARS = 20_000
"""Of all guidelines of a task together: they come with each case that a person claims."""

ExampleText = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
CaseId = Annotated[str, Field(pattern=r"^[a-z2-7]{26}$")]


class Guideline(Strict):
    """When a label is right, as people read it beside the answer. ``examples`` are texts of cases that have it, ``cases`` the ids
    of decided cases to look at. It stands in the journal in clear and is shown to everybody who reviews: no personal data."""

    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
    examples: Annotated[list[ExampleText], Field(max_length=5)] = []
    cases: Annotated[list[CaseId], Field(max_length=5)] = []


Guidelines: TypeAlias = dict[str, Guideline]
"""By the label, or by the field of an answer that is a value."""


def check_guidelines(guidelines: Mapping[str, Guideline], names: Collection[str]) -> None:
    """Raises ValueError for a guideline of what nobody can answer, and for more text than a person is sent with a case."""
    if unknown := [name for name in guidelines if name not in names]:
        raise ValueError(f"guidelines.{unknown[0]}: people cannot answer that; expected one of {', '.join(names)}")
    chars = sum(len(each.text) + sum(map(len, each.examples)) for each in guidelines.values())
    if chars > MAX_CHARS:
        raise ValueError(f"guidelines: at most {MAX_CHARS} characters together, came {chars}")
