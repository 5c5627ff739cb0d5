"""Name an operation's experiment: by feature, or by an agent's group, tier and use case."""

import re
from collections.abc import Mapping

MAX_NAME = 250


def experiment_of(feature: str, names: Mapping[str, str], root: str | None = None) -> str:
    """The experiment of ``feature``: its configured name, or the feature under ``root``.

    >>> experiment_of("pid_verification", {"pid_verification": "P&ID Design Verification"})
    'P&ID Design Verification'
    >>> experiment_of("triage", {}, "acme")
    'acme/triage'
    """
    if feature in names:
        return names[feature]
    return _joined(root, feature)


def agent_experiment(root: str | None, group: str | None, tier: int | None, use_case: str | None) -> str:
    """The experiment of an agent: what is absent is left out.

    >>> agent_experiment("causal-analytics", "Brand A", 2, "gap analysis")
    'causal-analytics/brand-a/tier-2/gap-analysis'
    """
    return _joined(root, *(slug(part) for part in (group, tier and f"tier-{tier}", use_case) if part))


def slug(text: str) -> str:
    """Lower case, words joined by ``-``: safe in names, paths and URLs."""
    return re.sub(r"[^a-z0-9_.]+", "-", text.lower()).strip("-")


def metric_name(name: str) -> str:
    """``name`` with what MLflow does not allow in a key replaced by ``_``.

    >>> metric_name("f1 (macro)")
    'f1 _macro_'
    """
    return (re.sub(r"[^\w\-. /:]", "_", name, flags=re.ASCII).strip("./ ") or "_")[:MAX_NAME]


def _joined(*parts: str | None) -> str:
    return "/".join(part for part in parts if part)[:MAX_NAME] or "default"
