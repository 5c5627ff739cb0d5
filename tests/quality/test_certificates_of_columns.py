"""Certificates and alarms of columns are those of rows, to the last bit."""

import random
from dataclasses import replace

import pytest

from hitl.canonical import digest_of, fingerprint
from hitl.ids import placed_case_id, unpacked_case_id
from hitl.quality.automation import Rules, SegmentStanding, findings
from hitl.quality.canary import suspicions, trial_answers
from hitl.quality.certificate import RiskLevel
from hitl.quality.check_columns import CheckColumns, CheckSeen, as_columns, in_order
from hitl.quality.checks import BlindCheck
from hitl.quality.drift import DriftDetector
from hitl.quality.money import MoneyLevel
from hitl.quality.planning import PILOT_CASES, CertificationPlan, plan_of_traffic
from hitl.quality.watching import watched
from tests.fakes import certificates_by_rows as by_rows

ODD_IDS = ("case", 'say "no"', "back\\slash", "näh", "tab\t", "a" * 26 + "b")
LEVEL = 0.1


def some_id(rng: random.Random) -> str:
    digest = rng.randbytes(16)
    return rng.choice([unpacked_case_id(digest), unpacked_case_id(digest), placed_case_id(digest, rng.randrange(64))])


def some_check(rng: random.Random, at: float, errs: float, waits: float = 0.1) -> BlindCheck:
    """Any case that a sampler drew, of two models, policies and segments; few values of each kind, so that they meet."""
    confidence = round(rng.uniform(rng.choice([0.4, 0.8]), 1), rng.choice([1, 2, 9]))
    return BlindCheck(
        some_id(rng),
        at,
        rng.choice(["all", "all", "large"]),
        rng.choice(["m", "m", "m", "other", None]),
        rng.choice(["p", "p", "p", "before"]),
        rng.choice(["a", "b", None]),
        rng.choice([None, 0.0, *[confidence] * 8]),
        rng.random() < 0.4,
        tuple(name for name in ("gold", "audit") if rng.random() < 0.7) or ("audit",),
        wrong=None if rng.random() < waits else rng.random() < errs,
        probability=rng.choice([0.2, 0.2, 0.5, 1.0]) if at > 3_000 else 0.2,
        audit_probability=rng.choice([0.0, 0.05, 0.3]),
        vaulted_until=rng.choice([None, at + 100.0]),
        content=rng.choice(["", digest_of(b"%d" % rng.randrange(10**9)), digest_of(b"%d" % rng.randrange(200))])[:24],
        harm=rng.choice([None, 0.0, rng.uniform(0, 120)]),
    )


def history(rng: random.Random, cases: int) -> list[BlindCheck]:
    """Some cases in order of arrival, of which some came at once."""
    errs, waits = rng.choice([0.0, 0.01, 0.06, 0.4]), rng.choice([0.0, 0.05])
    rows = [some_check(rng, float(rng.randrange(5 * cases)), errs, waits) for _ in range(cases)]
    rows[: len(ODD_IDS)] = [replace(row, case_id=name) for row, name in zip(rows, ODD_IDS, strict=False)]
    return sorted(rows, key=lambda each: (each.at, each.case_id))


def came(rng: random.Random, rows: list[BlindCheck]) -> CheckColumns:
    """The rows as they stand in a file: in any order, some of them in one piece and some in another."""
    mixed = rng.sample(rows, len(rows))
    cut = rng.randrange(len(mixed) + 1)
    return in_order([as_columns(mixed[:cut]), as_columns(mixed[cut:])])


def some_plan(rng: random.Random, rows: list[BlindCheck]) -> CertificationPlan:
    grid = sorted({rng.choice([0.0, 1.0]), *(round(rng.uniform(0.3, 1), rng.choice([1, 3])) for _ in range(20))}, reverse=True)
    starts = ((0, 0.05), (len(grid) // 2, 0.05), (len(grid) - 1, rng.choice([0.01, 0.1])))
    found = plan_of_traffic(rows, RiskLevel(LEVEL, 0.9))
    made = CertificationPlan(tuple(grid), starts, 0, rng.choice([0.0, rng.uniform(0, rows[-1].at)]))
    return made if found is None or rng.random() < 0.5 else found


def certified(rng: random.Random, rows: list[BlindCheck]) -> tuple[dict[str, SegmentStanding], Rules]:
    standings = {
        name: SegmentStanding(
            rng.choice([None, 0.8]), some_plan(rng, rows), since=rng.choice([0.0, rows[len(rows) // 5].at]), audit=0.1
        )
        for name in ("all", "large")
    }
    money = rng.choice([None, MoneyLevel(rng.choice([3.0, 40.0]), 100.0)])
    rules = Rules(
        lambda name: RiskLevel(LEVEL if name == "all" else 0.05, 0.8),
        answered_within_s=rng.choice([50.0, 3_000.0]),
        least_draw=rng.choice([0.0, 0.1, 0.5]),
        money=money,
        counts_audits=rng.random() < 0.5,
    )
    return standings, rules


@pytest.mark.parametrize("seed", range(60))
def test_findings_of_columns_are_those_of_rows(seed: int) -> None:
    rng = random.Random(seed)
    rows = history(rng, rng.choice([1, 12, 600, 2500]))
    standings, rules = certified(rng, rows)
    now = rows[-1].at + rng.choice([0.0, 60.0, 4_000.0])
    found = findings(came(rng, rows), "m", "p", standings, rules, now)
    assert found == by_rows.findings(rows, "m", "p", standings, rules, now)


def test_the_histories_hold_certificates_and_refusals_alarms_and_none() -> None:
    proved, alarmed = set[bool](), set[bool]()
    for seed in range(60):
        rng = random.Random(seed)
        rows = history(rng, rng.choice([1, 12, 600, 2500]))
        for each in findings(as_columns(rows), "m", "p", *certified(rng, rows), rows[-1].at + 60.0).values():
            proved.add(each.progress.threshold is not None)
            alarmed.add(each.detector.alarmed)
    assert proved == alarmed == {True, False}


@pytest.mark.parametrize("seed", range(20))
def test_a_plan_of_columns_rests_on_the_first_of_the_random_sample(seed: int) -> None:
    rng = random.Random(seed)
    rows = history(rng, 400)
    first = [each for each in rows if each.is_random][:PILOT_CASES]
    plan = plan_of_traffic(came(rng, rows), RiskLevel(LEVEL, 0.9))
    assert plan is not None
    assert (plan, plan.since) == (plan_of_traffic(first, RiskLevel(LEVEL, 0.9)), first[-1].at)


@pytest.mark.parametrize("seed", range(20))
def test_a_watch_of_columns_is_that_of_rows(seed: int) -> None:
    rng = random.Random(seed)
    rows, detector = history(rng, 600), DriftDetector(LEVEL, 300.0, (0.1, 0.2, 0.3, 0.4, 0.5), 7)
    due_before = rng.uniform(0, rows[-1].at)
    found = watched(detector, came(rng, rows), due_before)
    assert found == by_rows.watched(detector, rows, due_before)
    assert found.detector.audits > 7


@pytest.mark.parametrize("seed", range(20))
def test_a_trial_of_columns_is_that_of_rows(seed: int) -> None:
    rng = random.Random(seed)
    rows = history(rng, 600)
    columns, since, due = came(rng, rows), rows[100].at, rows[400].at
    told = trial_answers(columns, "m", "other", since, rows[-1].at + 8_000.0, 1.5)
    ours = [each for each in rows if each.is_random and each.at >= since and each.model_version == "m"]
    assert told.answered == sum(each.wrong is not None for each in ours)
    assert told.wrong == sum(each.wrong is True for each in ours)
    decided = [each for each in rows if each.model_version == "m" and each.at >= since]
    for each in suspicions(columns, "m", since, lambda name: 0.1, due):
        here = [one for one in decided if one.segment == each.about.rpartition(" ")[2]]
        assert each.detector == by_rows.watched(DriftDetector(0.1), here, due).detector


@pytest.mark.parametrize("seed", range(20))
def test_columns_know_of_each_check_what_its_row_says(seed: int) -> None:
    rng = random.Random(seed)
    rows = history(rng, 200)
    columns = came(rng, rows)
    assert [case.decode() for case in columns.case_id.tolist()] == [each.case_id for each in rows]
    assert columns.digest == fingerprint([[each.case_id, each.wrong] for each in rows])
    assert columns[10:].digest == fingerprint([[each.case_id, each.wrong] for each in rows[10:]])
    assert columns.has(CheckSeen.VAULTED).tolist() == [each.vaulted_until is not None for each in rows]
    some = {each.case_id for each in rng.sample(rows, 7)}
    asked = columns.without_answers(columns.of_cases(some))
    assert asked.digest == fingerprint([[each.case_id, None if each.case_id in some else each.wrong] for each in rows])


def test_copies_are_told_by_all_bytes_of_their_content_and_cases_without_one_are_none() -> None:
    contents = ["", "11" * 11 + "22", "11" * 11 + "33", "", "22" + "11" * 11, "11" * 11 + "22", ""]
    rows = [replace(some_check(random.Random(at), at, 0.0), content=each) for at, each in enumerate(contents)]
    assert as_columns(rows).is_first_of_input.tolist() == [True, True, True, True, True, False, True]


def test_the_digest_of_nothing_is_that_of_an_empty_list() -> None:
    assert as_columns([]).digest == fingerprint([])
