"""The tracker of this process: created at first use, rebuilt after a fork, closed at exit."""

import atexit
import os

from hitl.tracking.record import RawTrace
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker

_mine: Tracker | None = None


def active() -> Tracker:
    """Return the tracker of this process."""
    global _mine
    if _mine is None:
        _mine = Tracker(TrackingSettings())
    return _mine


def use(other: Tracker | None) -> None:
    """Replace the tracker of this process; None: build it from the environment again. The old one is not closed."""
    global _mine
    _mine = other


def submit(trace: RawTrace) -> None:
    """Hand a trace to this process's tracker: what decorated functions refer to, so that they pickle."""
    active().submit(trace)


def _at_exit() -> None:
    if _mine is not None:
        _mine.close()


atexit.register(_at_exit)
os.register_at_fork(after_in_child=lambda: use(None))
