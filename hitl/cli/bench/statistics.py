"""Measures what the statistics promise and writes it to ``build/bench/statistics.json``.

``python -m hitl.cli.bench.statistics [--quick]``. Each figure stands beside the wrong way's where there is one.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from hitl.cli.bench.simulations import (
    certificates,
    costs,
    curves,
    drifting,
    earning,
    monitoring,
    noise,
    peeking,
    pools,
    promotions,
    reviewers,
    tweets,
)
from hitl.quality.certificate import RiskLevel
from hitl.quality.drift import AuditRates
from hitl.routing.cost import Costs
from hitl.settings import Settings

REPORT = Path("build/bench/statistics.json")
RISK = RiskLevel(0.05, 0.9)
STRICT = RiskLevel(0.02, 0.9)
SEGMENT_SHARES = {"large": 0.8, "middle": 0.15, "small": 0.05}


def measure(quick: bool) -> dict[str, Any]:
    """Every figure as JSON; ``quick`` takes a minute or so with fewer repetitions, otherwise about five minutes on a core."""
    return {
        "quick": quick,
        "certificates": certificate_figures(50 if quick else 200),
        "looking_after_every_label": peeking_figures(200 if quick else 1000),
        "earned in service": earned_figures(20 if quick else 200),
        "drift": drift_figures(50 if quick else 200),
        "monitoring": monitoring_figures(50 if quick else 1000),
        "learning": learning_figures(3 if quick else 30),
        "consensus": consensus_figures(500 if quick else 4000),
        "consensus on tweets": tweet_figures(Settings().datasets_dir),
        "label_noise": noise_figures(2 if quick else 8),
        "promotion": promotion_figures(200 if quick else 2000),
        "cost": {"dear reviews, harm by amount": asdict(costs.cost_study()), "defaults": asdict(costs.cost_study(Costs()))},
    }


def segment_pools() -> dict[str, pools.Pool]:
    """Segments that err 0, 3 and 15 points more often than their scores say."""
    extra = {"large": 0.0, "middle": 0.03, "small": 0.15}
    return {name: pools.synthetic(extra_error=error, seed=i) for i, (name, error) in enumerate(extra.items())}


def certificate_figures(repetitions: int) -> dict[str, Any]:
    """Violations and automation on each pool, by certificate, by empirical threshold and by the fixed 0.95."""
    worlds = {
        "digits level 0.05, 1000 labels": (pools.digits(), RISK, 1000),
        "digits level 0.02, 1000 labels": (pools.digits(), STRICT, 1000),
        "synthetic level 0.05, 1000 labels": (pools.synthetic(), RISK, 1000),
        "over-confident synthetic level 0.02, 2000 labels": (pools.synthetic(overconfident=True), STRICT, 2000),
        "over-confident digits (naive Bayes) level 0.05, 1000 labels": (pools.digits("bayes"), RISK, 1000),
    }
    methods: dict[str, certificates.Method] = {
        "certified": certificates.certified,
        "empirical": certificates.empirical,
        "fixed 0.95": certificates.fixed,
    }
    figures: dict[str, Any] = {
        world: {name: asdict(certificates.study(*args, repetitions, method)) for name, method in methods.items()}
        for world, args in worlds.items()
    }
    studied = {
        name: certificates.segment_study(segment_pools(), SEGMENT_SHARES, RISK, 3000, pooled, repetitions)
        for name, pooled in (("per segment", False), ("pooled", True))
    }
    return figures | {"segments": {name: asdict(found) for name, found in studied.items()}}


def peeking_figures(repetitions: int) -> dict[str, Any]:
    median, ninetieth = peeking.labels_to_certificate(STRICT, STRICT.level / 2)
    return {
        "e-process": asdict(peeking.ever_certified(RISK, repetitions=repetitions)),
        "repeated Clopper-Pearson": asdict(
            peeking.ever_certified(RISK, peeking.repeated_clopper_pearson, repetitions=repetitions, every=10)
        ),
        "false alarms": asdict(peeking.ever_alarmed(RiskLevel(0.05, 0.95), repetitions=repetitions)),
        "ratchet on digits, 1000 cases": asdict(peeking.ratchet_study(pools.digits(), RISK, 1000, repetitions)),
        "labels to a certificate at half of 0.02": {"median": median, "90th percentile": ninetieth},
    }


def earned_figures(repetitions: int) -> dict[str, Any]:
    """The certificate as the service makes it, looked at after every 25 of 1,500 answers."""
    worlds = {"digits": pools.digits(), "synthetic": pools.synthetic(), "over-confident": pools.synthetic(overconfident=True)}
    return {name: asdict(earning.earned(pool, RISK, 1500, repetitions)) for name, pool in worlds.items()}


def drift_figures(repetitions: int) -> dict[str, Any]:
    runs = {f"error {after:g} after": drifting.harm(0.05, after, AuditRates(), repetitions) for after in (0.154, 0.10)}
    constant = drifting.harm(0.05, 0.154, AuditRates(0.05, 0.05), repetitions)
    peace = drifting.audits_to_alarm(0.05, 0.05, 500.0, repetitions=5 * repetitions)
    delays = {f"{m:g} x level": _median(drifting.audits_to_alarm(0.05, 0.05 * m, 500.0, 5 * repetitions)) for m in (2, 3, 5)}
    harm = {name: asdict(found) | {"times_fewer": found.fewer} for name, found in runs.items()}
    return {
        "harm": harm,
        "harm with constant audits, error 0.154 after": asdict(constant) | {"times_fewer": constant.fewer},
        "audits to a false alarm over the target": float(peace.mean()) / 500.0,
        "median audits to the alarm": delays,
    }


def monitoring_figures(repetitions: int) -> dict[str, Any]:
    exact, normal = monitoring.rare_error_coverage(0.01, 100)
    return {
        "audits where errors are likely": asdict(monitoring.bias(repetitions)),
        "uniform audits": asdict(monitoring.bias(max(repetitions // 5, 50), active=False)),
        "coverage at risk 0.01 with 100 labels": {"ours": exact, "normal": normal},
    }


def learning_figures(seeds: int) -> dict[str, Any]:
    """Labels at random over labels of each strategy on the digits."""
    random = curves.curve("random", seeds)
    figures: dict[str, Any] = {}
    for name in ("hybrid", "margin", "adaptive"):
        chosen = curves.curve(name, seeds)
        reached = {f"{t:g}": asdict(curves.acceleration(chosen, random, t)) for t in (0.92, 0.95)}
        final = curves.accuracy_at(chosen, curves.CHOSEN_MOST)
        at_random = curves.accuracy_at(random, curves.CHOSEN_MOST)
        figures[name] = {"acceleration at accuracy": reached, "final accuracy": final, "random's": at_random}
    return figures


def consensus_figures(items: int) -> dict[str, Any]:
    world = reviewers.crowd(items)
    figures: dict[str, Any] = {f"sequential, target {t:g}": asdict(reviewers.sequential(world, t)) for t in (0.90, 0.95)}
    return figures | {f"majority of {n}": asdict(reviewers.majority(world, n)) for n in (3, 5)}


def tweet_figures(folder: Path) -> dict[str, Any]:
    """Nothing where the votes are not."""
    if not (folder / tweets.FILE).is_file():
        return {"skipped": f"no {tweets.FILE} under HITL_DATASETS_DIR"}
    return {name: asdict(reached) for name, reached in tweets.consensus_on_tweets(tweets.read(folder)).items()}


def noise_figures(seeds: int) -> dict[str, Any]:
    return {f"{share:.0%} wrong": asdict(noise.noise_study(share, seeds)) for share in (0.0, 0.05, 0.15)}


def promotion_figures(repetitions: int) -> dict[str, Any]:
    return {
        "no difference": asdict(promotions.promotions(0.013, 0.013, repetitions=repetitions)),
        "1.8 points better, 1000 rows": asdict(promotions.promotions(0.022, 0.004, rows=1000, repetitions=repetitions)),
        "segment harmed by 3 points": asdict(promotions.segment_gate(0.03, repetitions=repetitions // 2)),
        "no segment harmed": asdict(promotions.segment_gate(0.0, repetitions=repetitions // 2)),
    }


def write(report: Path = REPORT, quick: bool = False, measured: Callable[[bool], dict[str, Any]] = measure) -> None:
    """Measures and writes; infinite figures become null."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(_finite(measured(quick)), indent=2) + "\n")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _median(values: Any) -> float:
    return float(np.median(values))


if __name__ == "__main__":
    write(quick="--quick" in sys.argv[1:])
