"""Versions of prompts, and A/B tests between them.

Who sees which variant is decided by a keyed hash of the subject: the same subject always gets the same variant, without a
table, on every replica. Registry names of prompts end in ``-prompt``: MLflow keeps prompts and models in one name space.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from hitl.errors import InvalidInput
from hitl.tracking.rows import RunRow, values_of
from hitl.tracking.significance import Difference, compare_means, compare_rates
from hitl.uniform import hash_to_uniform

SUFFIX = "-prompt"
EXPERIMENT_TAG, VARIANT_TAG, VERSION_TAG = "ab_test", "ab_variant", "prompt_version"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt; ``{{name}}`` in the template is a variable."""

    name: str
    version: int
    template: str
    tags: dict[str, str]

    def format(self, **values: Any) -> str:
        """The text for these values. Raises InvalidInput when a variable has none."""
        missing = sorted(set(variables(self.template)) - values.keys())
        if missing:
            raise InvalidInput(f"/{missing[0]}", "a value for each variable of the prompt")
        return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: str(values[found[1]]), self.template)

    @property
    def notes(self) -> dict[str, Any]:
        """Notes that link a run to this version: pass them to ``annotate`` or to a decorator."""
        return {"params": {"prompt_name": self.name, VERSION_TAG: self.version}}


class PromptSplit(BaseModel):
    """``shares`` by prompt version; they sum to 1. ``key`` makes two tests split the same subjects independently."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(min_length=1)]
    shares: Annotated[dict[int, Annotated[float, Field(gt=0, le=1)]], Field(min_length=2)]

    def version_for(self, subject: str) -> int:
        """The version that ``subject`` sees, now and always while key and shares stay."""
        at = hash_to_uniform(f"{self.key}\x00{subject}")
        reached, total = 0.0, sum(self.shares.values())
        for version, share in sorted(self.shares.items()):
            reached += share / total
            if at < reached:
                return version
        return max(self.shares)

    def notes_for(self, subject: str) -> dict[str, Any]:
        """Notes that link a run to its variant: pass them to ``annotate``."""
        version = self.version_for(subject)
        tags = {EXPERIMENT_TAG: self.key, VARIANT_TAG: str(version)}
        return {"tags": tags, "params": {VERSION_TAG: version}}


@dataclass(frozen=True, slots=True)
class Variant:
    """One version's figures."""

    version: str
    runs: int
    good: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class AbReport:
    """``winner`` None: no significant difference yet. With more than two variants each is compared with the first, at
    ``alpha`` divided by the number of comparisons (Bonferroni)."""

    key: str
    metric: str | None
    variants: tuple[Variant, ...]
    differences: dict[str, Difference]
    winner: str | None
    alpha: float


def ab_report(key: str, rows: Sequence[RunRow], *, metric: str | None = None, alpha: float = 0.05) -> AbReport:
    """Compare the variants of a test by success rate, or by the mean of ``metric`` (higher is better)."""
    ours = [row for row in rows if row.tags.get(EXPERIMENT_TAG) == key]
    names = sorted({row.tags[VARIANT_TAG] for row in ours if VARIANT_TAG in row.tags}, key=_order)
    groups = {name: [row for row in ours if row.tags.get(VARIANT_TAG) == name] for name in names}
    variants = tuple(_variant(name, group, metric) for name, group in groups.items())
    level = alpha / max(len(names) - 1, 1)
    found = {name: _difference(groups[names[0]], groups[name], metric) for name in names[1:]}
    differences = {name: difference for name, difference in found.items() if difference is not None}
    return AbReport(key, metric, variants, differences, _winner(names, differences, level), level)


def registry_name(name: str) -> str:
    """Return the registry's name of a prompt, apart from any model's."""
    return name if name.endswith(SUFFIX) else name + SUFFIX


def variables(template: str) -> list[str]:
    """Return the variables of a template, in order."""
    return list(dict.fromkeys(re.findall(r"\{\{\s*(\w+)\s*\}\}", template)))


def _variant(name: str, rows: Sequence[RunRow], metric: str | None) -> Variant:
    values = values_of(rows, metric) if metric else []
    good = sum(row.status == "success" for row in rows)
    return Variant(name, len(rows), good, sum(values) / len(values) if values else None)


def _difference(a: Sequence[RunRow], b: Sequence[RunRow], metric: str | None) -> Difference | None:
    if metric:
        return compare_means(values_of(a, metric), values_of(b, metric))
    return compare_rates(*_counts(a), *_counts(b))


def _counts(rows: Sequence[RunRow]) -> tuple[int, int]:
    return sum(row.status == "success" for row in rows), len(rows)


def _winner(names: Sequence[str], differences: dict[str, Difference], alpha: float) -> str | None:
    better = {name: d.difference for name, d in differences.items() if d.is_significant(alpha) and d.difference > 0}
    if better:
        return max(better, key=lambda name: better[name])
    beats_all = differences and all(d.is_significant(alpha) and d.difference < 0 for d in differences.values())
    return names[0] if beats_all and len(differences) == len(names) - 1 else None


def _order(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdigit() else (2**31, name)
