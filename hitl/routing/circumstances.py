"""The routing context: matched rules, certified threshold, stop and prices, beside the prediction and the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hitl.routing.cost import QueuePrices
from hitl.routing.in_force import ModelThresholds
from hitl.routing.parts import NO_PARTS, CertifiedParts, part_segment
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
    automatic in the segment now. ``parts`` are those of an answer whose parts go one by one."""

    segment: str = WHOLE
    found: MatchedRules = NOTHING_FOUND
    certified: CertifiedThresholds | None = None
    stopped: str | None = None
    prices: QueuePrices = field(default_factory=QueuePrices)
    parts: CertifiedParts = NO_PARTS


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

    def find_parts(self, scores: Mapping[str, float], model: str, policy_version: str | None) -> CertifiedParts:
        """Find the parts that certificates let ``model`` decide by its ``scores``; one whose automation is stopped is for people.
        ``policy_version`` as in find_threshold."""
        decided, certificate = [], None
        for name, score in scores.items():
            segment = part_segment(name)
            certified = self.find_threshold(model, policy_version, segment)
            if certified is not None and score >= certified.threshold and segment not in self.stopped:
                decided.append(name)
                certificate = certified.certificate
        others = tuple(name for name in scores if name not in decided)
        return CertifiedParts(tuple(decided), others, certificate)


NO_EVIDENCE = RoutingEvidence()
