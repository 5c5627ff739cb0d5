"""The routing context: matched rules, certified threshold, stop and prices, beside the prediction and the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hitl.routing.cost import QueuePrices
from hitl.routing.in_force import ModelThresholds
from hitl.routing.policy import UNKNOWN, WHOLE
from hitl.routing.rules import NOTHING_FOUND, MatchedRules


@dataclass(frozen=True, slots=True)
class CertifiedThresholds:
    """Scores at or above ``threshold`` may be automatic, says the certificate with this digest."""

    threshold: float
    certificate: str


@dataclass(frozen=True, slots=True)
class RoutingContext:
    """``certified`` None: no threshold is certified for this model, policy and ``segment``. ``stopped`` says why nothing is
    automatic in the segment now."""

    segment: str = WHOLE
    found: MatchedRules = NOTHING_FOUND
    certified: CertifiedThresholds | None = None
    stopped: str | None = None
    prices: QueuePrices = field(default_factory=QueuePrices)


PLAIN = RoutingContext()


@dataclass(frozen=True, slots=True)
class RoutingEvidence:
    """What is in force for a task by the approval journal: hitl.serving.in_force.InForce, read by segment."""

    thresholds: Mapping[str, ModelThresholds] = field(default_factory=dict)
    stopped: Mapping[str, str] = field(default_factory=dict)
    audit: Mapping[str, float] = field(default_factory=dict)
    prices: QueuePrices = field(default_factory=QueuePrices)

    def find_threshold(self, model: str, policy_version: str | None, segment: str) -> CertifiedThresholds | None:
        """Find the certified threshold of ``model`` in ``segment`` under exactly this policy; None where nothing is certified.

        ``policy_version`` None: whatever policy it was certified under. Segment UNKNOWN is never automatic.
        """
        known = self.thresholds.get(model)
        if known is None or segment == UNKNOWN or policy_version not in (None, known["policy_version"]):
            return None
        threshold = known["segments"].get(segment)
        return None if threshold is None else CertifiedThresholds(threshold, known["certificate"])


NO_EVIDENCE = RoutingEvidence()
