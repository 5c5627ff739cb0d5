"""Errors between writers of the same store."""

from hitl.errors.base import HitlError


class Fenced(HitlError):
    """A newer epoch owns the shard: this writer must leave and never write again."""

    message = "epoch {epoch} of shard {shard} is fenced by epoch {current}"
    shard: str
    epoch: int
    current: int


class SequenceConflict(HitlError):
    """The journal's end is not where the writer believed it to be."""

    message = "shard {shard} ends at {actual}, not at {expected}"
    shard: str
    expected: int
    actual: int


class StaleGeneration(HitlError):
    """The batch was predicted, or the command made, under an older serving generation of ``task``: look again."""

    message = "task {task} serves generation {current}, this was made under {had}"
    task: str
    had: int
    current: int
