"""What a client is told of a case: who has to answer it, that it is decided, or that nobody can answer it any more."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """A case is provisional while its decision can still be undone, and withdrawn where its input was
    erased, or it was cancelled, before one."""

    PENDING_HUMAN = "pending_human"
    PENDING_EXPERT = "pending_expert"
    PROVISIONAL = "provisional"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
