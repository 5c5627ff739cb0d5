"""Garbage-collector settings for long-lived processes."""

import gc

GARBAGE_AFTER = 20_000
"""Objects: some hundred requests, or about a thousand reviews."""


def tune_garbage_collection() -> None:
    """From now on few searches, and none among what is there already: what was imported lives as long as the process, a request
    leaves no cycles, and a shard's reviews stay. Looking after every 700 objects walked half a million old ones again and
    again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 50)
