"""Inputs that are one thing: sensitive as a whole or not at all, and no numbers."""

from typing import Any

from hitl.tasks.inputs.kind import InputKind


class WholeInput(InputKind):
    """A ``sensitive`` one is sealed at rest and masked in answers."""

    sensitive: bool = False

    @property
    def width(self) -> int:
        return 0

    @property
    def masks(self) -> bool:
        return self.sensitive

    def masked(self, features: Any, mask: str) -> Any:
        return mask if self.sensitive else features
