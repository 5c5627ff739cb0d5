"""Name an operation's experiment: by feature, or by an agent's group, tier and use case."""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256

MAX_NAME = 250
MARK_CHARS = 6
"""Of the digest that tells two names apart: of a few hundred names hardly two share one."""


def experiment_of(feature: str, names: Mapping[str, str], root: str | None = None) -> str:
    """Return the experiment of ``feature``: its configured name, or the feature under ``root``.

    >>> experiment_of("pid_verification", {"pid_verification": "P&ID Design Verification"})
    'P&ID Design Verification'
    >>> experiment_of("triage", {}, "acme")
    'acme/triage'
    """
    if feature in names:
        return names[feature]
    return _joined(root, feature)


def agent_experiment(root: str | None, group: str | None, tier: int | None, use_case: str | None) -> str:
    """Return the experiment of an agent: what is absent is left out.

    >>> agent_experiment("causal-analytics", "Brand A", 2, "gap analysis")
    'causal-analytics/brand-a/tier-2/gap-analysis'
    """
    return _joined(root, *(slug(part) for part in (group, tier and f"tier-{tier}", use_case) if part))


def slug(text: str) -> str:
    """Lower case, words joined by ``-``: letters and digits of every script.

    >>> slug("Brand A"), slug("Größe / 精度")
    ('brand-a', 'größe-精度')
    """
    return re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", text).lower()).strip("-")


def metric_name(name: str) -> str:
    """``name`` as MLflow takes a key. Where something must be replaced, a mark made of the whole name follows, so that two
    names stay two.

    >>> metric_name("精度 (macro/val)"), metric_name("f1"), metric_name("p@1")
    ('精度 _macro/val_ df4bd7', 'f1', 'p_1 2d8fed')
    """
    given = unicodedata.normalize("NFC", name)
    parts = [re.sub(r"[^\w\-. :]", "_", part) for part in given.split("/")]
    taken = "/".join("_" if part in ("", ".", "..") else part for part in parts)
    if taken == given and len(given) <= MAX_NAME and given.strip() == given:
        return given
    mark = sha256(given.encode(errors="surrogatepass")).hexdigest()[:MARK_CHARS]
    return f"{taken[: MAX_NAME - MARK_CHARS - 1].strip()} {mark}"


def _joined(*parts: str | None) -> str:
    return "/".join(part for part in parts if part)[:MAX_NAME] or "default"
