"""The digest of what a voter sees, so that nobody votes on something else than they saw.

Another program reproduces it: SHA-256 of the canonical JSON of these fields of the approval.
"""

from collections.abc import Mapping

from msgspec import UNSET

from hitl.canonical import Json, fingerprint

SHOWN = (
    "approval_id",
    "kind",
    "task",
    "title",
    "description",
    "context",
    "evidence",
    "options",
    "default",
    "urgency",
    "metadata",
    "checks",
)


def shown_digest(approval: Mapping[str, Json]) -> str:
    """``approval`` as the API shows it. Where the digest of a model or policy is what is approved, it is part of it; where
    values are masked, their salted digests are."""
    seen = {name: approval[name] for name in SHOWN}
    if approval["kind"] in ("model_deployment", "policy_change", "task_change"):
        seen["digest"] = approval["digest"]
    if approval.get("sealed", UNSET) not in (UNSET, {}):
        seen["sealed"] = approval["sealed"]
    return fingerprint(seen)
