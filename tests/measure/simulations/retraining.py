"""A task that retrains as people answer, from its first model on: what automation it earns with a vault and without one.

Cases come one after the other. People answer what the model may not decide, all of it blind, and a share of what it decides.
Every ``new_labels`` answers a challenger is trained on all answers outside the vault, and deployed. The certificate is the
service's own: plans from rows that were held out, evidence from the vault and from each model's own cases, one error budget for
all versions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from hitl.adapters.files.data_sources import load
from hitl.inference.sklearn_model import text_encoder
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.certifying import estimate_missing_labels
from hitl.quality.planning import CertificationPlan, is_worth_testing, plan_of_held_out, risk_of_cycle
from hitl.quality.prefixes import Draws
from hitl.quality.promotion import mcnemar_p
from hitl.quality.succession import ENOUGH, TEST_ENDS_WITHIN
from hitl.quality.walks import reached
from hitl.settings import Settings
from hitl.tasks import load_task
from tests.measure.simulations.evidence import prefix_evidence

LOOK_EVERY = 25


@dataclass(frozen=True, slots=True)
class Stream:
    """Encoded rows with their labels; equal texts have equal ``contents``. ``initial`` ones train the first model, ``held_out``
    ones train nothing; then the cases, in order of arrival."""

    rows: Any
    labels: Ints
    contents: Ints
    initial: Ints
    held_out: Ints
    cases: Ints


@dataclass(frozen=True, slots=True)
class Terms:
    """``vault``: the share of the inputs that it takes. ``deploys_all``: every challenger; otherwise those that are significantly
    better on the held-out rows. ``waits``: a challenger takes over once it has earned nearly as much automation as the champion.
    ``random``: the share of automatic decisions in the random sample, ``audit`` that of audits."""

    risk: RiskLevel
    vault: float = 0.3
    deploys_all: bool = True
    waits: bool = True
    new_labels: int = 200
    random: float = 0.10
    audit: float = 0.05


@dataclass(frozen=True, slots=True)
class Retrained:
    """Of one run: the share of the stream that was automatic, the share of that which was wrong, the answers that people gave,
    the deployments, and whether a threshold in force ever had a risk above the level (on all cases that came later)."""

    automatic: float
    wrong: float
    answers: int
    deployments: int
    violated: bool
    accuracy: float


@dataclass(slots=True)
class _Model:
    """``scores`` and ``wrong`` (rows,) of all rows; ``since``: its first case."""

    scores: Floats
    wrong: Bools
    since: int
    plan: CertificationPlan | None = None
    threshold: float = np.inf


def sms(folder: Path, seed: int) -> Stream:
    """The SMS messages as the shipped task divides them, the stream in another order for each ``seed``. Raises InvalidConfig
    where the rows are not in ``folder``."""
    spec = load_task((Settings().tasks_dir / "sms_spam.yaml").read_text(encoding="utf-8"), "sms_spam")
    data = load(spec, folder)
    labels = np.array([spec.labels.index(label) for label in data.labels], dtype=np.int64)
    order = np.random.default_rng(seed).permutation(len(labels))
    held_out, initial, cases = np.split(order, [spec.data.holdout_rows, spec.data.holdout_rows + spec.data.initial_rows])
    rows = make_pipeline(*text_encoder()).fit(data.rows[initial]).transform(data.rows)
    contents = np.unique(data.rows.astype(str), return_inverse=True)[1].astype(np.int64)
    return Stream(rows, labels, contents, initial, held_out, cases)


def retrained(stream: Stream, terms: Terms, seed: int = 0) -> Retrained:
    """One run over the whole stream."""
    run = _Run(stream, terms, np.random.default_rng(seed))
    for i in range(len(stream.cases)):
        run.case(i)
    return run.result()


class _Run:
    """``probability`` with which each case was in the random sample, ``drawn`` whether it was, ``answered`` whether people saw
    it; ``automatic`` and ``wrong``: the model decided it, and wrongly."""

    def __init__(self, stream: Stream, terms: Terms, rng: np.random.Generator) -> None:
        n = len(stream.cases)
        self._stream, self._terms = stream, terms
        self._in_vault = rng.random(n)[stream.contents[stream.cases] % n] < terms.vault
        self._tossed, self._audited = rng.random(n), rng.random(n) < terms.audit
        self._probability, self._drawn, self._answered = np.ones(n), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self._automatic, self._wrong = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self._cycle, self._deployments, self._learned, self._violated = 0, 0, 0, False
        self._model = self._trained(0)
        self._waiting: _Model | None = None

    def case(self, i: int) -> None:
        row = self._stream.cases[i]
        self._automatic[i] = self._model.scores[row] >= self._model.threshold
        self._wrong[i] = self._automatic[i] and self._model.wrong[row]
        self._probability[i] = self._terms.random if self._automatic[i] else 1.0
        self._drawn[i] = self._tossed[i] < self._probability[i]
        self._answered[i] = not self._automatic[i] or self._drawn[i] or self._audited[i]
        if self._answered.sum() - self._learned >= self._terms.new_labels:
            self._retrain(i + 1)
        if (i + 1) % LOOK_EVERY == 0:
            self._look(i + 1)

    def result(self) -> Retrained:
        decided = max(int(self._automatic.sum()), 1)
        accuracy = float(1 - self._model.wrong[self._stream.held_out].mean())
        share, wrong = float(self._automatic.mean()), float(self._wrong.sum() / decided)
        return Retrained(share, wrong, int(self._answered.sum()), self._deployments, self._violated, accuracy)

    def _retrain(self, seen: int) -> None:
        self._learned = int(self._answered.sum())
        challenger = self._trained(seen)
        if not (self._terms.deploys_all or self._is_better(challenger)):
            return
        if self._terms.waits and self._terms.vault and self._is_worth_waiting(seen):
            self._waiting = challenger
        else:
            self._deploy(challenger, seen)
        self._look(seen)

    def _deploy(self, challenger: "_Model", seen: int) -> None:
        challenger.since, self._waiting = seen, None
        self._model, self._deployments = challenger, self._deployments + 1

    def _is_worth_waiting(self, seen: int) -> bool:
        """Whether the champion has a threshold, or is about to."""
        model = self._model
        if np.isfinite(model.threshold) or model.plan is None:
            return bool(np.isfinite(model.threshold))
        counted = self._counted(model, seen)
        rows = self._stream.cases[counted]
        missing = estimate_missing_labels(model.scores[rows], model.wrong[rows], self._terms.risk, model.plan)
        return missing is not None and missing <= TEST_ENDS_WITHIN and len(counted) < 2 * TEST_ENDS_WITHIN

    def _has_earned_enough(self, challenger: "_Model") -> bool:
        held_out = self._stream.held_out
        shares = [float((each.scores[held_out] >= each.threshold).mean()) for each in (challenger, self._model)]
        return bool(np.isfinite(challenger.threshold)) and shares[0] >= ENOUGH * shares[1]

    def _trained(self, seen: int) -> "_Model":
        """The challenger, from all answers outside the vault."""
        stream = self._stream
        learned = np.concatenate([stream.initial, stream.cases[self._answered & ~self._in_vault]])
        fitted = LogisticRegression(C=10.0, max_iter=1000).fit(stream.rows[learned], stream.labels[learned])
        said = fitted.predict_proba(stream.rows)
        scores, wrong = said.max(axis=1), said.argmax(axis=1) != stream.labels
        return _Model(scores, wrong, seen)

    def _plan(self, model: "_Model", cases: int) -> CertificationPlan | None:
        """The plan that the held-out rows give, once so many ``cases`` are expected to prove anything."""
        if model.plan is None:
            risk, held_out = risk_of_cycle(self._terms.risk, self._cycle + 1), self._stream.held_out
            rows = ScoredSample(model.scores[held_out], model.wrong[held_out])
            plan = plan_of_held_out(rows, risk)
            errors, is_first = rows.wrong.astype(np.float64), self._cycle == 0
            if plan is not None and (is_first or is_worth_testing(plan, rows.scores, errors, cases, risk)):
                model.plan, self._cycle = plan, self._cycle + 1
        return model.plan

    def _is_better(self, challenger: "_Model") -> bool:
        new, old = challenger.wrong[self._stream.held_out], self._model.wrong[self._stream.held_out]
        return mcnemar_p(int((~new & old).sum()), int((new & ~old).sum())) <= 0.05

    def _look(self, seen: int) -> None:
        self._certify(self._model, self._counted(self._model, seen), seen)
        waiting = self._waiting
        if waiting is not None:
            self._certify(waiting, self._counted(None, seen), seen)
            if self._has_earned_enough(waiting) or not self._is_worth_waiting(seen):
                self._deploy(waiting, seen)

    def _counted(self, model: "_Model | None", seen: int) -> Ints:
        """The cases of the vault, and the model's own; None: of the vault alone."""
        came = np.arange(seen)
        own = np.zeros(seen, dtype=bool) if model is None else came >= model.since
        return came[self._drawn[:seen] & (self._in_vault[:seen] | own)]

    def _certify(self, model: "_Model", counted: Ints, seen: int) -> None:
        """The threshold that the counted cases bear out."""
        plan = self._plan(model, len(counted))
        if plan is None:
            return
        rows, probability = self._stream.cases[counted], self._probability[counted]
        equal = int(np.argmax(probability != probability[0])) if (probability != probability[:1]).any() else len(counted)
        draws = None if equal == len(counted) else Draws(probability, equal, self._terms.random)
        sample = ScoredSample(model.scores[rows], model.wrong[rows])
        at = reached(prefix_evidence(sample, np.array(plan.grid), self._terms.risk.level, draws).log_e, plan)
        before, model.threshold = model.threshold, np.inf if at is None else float(plan.grid[at])
        if model.threshold < before:
            self._violated |= self._risk(model, seen) > self._terms.risk.level

    def _risk(self, model: "_Model", seen: int) -> float:
        """Of the model at its threshold, on rows that it did not learn from."""
        fresh = np.concatenate([self._stream.held_out, self._stream.cases[seen:]])
        above = model.scores[fresh] >= model.threshold
        return float(model.wrong[fresh][above].mean()) if above.any() else 0.0
