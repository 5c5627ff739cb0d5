"""The SDK's decorator, whose first pause lasts until a line comes in: the service is killed meanwhile."""

import sys

from humanlayer import HumanLayer

pauses = 0


def pause(seconds: int) -> None:
    global pauses
    pauses += 1
    if pauses == 1:
        print("waiting", flush=True)
        sys.stdin.readline()


hl = HumanLayer(run_id="killed", sleep=pause)


@hl.require_approval()
def multiply(x: int, y: int) -> int:
    """multiply two numbers"""
    return x * y


print(multiply(x=6, y=7), flush=True)
