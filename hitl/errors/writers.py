"""Errors between writers of the same store."""

from hitl.errors.base import HitlError


class Fenced(HitlError):
    """A newer epoch owns the shard: this writer must leave and never write again."""

    def __init__(self, shard: str, epoch: int, current: int) -> None:
        super().__init__(shard, epoch, current)
        self.shard, self.epoch, self.current = shard, epoch, current

    def __str__(self) -> str:
        return f"epoch {self.epoch} of shard {self.shard} is fenced by epoch {self.current}"


class SequenceConflict(HitlError):
    """The journal's end is not where the writer believed it to be."""

    def __init__(self, shard: str, expected: int, actual: int) -> None:
        super().__init__(shard, expected, actual)
        self.shard, self.expected, self.actual = shard, expected, actual

    def __str__(self) -> str:
        return f"shard {self.shard} ends at {self.actual}, not at {self.expected}"


class StaleGeneration(HitlError):
    """The batch was predicted, or the command made, under an older serving generation of ``task``: look again."""

    def __init__(self, task: str, had: int, current: int) -> None:
        super().__init__(task, had, current)
        self.task, self.had, self.current = task, had, current

    def __str__(self) -> str:
        return f"task {self.task} serves generation {self.current}, this was made under {self.had}"
