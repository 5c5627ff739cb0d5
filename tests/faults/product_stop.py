"""Row 38: an orderly stop under load, and a new start that finds everything."""

import os
import signal
import time

from hitl.cli.local.up_file import is_locked
from tests.faults.product import Back, Product, patience

STOPPED_WITHIN_S = 45.0
"""What the service promises of a stop."""


def stop_and_start(product: Product) -> Back:
    """SIGTERM to the supervisor; then ``hitl up`` on the same directory. Back when the service is whole."""
    service = product.service
    took_s = stopped(product, service.state.pid)
    assert took_s <= STOPPED_WITHIN_S, f"the stop took {took_s:.1f} s"
    service.command("up", "--detach")
    return product.is_whole


def stopped(product: Product, pid: int, how: signal.Signals = signal.SIGTERM) -> float:
    """Sends the signal; seconds until nobody holds the data directory any more."""
    start = time.monotonic()
    os.kill(pid, how)
    for _ in patience(2 * STOPPED_WITHIN_S):
        if not is_locked(product.service.place):
            break
    return time.monotonic() - start
