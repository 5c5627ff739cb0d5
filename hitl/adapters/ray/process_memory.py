"""Memory of long-lived processes: what is searched for garbage, and what is given back."""

import gc
import os

GARBAGE_AFTER = 20_000
"""Objects: some hundred requests, or about a thousand reviews."""


def tune_garbage_collection() -> None:
    """From now on few searches, and none among what is there already: what was imported lives as long as the process, a request
    leaves no cycles, and a shard's reviews stay. Looking after every 700 objects walked half a million old ones again and
    again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 50)


def let_arrow_give_back() -> None:
    """Let Arrow, which is imported later, take its memory from the C library, unless ARROW_DEFAULT_MEMORY_POOL is set. Arrow's
    own pool keeps what each file of archived cases took, and some more with every file. That pool is faster: processes that
    compute with Arrow keep it."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
