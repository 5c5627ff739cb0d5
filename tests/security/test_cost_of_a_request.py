"""No single request of a client holds the service: it takes little of the event loop, and leaves little more than it brought."""

from collections.abc import Callable

import pytest

from tests.security.cost_of_a_request import MOST_S, VALID, CostFuzz

pytestmark = pytest.mark.slow

OF_EACH_ROUTE, AS_MANY = 8, 8
"""And so many times more of a route whose body can be large and taken."""


def test_no_request_takes_the_loop_or_fills_the_store(record_property: Callable[[str, object], None]) -> None:
    fuzz = CostFuzz(start=11)
    try:
        # What reads comes first: what operators read of whole journals costs what is stored, which the others grow.
        operations = sorted(fuzz.operations(), key=lambda each: each.method.upper() != "GET")
        for operation in operations:
            fuzz.fuzz(operation, OF_EACH_ROUTE * (AS_MANY if fuzz.name_of(operation) in VALID else 1))
        fuzz.callers = ("client",)
        for operation in operations:  # and once more over all that is stored now
            if operation.method.upper() == "GET":
                fuzz.fuzz(operation, OF_EACH_ROUTE)
    finally:
        fuzz.close()
    record_property("most_s", fuzz.cost.most_s)
    record_property("most_grown", fuzz.cost.most_grown)
    assert not fuzz.cost.breaches, "\n".join(fuzz.cost.breaches)
    assert fuzz.cost.requests > 500
    assert fuzz.cost.most_s < MOST_S
