"""How threads of a long-lived process take turns."""

import sys

TURN_S = 0.0001
"""Python's default is 5 ms. A question of a page gives the interpreter away some hundred times: at each row that it reads."""


def take_short_turns() -> None:
    """From now on a thread that computes lets others go on after TURN_S: beside figures of a long task a page's question
    would wait for whole turns of it, again and again. A switch costs microseconds, and nothing where nobody waits."""
    sys.setswitchinterval(TURN_S)
