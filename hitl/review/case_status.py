"""What a client is told of a case: who has to answer it, or that it is decided."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """A case is provisional while its decision can still be undone."""

    PENDING_HUMAN = "pending_human"
    PENDING_EXPERT = "pending_expert"
    PROVISIONAL = "provisional"
    DECIDED = "decided"
