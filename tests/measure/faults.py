"""``make faults``: each part of the service is killed under load, again and again, and what was acknowledged is counted."""

import asyncio
import sys
import time
from typing import Any

from rich.console import Console

from tests.faults.test_kills import HARMS, RECOVERED_WITHIN_S, is_ready
from tests.load import Told, check, under_load
from tests.measure.report import deployed, write
from tests.running import Running, until

ROUNDS = 3


def main() -> int:
    with deployed() as service:
        rows = [_measure(service, what) for what in HARMS]
    write("faults", {"kills": rows})
    return int(any(row["lost"] or row["doubled"] or row["changed"] for row in rows))


def _measure(service: Running, what: str) -> dict[str, Any]:
    """ROUNDS kills of one part: what was acknowledged meanwhile, and the longest time until /ready was 200 again."""
    told, recoveries = Told(), []

    def harm() -> None:
        HARMS[what](service)
        at = time.monotonic()
        until(lambda: is_ready(service), RECOVERED_WITHIN_S)
        recoveries.append(time.monotonic() - at)

    for turn in range(ROUNDS):
        asyncio.run(under_load(service, told, f"{what}-{turn}", harm, before_s=1, after_s=2))
    row = {"killed": what, "times": ROUNDS, **check(service, told), "longest_recovery_s": round(max(recoveries), 2)}
    Console().print(row)
    return row


if __name__ == "__main__":
    sys.exit(main())
