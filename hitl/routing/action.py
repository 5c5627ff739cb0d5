"""Who decides a case, and how soon."""

from enum import StrEnum


class Action(StrEnum):
    AUTOMATIC = "automatic"
    REVIEW = "review"
    EXPERT = "expert"


class Priority(StrEnum):
    """From the most pressing; FIFO within each."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
