"""Choose which of several versions decides a case: by share, and always the same version for the same case."""

from collections.abc import Sequence

from hitl.uniform import hash_to_uniform


def version_of(versions: Sequence[tuple[str, float]], case_id: str) -> int:
    """Return the index in ``versions``, pairs of digest and share, of the one that decides ``case_id``. It depends on nothing
    else, so that a case which its version failed to decide still tells whose it was.

    >>> version_of([("old", 0.0), ("new", 1.0)], "any")
    1
    """
    point = hash_to_uniform(f"version\n{case_id}")
    below = 0.0
    for index, (_, share) in enumerate(versions):
        below += share
        if point < below:
            return index
    return len(versions) - 1
