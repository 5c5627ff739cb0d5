"""What a trainer is told of an artifact that was taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakenArtifact:
    """An artifact that an approval may name by ``digest`` (SHA-256). ``tried_rows`` are the random rows that it answered, 64 of
    them in ``batch_ms``; ``largest_difference`` is that between a row alone and in a batch."""

    digest: str
    task: str
    bytes: int
    tried_rows: int
    batch_ms: float
    largest_difference: float
