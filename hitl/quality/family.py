"""How many certificates hold together: each segment's by itself, or those of all segments at once (family-wise).

Bonferroni: of K certificates, each wrong with probability at most delta / K, some is wrong with at most delta, whatever the
segments have to do with each other. K counts the segments that the policy declares, so that it is known before the first label;
those that see no traffic spend their part in vain. Closed tests over segments would spend less, but need evidence of all of them
at one time, while each segment's certificate rests on the best prefix of its own sample.
"""

from dataclasses import dataclass

from hitl.quality.certificate import RiskLevel
from hitl.routing.policy import Policy, Risk, whole_segments


@dataclass(frozen=True, slots=True)
class CertificateFamily:
    """``segments`` certificates hold ``together`` with so much confidence; None: each of them holds by itself with its own."""

    segments: int = 1
    together: float | None = None

    def share_of(self, risk: RiskLevel) -> RiskLevel:
        """Return the risk level at the part of the error budget that one certificate of the family may spend.

        >>> round(CertificateFamily(5, 0.9).share_of(RiskLevel(0.05, 0.9)).confidence, 6)
        0.98
        """
        if self.together is None:
            return risk
        return RiskLevel(risk.level, 1 - min(risk.delta, 1 - self.together) / self.segments)


ALONE = CertificateFamily()
"""One segment, or several whose certificates hold each by itself."""


def family_of(policy: Policy, labels: list[str], parts: int = 1) -> CertificateFamily:
    """Return the family of the certificates of a task with these ``labels``, whose answers have so many ``parts``; a label that
    may never be automatic makes no segment."""
    allowed = labels if policy.automatic_labels is None else [each for each in labels if each in policy.automatic_labels]
    segments = parts if policy.parts == "each" else max(len(whole_segments(policy, allowed)), 1)
    is_joint = isinstance(policy.risk, Risk) and policy.risk.family == "all"
    return CertificateFamily(segments, policy.risk.confidence if is_joint and isinstance(policy.risk, Risk) else None)
