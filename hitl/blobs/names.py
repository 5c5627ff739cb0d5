"""Names of blobs: when one was brought, and random bits. Nothing about its bytes or its client can be read from a name."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hitl.sealing.keyring import RandomBytes

TIME_BYTES, RANDOM_BYTES = 4, 12
NAME_BYTES = TIME_BYTES + RANDOM_BYTES

DAY_S = 86_400.0
BLOB_DAYS = 1.0
"""A handle opens cases for so long. What no case names then is removed."""


@dataclass(frozen=True, slots=True)
class BlobName:
    """``text`` is 32 hexadecimal characters: the UTC second in which the blob was brought, then random bits."""

    text: str

    @property
    def brought_at(self) -> float:
        """UTC seconds."""
        return float(int(self.text[: 2 * TIME_BYTES], 16))

    @property
    def day(self) -> str:
        """The UTC day of ``brought_at``, as the folder of that day is called."""
        return day_of(self.brought_at)

    def is_over(self, now: float) -> bool:
        """Tell whether the blob opens no new case any more."""
        return now - self.brought_at > BLOB_DAYS * DAY_S


def new_name(now: float, random_bytes: RandomBytes) -> BlobName:
    return BlobName(int(now).to_bytes(TIME_BYTES, "big").hex() + random_bytes(RANDOM_BYTES).hex())


def day_of(at: float) -> str:
    """Return the UTC day of a moment.

    >>> day_of(0.0)
    '1970-01-01'
    """
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def end_of_day(day: str) -> float:
    """Return the moment at which ``day`` ends, in UTC seconds. Raises ValueError for what is no day.

    >>> end_of_day("1970-01-01")
    86400.0
    """
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp() + DAY_S
