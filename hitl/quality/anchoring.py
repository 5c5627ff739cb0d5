"""The level to test a judge's verdicts at: people see the content that they judge, and confirm some of the bad ones.

A check of a verdict hides what the judge says, never the content. With a the probability that a person gives the judge's wrong
verdict too, what is seen of its risk R is R (1 - a): a level is kept by testing at level (1 - a). a is counted on answers to
cases whose answer is known: those that were shown a wrong verdict on purpose, and those that were asked blind. The larger bound
of both counts, for each verdict that may be automatic: approving what is bad and rejecting what is good are different errors.
"""

from collections.abc import Collection, Sequence

from hitl.quality.answers import KnownAnswer
from hitl.quality.eprocess import confidence_sequence


def bound_confirmation(known: Sequence[KnownAnswer], verdicts: Collection[str], delta: float) -> float:
    """Return the upper bound on how often people give one of the ``verdicts`` where it is wrong: at all looks together with
    probability ``1 - delta``; 1 where no answer tells."""
    if not verdicts:
        return 1.0
    return max(_of_verdict(known, verdict, delta / len(verdicts)) for verdict in verdicts)


def _of_verdict(known: Sequence[KnownAnswer], verdict: str, delta: float) -> float:
    wrong = [each for each in known if each.truth != verdict]
    shown = [each for each in wrong if each.suggested == verdict]
    blind = [each for each in wrong if each.suggested is None]
    bounds = [_bound(several, verdict, delta / 2) for several in (shown, blind) if several]
    return max(bounds, default=1.0)


def _bound(told: Sequence[KnownAnswer], verdict: str, delta: float) -> float:
    confirmed = sum(each.label == verdict for each in told)
    return float(confidence_sequence(confirmed, len(told), 1 - delta).high)
