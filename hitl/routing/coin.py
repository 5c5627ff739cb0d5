"""The sampler that sends a share of the cases to people: keyed, repeatable, and unpredictable for clients.

Its probability is stored with the case before it is drawn, since every unbiased figure divides by it. The same case gets the
same draw for ever under one policy, and a new one when the policy changes.
"""

from dataclasses import dataclass
from enum import StrEnum

from hitl.errors import InvalidConfig
from hitl.uniform import keyed_hash_to_uniform


class SampleStream(StrEnum):
    """Why a case is labelled. ``gold`` takes a fixed share of all traffic, ``audit`` a share of the automatic decisions; both
    are blind. ``review`` holds what the policy or active learning sent to people."""

    GOLD = "gold"
    AUDIT = "audit"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class SampleDraw:
    """``drawn`` if ``number``, uniform in [0, 1), is under ``probability``."""

    stream: SampleStream
    probability: float
    number: float

    @property
    def drawn(self) -> bool:
        return self.number < self.probability


def draw_sample(secret: bytes, stream: SampleStream, case_id: str, policy_version: str, probability: float) -> SampleDraw:
    """Draw ``case_id`` for ``stream`` with ``probability``; the draws of different streams are independent.

    Raises InvalidConfig unless ``0 <= probability <= 1``.
    """
    if not 0.0 <= probability <= 1.0:
        raise InvalidConfig("sampling", stream.value, f"expected a probability in [0, 1], came {probability!r}")
    # Do not rename "coin": it is hashed, so another word would draw other cases than those on record.
    text = "\x00".join(("coin", stream.value, case_id, policy_version))
    return SampleDraw(stream, probability, keyed_hash_to_uniform(secret, text))


def draw_samples(secret: bytes, case_id: str, policy_version: str, gold: float, audit: float) -> tuple[SampleDraw, SampleDraw]:
    """Draw a case for the gold and the audit stream; a draw of probability 0 is not computed."""
    return (
        _draw_if_possible(secret, SampleStream.GOLD, case_id, policy_version, gold),
        _draw_if_possible(secret, SampleStream.AUDIT, case_id, policy_version, audit),
    )


def _draw_if_possible(secret: bytes, stream: SampleStream, case_id: str, policy_version: str, probability: float) -> SampleDraw:
    return draw_sample(secret, stream, case_id, policy_version, probability) if probability else SampleDraw(stream, 0.0, 1.0)


def draw_vault(secret: bytes, task: str, content: str, share: float) -> bool:
    """Tell whether the vault of ``task`` takes this input. By its ``content``, not its case: an input that comes again goes the
    same way, so that no model learns in one case what it is tested on in another. Without the key nobody can tell or choose."""
    return share > 0 and keyed_hash_to_uniform(secret, "\x00".join(("vault", task, content))) < share


def either(first: float, second: float) -> float:
    """The probability that at least one of two independent draws takes the case: what its label is weighed by.

    >>> round(either(0.01, 0.05), 4)
    0.0595
    """
    return 1 - (1 - first) * (1 - second)
