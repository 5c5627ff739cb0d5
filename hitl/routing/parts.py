"""The parts of an answer that go by themselves: the fields of a document, where a policy says ``parts: each``.

The certificate of a part is about all cases in which that part's score is at or above its threshold, whatever the other parts of
the case are worth. So a part goes by itself wherever its own score passes, and people are asked for the others. It says nothing
of "documents in which every field passed": a document goes through without people where all of its parts do, and what is promised
then is the error of each part.
"""

from dataclasses import dataclass

MARK = "part:"
"""Before a part's name in that of its segment; no segment that a policy names has a colon."""


@dataclass(frozen=True, slots=True)
class CertifiedParts:
    """Of a case's parts, in the order of the task's file: ``decided`` ones may be automatic, the ``others`` may not;
    ``certificate`` is the digest of the one that says so, None where none is decided."""

    decided: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    certificate: str | None = None


NO_PARTS = CertifiedParts()


def part_segment(name: str) -> str:
    """Return the segment that the thresholds and the certificate of the part ``name`` stand under.

    >>> part_segment("total")
    'part:total'
    """
    return MARK + name
