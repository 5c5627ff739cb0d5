"""What a state becomes as JSON becomes the same state again, for every machine of the product."""

import json
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.access import AccessMachine
from hitl.approval import ApprovalMachine
from hitl.canonical import canonical
from hitl.learning.journalled import LearningMachine
from hitl.machine.codec import decode, encode, shape_of
from hitl.review import ReviewMachine
from hitl.workflow import WorkflowMachine

MACHINES = (ReviewMachine({}, 1.0), ApprovalMachine(), WorkflowMachine(), LearningMachine(), AccessMachine())


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    colour: Colour
    marks: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tree:
    by_place: dict[tuple[str, Colour], Leaf] = field(default_factory=dict)
    newest: deque[Leaf] = field(default_factory=lambda: deque(maxlen=3))
    order: OrderedDict[str, list[str]] = field(default_factory=OrderedDict)
    chosen: Leaf | None = None
    open: dict[str, Any] = field(default_factory=dict)
    rows: list[list[Any]] = field(default_factory=list)
    total: float = 0.0


WORDS = st.text(max_size=3)
LEAVES = st.builds(Leaf, WORDS, st.sampled_from(Colour), st.frozensets(WORDS, max_size=3))
JSON = st.recursive(st.none() | st.booleans() | st.integers() | WORDS, lambda each: st.lists(each, max_size=3))
TREES = st.builds(
    Tree,
    st.dictionaries(st.tuples(WORDS, st.sampled_from(Colour)), LEAVES, max_size=3),
    st.lists(LEAVES, max_size=5).map(lambda leaves: deque(leaves, 3)),
    st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=2)), max_size=4).map(OrderedDict),
    st.none() | LEAVES,
    st.dictionaries(WORDS, JSON, max_size=3),
    st.lists(st.lists(JSON, max_size=2), max_size=2),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(TREES)
def test_a_value_comes_back_from_its_bytes(tree: Tree) -> None:
    found = decode(Tree, json.loads(canonical(encode(tree))))
    assert found == tree
    assert (found.newest.maxlen, list(found.order)) == (3, list(tree.order))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_machine_has_a_stored_form(machine: Any) -> None:
    state = machine.initial()
    assert decode(type(state), json.loads(canonical(encode(state)))) == state


def test_a_type_without_a_stored_form_is_refused() -> None:
    @dataclass
    class Opaque:
        thing: object

    with pytest.raises(TypeError):
        shape_of(Opaque)


def test_another_field_is_another_shape() -> None:
    @dataclass
    class First:
        name: str

    shape = shape_of(First)

    @dataclass
    class Second:
        name: str
        size: int = 0

    Second.__name__ = "First"
    assert shape_of(Second) != shape
