"""Answers of overrides beside canary, probation, dry runs and figures: no version's doing, and watched by checks of their own."""

from dataclasses import replace
from typing import Any

import pytest

from hitl.learning.journalled.commands import SwitchOverrides
from hitl.learning.journalled.questions import OverridesOf
from hitl.learning.overrides import ConfirmedOverride, OverrideTable
from hitl.machine import Envelope
from hitl.machine.shards import LEARNING
from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.figures import Book, figures
from hitl.quality.traffic import Traffic
from hitl.tasks.learning_terms import OverrideTerms
from serve_app.decisions.correcting import corrected
from serve_app.evidence.past_traffic import past_cases
from serve_app.reconcilers.override_watch import OverrideWatch
from serve_app.setup.vault import Vault
from tests.contracts.intake_contract import record
from tests.gateway.service import FIRST, SECOND
from tests.quality.test_certifying import answer, check_of
from tests.review_app.test_canary import SURE, Live, _answering, _first_then_second
from tests.review_app.test_probation import Sudden


class Corrections:
    """serve_app.decisions.case_decider.OverrideSource: every case is answered by people's correction of it."""

    def __init__(self, live: Live) -> None:
        self.spec = live.tasks["loans"].model_copy(update={"overrides": OverrideTerms(audit=0.0)})
        self.table = OverrideTable({"loans": self.spec})
        self.table.replace([ConfirmedOverride("o", "loans", "ask", "reject", 1e12, SURE, SURE)])

    def corrected(self, case: Any, payload: bytes, vector: Any) -> Any:
        return corrected(self.table, self.spec, case, payload, vector)


async def test_override_answers_do_not_roll_back_a_version_on_probation() -> None:
    live = Sudden()
    await live.shards.start()
    for digest in (FIRST, SECOND):
        await live.approve(digest)
        await live.step()
        await live.cases(30)
    live.now = (await live.history())[-1].since
    live.service.gateway._writers[0]._decider._overrides = Corrections(live)
    assert await live.cases(10) == {(200, None)}
    await live.step()
    assert await live.shares() == {SECOND: 1.0}
    await live.shards.stop()


async def test_override_answers_neither_end_a_canary_nor_count_as_its_cases() -> None:
    live = Live()
    await live.shards.start()
    live.now = (await _first_then_second(live)).since + 600
    live.service.gateway._writers[0]._decider._overrides = Corrections(live)
    for _ in range(4):
        await live.cases(5)
        await live.step()
    assert await live.shares() == {FIRST: 0.75, SECOND: 0.25}
    await live.shards.stop()


async def test_a_dry_run_leaves_out_what_overrides_answered() -> None:
    live = Live()
    await live.shards.start()
    await _first_then_second(live)
    await live.cases(5)
    live.service.gateway._writers[0]._decider._overrides = Corrections(live)
    await live.cases(3)
    live.partitions, live.intakes, live.vault = 1, live.service.intakes, Vault(live.tasks)
    assert len(await past_cases(live, "loans", 100)) == 5
    await live.shards.stop()


def check(number: int, wrong: bool) -> SettledReview:
    made = answer(number, 0.0, wrong, gold=False, automatic=True)
    return replace(made, confidence=None, model_version=None, segment="override", audit_probability=0.2)


async def _watched(checks: list[SettledReview]) -> tuple[Live, OverrideWatch]:
    live = Live()
    live.tasks["loans"] = live.tasks["loans"].model_copy(update={"overrides": OverrideTerms()})
    live.new_canary()
    await live.shards.start()
    live.evidence.check_columns = _answering([check_of(each) for each in checks])
    return live, OverrideWatch(live.shards, live.tasks, live.evidence, live.certifier._policy_of)


async def test_overrides_whose_answers_are_wrong_are_switched_off_until_an_operator_allows_them_again() -> None:
    live, watch = await _watched([check(i, wrong=i % 2 == 0) for i in range(1, 41)])
    await watch.once()
    told = (await live.shards.ask(LEARNING, OverridesOf("loans"))).switched_off
    assert told == {"loans": "20 of 40 blind checks of override answers were wrong, the level is 0.05"}
    on = SwitchOverrides("loans", True, "the wrong one is revoked", "olga")
    await live.shards.submit(LEARNING, Envelope(on, "on", "on", "olga", "on"))
    await watch.once()
    assert (await live.shards.ask(LEARNING, OverridesOf("loans"))).switched_off == {}
    await live.shards.stop()


async def test_overrides_whose_answers_are_right_go_on() -> None:
    live, watch = await _watched([check(i, wrong=False) for i in range(200)])
    await watch.once()
    assert (await live.shards.ask(LEARNING, OverridesOf("loans"))).switched_off == {}
    await live.shards.stop()


@pytest.mark.parametrize("wrong", [False, True])
def test_figures_of_the_model_do_not_mix_with_those_of_overrides(wrong: bool) -> None:
    traffic, answers = Traffic(), []
    for i in range(200):
        made = replace(record(f"c{i}", "automatic"), confidence=0.99, streams=["audit"], audit_probability=1.0)
        if i % 4 == 0:
            made = replace(made, model_version=None, confidence=None, probabilities=None, segment="override")
        traffic.count(made, {})
        told = check(i, wrong) if made.is_override else answer(i, 0.99, False, gold=False, automatic=True)
        answers.append(replace(told, gold_probability=0.0, audit_probability=1.0))
    found = figures(Book(traffic, columns_of(answers)))
    assert (found["automatic_error"].value, found["automatic_error"].n) == (0.0, 150)
    assert (found["override_error"].value, found["override_error"].n) == (float(wrong), 50)
    assert found["system_error"].value == 0.25 * wrong
    assert found["model_error"].high < 0.05
