"""Measures what the statistics promise and writes it to ``build/bench/statistics.json``.

``python -m tests.measure.statistics [--quick] [SECTION ...]``; ``--quick`` takes fewer repetitions, and named sections are
measured alone. ``HITL_BENCH_PROCESSES`` (2) of them are measured at a time. Each figure stands beside the wrong way's where there
is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from hitl.quality.certificate import RiskLevel
from hitl.quality.drift import AuditRates
from hitl.quality.family import CertificateFamily
from hitl.quality.money import MoneyLevel
from hitl.routing.cost import Costs
from hitl.settings import Settings
from tests.measure.command_line import command_line
from tests.measure.learning_figures import domain_learning_figures, learning_figures, queue_order_figures
from tests.measure.people_figures import (
    RISK,
    absent_expert_figures,
    competence_figures,
    consensus_figures,
    hard_item_figures,
    noise_figures,
    single_answer_figures,
    tweet_figures,
)
from tests.measure.section_runs import PROCESSES, Section, write_sections
from tests.measure.simulations import (
    after_drift,
    backlogs,
    canaries,
    certificates,
    copies,
    costs,
    drifting,
    earning,
    families,
    money,
    monitoring,
    peeking,
    pools,
    promotions,
    reaching,
    retraining,
    services,
    tweets,
)

REPORT = Path("build/bench/statistics.json")
LONGEST = (
    "answers until 80 % of the oracle",
    "earned in service",
    "segments together",
    "learning",
    "learning on text and triage",
)
STRICT = RiskLevel(0.02, 0.9)
DELAYS = {
    "at once": earning.at_once,
    "errors after 24 h, others 1 h": earning.slow_where_wrong(1.0, 24.0),
    "errors after 72 h, others 1 h": earning.slow_where_wrong(1.0, 72.0),
    "half of the errors never": earning.silent_where_wrong(0.5),
}
SEGMENT_SHARES = {"large": 0.8, "middle": 0.15, "small": 0.05}


def sections() -> dict[str, Section]:
    """What is measured, by its name in the report; given ``quick``, with fewer repetitions."""
    return {
        "certificates": lambda quick: certificate_figures(50 if quick else 400),
        "looking_after_every_label": lambda quick: peeking_figures(200 if quick else 1000),
        "earned in service": lambda quick: earned_figures(20 if quick else 400),
        "retraining with a vault": lambda quick: retraining_figures(2 if quick else 10, Settings().datasets_dir),
        "segments together": lambda quick: family_figures(20 if quick else 400),
        "copies": lambda quick: copies_figures(50 if quick else 400),
        "money": lambda quick: money_figures(50 if quick else 400),
        "answers until 80 % of the oracle": lambda quick: reaching_figures(5 if quick else 400, Settings().datasets_dir),
        "backlogs": lambda quick: backlog_figures(5 if quick else 400),
        "checks by one person": lambda quick: single_answer_figures(10 if quick else 400),
        "absent experts": lambda quick: absent_expert_figures(20 if quick else 400, Settings().datasets_dir),
        "hard items": lambda quick: hard_item_figures(1200 if quick else 3000),
        "who is asked": lambda quick: competence_figures(800 if quick else 8000),
        "after a drift": lambda quick: after_drift_figures(10 if quick else 20, 20 if quick else 400),
        "drift": lambda quick: drift_figures(50 if quick else 400),
        "monitoring": lambda quick: monitoring_figures(50 if quick else 1000),
        "learning": lambda quick: learning_figures(3 if quick else 30),
        "learning on text and triage": lambda quick: domain_learning_figures(2 if quick else 8, Settings().datasets_dir),
        "queue order": lambda quick: queue_order_figures(2 if quick else 20),
        "consensus": lambda quick: consensus_figures(500 if quick else 4000),
        "consensus on tweets": lambda quick: tweet_figures(Settings().datasets_dir),
        "label_noise": lambda quick: noise_figures(2 if quick else 8),
        "promotion": lambda quick: promotion_figures(200 if quick else 2000),
        "cost": lambda quick: cost_figures(),
        "system error": lambda quick: system_error_figures(50 if quick else 400),
        "canary": lambda quick: canary_figures(50 if quick else 400),
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
    """The certificate as the service makes it, looked at all the time: answers at once, late and never; where it rests on rows
    held out from training or on the first cases; and the wrong way, where what waits is left out."""
    worlds = {"digits": pools.digits(), "synthetic": pools.synthetic(), "over-confident": pools.synthetic(overconfident=True)}
    found = {name: asdict(earning.earned(earning.World(pool), RISK, 1500, repetitions)) for name, pool in worlds.items()}
    held_out = earning.World(pools.digits(), held_out=500)
    found["digits, 500 rows held out"] = asdict(earning.earned(held_out, RISK, 1500, repetitions))
    found["digits, level 0.02"] = asdict(earning.earned(held_out, STRICT, 2000, repetitions))
    for name, delays in DELAYS.items():
        hard = earning.World(pools.hopeless(0.055), delays, cases_per_hour=20.0, look_every=225)
        found[f"risk 0.055 everywhere, {name}"] = asdict(earning.earned(hard, RISK, 1000, 2 * repetitions))
        wrong = replace(hard, drops_what_waits=True)
        found[f"risk 0.055 everywhere, {name}, waiting left out"] = asdict(earning.earned(wrong, RISK, 1000, repetitions))
        late = earning.World(pools.digits(), delays, cases_per_hour=20.0, held_out=500, look_every=100)
        found[f"digits, {name}"] = asdict(earning.earned(late, RISK, 2000, repetitions))
    return found


def retraining_figures(seeds: int, folder: Path) -> dict[str, Any]:
    """SMS with a retraining every 200 answers, with a vault and without one; nothing where the rows are not. A run is one
    stream of 3,774 cases."""
    if not (folder / "sms_spam/sms.tsv").is_file():
        return {"skipped": "no sms_spam/sms.tsv under HITL_DATASETS_DIR"}
    worlds = {
        "every challenger deployed": retraining.Terms(STRICT),
        "better ones deployed": retraining.Terms(STRICT, deploys_all=False),
        "every challenger deployed, half of the answers in the vault": retraining.Terms(STRICT, vault=0.5),
        "every challenger deployed at once": retraining.Terms(STRICT, waits=False),
        "better ones deployed at once": retraining.Terms(STRICT, waits=False, deploys_all=False),
        "every challenger deployed at once, no vault": retraining.Terms(STRICT, waits=False, vault=0.0),
        "better ones deployed at once, no vault": retraining.Terms(STRICT, waits=False, vault=0.0, deploys_all=False),
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in worlds}
    for seed in range(seeds):
        stream = retraining.sms(folder, seed)
        for name, terms in worlds.items():
            found[name].append(asdict(retraining.retrained(stream, terms, seed)))
    return {name: _means(runs) | {"runs": runs} for name, runs in found.items()}


def _means(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {
        name: float(np.mean([run[name] for run in runs])) for name in ("automatic", "wrong", "answers", "violated", "accuracy")
    }


def copies_figures(repetitions: int) -> dict[str, Any]:
    """False certificates at a risk of .06 where .05 is promised, for cases that come in copies: with the inputs told apart, and
    as if all cases were independent."""
    told = {n: copies.false_certificates(0.06, RISK, 3000 // n, n, repetitions) for n in (10, 30)}
    untold = {n: copies.false_certificates(0.06, RISK, 3000 // n, n, repetitions, are_told=False) for n in (10, 30)}
    return {"copies told apart": told, "copies taken as independent": untold}


def family_figures(repetitions: int) -> dict[str, Any]:
    """Five and ten segments, each by itself and all together, where every certificate is false, and on the digits."""
    found: dict[str, Any] = {}
    for segments in (5, 10):
        for name, family in (("each", CertificateFamily(segments)), ("all", CertificateFamily(segments, RISK.confidence))):
            hard, good = pools.hopeless(0.0505), pools.digits()
            found[f"{segments} segments, risk 0.0505 everywhere, {name}"] = asdict(
                families.families(hard, family, RISK, 1000, repetitions)
            )
            found[f"{segments} segments, digits, {name}"] = asdict(
                families.families(good, family, RISK, 1000, repetitions, every=25)
            )
    return found


def money_figures(repetitions: int) -> dict[str, Any]:
    """The certificate for money beside a normal bound on the mean."""
    level = MoneyLevel(per_decision=5.0, most=200.0)
    worlds = {
        "unsure cases err": money.MoneyWorld(most=200.0),
        "unsure and dear cases err": money.MoneyWorld(most=200.0, dear_are_hard=True),
        "hopeless": money.MoneyWorld(most=200.0, risk=0.0, flat=0.115),
    }
    figures: dict[str, Any] = {name: asdict(money.money_study(world, level, 2000, repetitions)) for name, world in worlds.items()}
    figures["hopeless, normal bound"] = asdict(money.normal_study(worlds["hopeless"], level, 2000, repetitions))
    return figures | {"passed at the level": money.ever_passed(level, 2000, repetitions)}


def reaching_figures(repetitions: int, folder: Path) -> dict[str, Any]:
    """Answers until 80 % of the oracle's automation, within 10,000 cases; SMS and tweets where the rows are."""
    found: dict[str, Any] = {"digits, level 0.02": asdict(reaching.reach(pools.digits(), STRICT, repetitions))}
    if (folder / "sms_spam/sms.tsv").is_file():
        found["SMS, level 0.02"] = asdict(reaching.reach(reaching.sms(folder), STRICT, repetitions))
    if (folder / tweets.FILE).is_file():
        offensive = reaching.scored_tweets(folder, reaching.OFFENSIVE)
        found["tweets taken for offensive, level 0.05"] = asdict(reaching.reach(offensive, RISK, repetitions))
        more = reaching.reach(offensive, RISK, repetitions, checked=reaching.MORE_CHECKED)
        found["tweets taken for offensive, level 0.05, four times the audits"] = asdict(more)
        found["tweets of all labels together, level 0.05"] = asdict(
            reaching.reach(reaching.scored_tweets(folder), RISK, repetitions)
        )
    return found


def backlog_figures(repetitions: int) -> dict[str, Any]:
    """3,500 cases, of which none, 500 or all wait when people begin, hard ones first; plans by held-out rows and by traffic."""
    pool, found = pools.synthetic(extra_error=0.01, seed=3), dict[str, Any]()
    for backlog in (1, 500, 3500):
        for name, is_held_out in (("held-out rows", True), ("scores of the first cases", False)):
            study = backlogs.backlog_study(pool, RISK, backlog, 3500, repetitions, is_held_out)
            found[f"backlog of {backlog}, plan by {name}"] = asdict(study)
    return found


def after_drift_figures(worlds: int, repetitions: int) -> dict[str, Any]:
    """Digits that move by a pixel, and 30 nights of challengers that are exactly as good."""
    return {
        "digits shifted by a pixel": asdict(after_drift.pixels_shifted(worlds)),
        "ever called better in 30 nights": after_drift.no_better_in_nights(30, repetitions),
        "repetitions": repetitions,
    }


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


def cost_figures() -> dict[str, Any]:
    """The least expected cost beside the fixed bands, and beside what any rule could reach on the same cases."""
    worlds = {"dear reviews, harm by amount": costs.DEAR, "defaults": Costs(), "harm by amount": Costs(harm_per_amount=0.02)}
    studied = {name: costs.cost_study(prices) for name, prices in worlds.items()}
    return {name: asdict(found) | {"share_of_bands": found.share_of_bands} for name, found in studied.items()}


def canary_figures(repetitions: int) -> dict[str, Any]:
    """Equal versions, and a challenger that errs three times as often, by the champion's rate and the answered checks of each."""
    found: dict[str, Any] = {
        f"equal, both fail in {share:g}": {"goes_back": canaries.false_rollbacks(share, repetitions)}
        for share in (0.0005, 0.002, 0.01, 0.3)
    }
    for rate, answers in ((0.02, 2000), (0.05, 700), (0.1, 350)):
        for name, times in (("equal", 1.0), ("three times worse", 3.0)):
            study = canaries.trials(rate, times * rate, answers, repetitions)
            found[f"{name}, error {rate:g}, {answers} answers"] = asdict(study)
    return found


def system_error_figures(simulated: int) -> dict[str, Any]:
    """Coverage and mean width of the reported system error: noisy people, cases that nobody can answer, and perfect people."""
    worlds = {
        "perfect people": services.ServiceWorld(people_error=0.0, unanswerable=0.0),
        "perfect people, who cannot answer 3 % either": services.ServiceWorld(people_error=0.0),
        "noisy people, checks by two and an expert": services.ServiceWorld(),
        "perfect people, four times as many cases": services.ServiceWorld(people_error=0.0, unanswerable=0.0, cases=16_000),
        "noisy people, four times as many cases": services.ServiceWorld(cases=16_000),
        "noisy people, half of the checks by one": services.ServiceWorld(doubled=0.5),
        "people who err in 0.1": services.ServiceWorld(people_error=0.1),
        "noisy people, all answerable": services.ServiceWorld(unanswerable=0.0),
    }
    return {name: asdict(services.coverage(world, simulated)) for name, world in worlds.items()}


def promotion_figures(repetitions: int) -> dict[str, Any]:
    return {
        "no difference": asdict(promotions.promotions(0.013, 0.013, repetitions=repetitions)),
        "1.8 points better, 1000 rows": asdict(promotions.promotions(0.022, 0.004, rows=1000, repetitions=repetitions)),
        "segment harmed by 3 points": asdict(promotions.segment_gate(0.03, repetitions=repetitions // 2)),
        "no segment harmed": asdict(promotions.segment_gate(0.0, repetitions=repetitions // 2)),
    }


def _median(values: Any) -> float:
    return float(np.median(values))


if __name__ == "__main__":
    parser = command_line(__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("section", nargs="*", help="measured alone; all where none is named")
    given = parser.parse_args()
    write_sections(REPORT, sections, given.quick, given.section, PROCESSES, LONGEST)
