"""A limit on how long a replica may take to start: Ray Serve has none, and would wait for ever for a start that hangs."""

import faulthandler

STDERR = 2
"""Ray puts an object without a file in the place of ``sys.stderr`` where replicas log to files."""


def limit_start(seconds: float) -> None:
    """End this process unless ``note_started`` is called within ``seconds``, with the stack of every thread on stderr. Serve then
    starts another replica. A thread that needs no interpreter keeps the time, so that a driver's call that never returns is
    ended too."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)


def note_started() -> None:
    """Lift the limit. Serve's first look at a replica's health belongs to its start: call this there."""
    faulthandler.cancel_dump_traceback_later()
