"""Evidence that outlives a model: blind answers that no model learned from, scored by each challenger before it serves.

A model is a function of the answers that are not in the vault, so the vault is as fresh for it as cases that nobody has seen:
what the challenger's own model says of them, in the order in which they came, is evidence about the challenger like answers to
its own cases. A row counts for a model if the vault still held it when that model scored it: then it was held while the model
was trained, and it goes on counting for this model after its term.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hitl.answers.labels import is_right
from hitl.quality.checks import BlindCheck


@dataclass(frozen=True, slots=True)
class VaultScore:
    """What a model says of a case of the vault, and the segment and rules that it would route the case by; ``prediction`` and
    ``confidence`` are None where it gave nothing usable, or the case was erased."""

    case_id: str
    prediction: str | None
    confidence: float | None
    segment: str
    rules: tuple[str, ...] = ()


def held_rows(checks: Sequence[BlindCheck], now: float) -> list[BlindCheck]:
    """Return the rows that the vault holds at ``now`` (UTC seconds): of the random sample, since anything else proves nothing."""
    return [each for each in checks if each.is_random and each.vaulted_until is not None and now < each.vaulted_until]


def unscored(rows: Sequence[BlindCheck], scored: Iterable[str], model: str, policy: str) -> list[BlindCheck]:
    """Return the rows that ``model`` has yet to score under ``policy``: not those that it decided or suggested an answer to under
    it."""
    known = set(scored)
    return [each for each in rows if each.case_id not in known and not _is_own(each, model, policy)]


def with_vault(checks: Sequence[BlindCheck], scores: Mapping[str, VaultScore], model: str, policy: str) -> list[BlindCheck]:
    """Return the ``checks`` and, of those that ``model`` scored, a copy as its own, in order of arrival."""
    own = [as_scored(each, scores[each.case_id], model, policy) for each in _foreign(checks, scores, model, policy)]
    return sorted([*checks, *own], key=lambda each: (each.at, each.case_id))


def as_scored(check: BlindCheck, score: VaultScore, model: str, policy: str) -> BlindCheck:
    """Return the check as if ``model`` had predicted it: wrong where any person's label differs. People answered the case, so it
    says nothing of what is automatic."""
    said = (is_right(score.prediction, label, check.right_within) for label in check.labels)
    wrong = None if check.wrong is None else not all(said)
    return replace(
        check,
        model_version=model,
        policy_version=policy,
        prediction=score.prediction,
        confidence=score.confidence,
        segment=score.segment,
        rules=score.rules,
        is_automatic=False,
        wrong=wrong,
        parts=(),  # their scores are another model's
        wrong_parts=None,
        harm=check.harm if check.policy_version == policy else None,  # another policy's costs say nothing under this one
    )


def _foreign(checks: Sequence[BlindCheck], scores: Mapping[str, VaultScore], model: str, policy: str) -> list[BlindCheck]:
    return [each for each in checks if each.case_id in scores and not _is_own(each, model, policy)]


def _is_own(check: BlindCheck, model: str, policy: str) -> bool:
    return (check.model_version, check.policy_version) == (model, policy)
