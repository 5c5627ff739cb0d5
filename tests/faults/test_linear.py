"""The checker of histories: it believes what could have happened, and nothing else."""

import pytest

from tests.faults.linear import Op, condemned


def op(kind: str, start: float, end: float, lease: int = 1, label: str = "", **more: bool) -> Op:
    return Op("r", kind, lease, label, start, end, **more)


GOOD = [
    [op("claim", 0, 1), op("decide", 2, 3, label="a"), op("read", 4, 5, label="a")],
    [op("claim", 0, 1), op("release", 2, 3), op("claim", 4, 5, lease=2), op("decide", 6, 7, lease=1, is_done=False)],
    [op("claim", 0, 1), op("decide", 2, 9, label="a"), op("read", 3, 4), op("read", 5, 6, label="a")],
    [op("claim", 0, 1), op("decide", 2, float("inf"), label="a", is_known=False), op("read", 9, 10)],
    [op("claim", 0, 1), op("decide", 2, float("inf"), label="a", is_known=False), op("read", 9, 10, label="a")],
    [op("claim", 0, 1), op("decide", 2, 8, label="a"), op("release", 2, 8, is_done=False)],
]
BAD = {
    "two leases at once": [op("claim", 0, 1), op("claim", 2, 3, lease=2)],
    "an acknowledged answer is lost": [op("claim", 0, 1), op("decide", 2, 3, label="a"), op("read", 4, 5)],
    "an answer under an old lease counts": [
        op("claim", 0, 1),
        op("release", 2, 3),
        op("claim", 4, 5, lease=2),
        op("decide", 6, 7, lease=1, label="a"),
    ],
    "two answers": [op("claim", 0, 1), op("decide", 2, 3, label="a"), op("decide", 4, 5, label="b")],
    "a read goes back": [op("claim", 0, 1), op("decide", 2, 9, label="a"), op("read", 3, 4, label="a"), op("read", 5, 6)],
    "an answer before anybody asked": [op("claim", 0, 1), op("read", 2, 3, label="a"), op("decide", 4, 5, label="a")],
    "a refusal without a reason": [op("claim", 0, 1), op("decide", 2, 3, label="a", is_done=False)],
}


@pytest.mark.parametrize("history", GOOD)
def test_what_could_have_happened_is_believed(history: list[Op]) -> None:
    assert condemned(history) == []


@pytest.mark.parametrize("what", BAD)
def test_what_could_not_have_happened_is_condemned(what: str) -> None:
    assert condemned(BAD[what]) == ["r"]
