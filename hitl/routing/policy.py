"""A task's policy: the confidence bands between the model, a reviewer and an expert. Its version is its digest."""

from dataclasses import asdict, dataclass
from functools import cached_property

from hitl.canonical import fingerprint
from hitl.errors import InvalidConfig


@dataclass(frozen=True)
class Policy:
    """Above ``automatic`` the model decides; above ``normal`` a reviewer at normal priority; above ``high`` a reviewer at
    high priority; else an expert, urgently. All are probabilities with ``automatic >= normal >= high``.

    Raises InvalidConfig for bands outside [0, 1] or out of order.
    """

    automatic: float = 0.95
    normal: float = 0.8
    high: float = 0.5

    def __post_init__(self) -> None:
        if not 1.0 >= self.automatic >= self.normal >= self.high >= 0.0:
            raise InvalidConfig("policy", "bands", f"expected 1 >= automatic >= normal >= high >= 0, came {asdict(self)}")

    @cached_property
    def version(self) -> str:
        return fingerprint(asdict(self))
