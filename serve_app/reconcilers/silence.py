"""How long something may be silent before it counts as hanging."""

import time
from collections.abc import Callable


class Silence:
    """The silence of one process that is asked again and again."""

    def __init__(self, allowed_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.allow(allowed_s)

    def allow(self, seconds: float) -> None:
        """Begin anew: it may be silent for ``seconds`` from now on."""
        self._since, self._allowed_s = self._monotonic(), seconds

    @property
    def seconds(self) -> float:
        return self._monotonic() - self._since

    @property
    def is_too_long(self) -> bool:
        return self.seconds > self._allowed_s
