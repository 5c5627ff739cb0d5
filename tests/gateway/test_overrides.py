"""Corrections answer in the gateway: seconds after they are confirmed, for equal cases, and in the record."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hitl.journal import GENESIS, Commit, follow
from hitl.journal.memory import MemoryJournal
from hitl.learning.journalled import LearningMachine
from hitl.learning.journalled.commands import ConfirmOverride, ProposeOverride, SwitchOverrides
from hitl.learning.overrides import reference_of
from hitl.tasks.learning_terms import OverrideTerms
from tests.fakes.shell import Shell
from tests.gateway.service import FIRST, NOW, Service, loans

UNSURE = [0.4, 0.35, 0.25]


class Corrected(Service):
    """A service whose task takes overrides, with a learning shard to write to."""

    def __init__(self, **terms: Any) -> None:
        self.shell, self.learning = Shell(LearningMachine()), MemoryJournal("learning")
        self.shell.now = NOW
        super().__init__(tasks={"loans": loans().model_copy(update={"overrides": OverrideTerms(**terms)})})

    def _ports(self) -> Any:
        return replace(super()._ports(), learning=self.learning)

    async def learn(self, *commands: Any) -> None:
        """Journal these and let the gateway read them."""
        have = len(await self.learning.read(0, 1000))
        for command in commands:
            self.shell.send(command)
        await self.learning.append(await self.learning.open_epoch(), have, self.shell.entries[have:])
        assert self.gateway.overrides is not None
        await self.gateway.overrides.refresh()

    async def confirmed(self) -> str:
        """The case that an override now stands on."""
        await self.deploy((FIRST, 1.0))
        case_id: str = (await self.decide(UNSURE, "first")).json()["case_id"]
        await self.learn(ProposeOverride("loans", case_id, "ask", "reject", "eve", True, NOW + 100))
        return case_id


@pytest.mark.covers("003-35")
async def test_an_equal_case_is_answered_by_the_override_and_the_record_says_so() -> None:
    service = Corrected(audit=1.0)
    case_id = await service.confirmed()
    answer = await service.decide(UNSURE, "second")
    assert (answer.status_code, answer.json()["outcome"]) == (200, {"label": "ask", "by": "override"})
    assert reference_of(case_id) in answer.json()["route"]["reason"]
    assert case_id not in answer.text  # it may be another client's
    record = service.stored()[-1].record
    assert (record.segment, record.streams, record.audit_probability) == ("override", ["audit"], 1.0)
    assert (record.model_version, record.confidence) == (None, None)


async def test_until_it_is_confirmed_nothing_changes() -> None:
    service = Corrected()
    await service.deploy((FIRST, 1.0))
    case_id = (await service.decide(UNSURE, "first")).json()["case_id"]
    await service.learn(ProposeOverride("loans", case_id, "ask", "reject", "ann", False, NOW + 100))
    assert (await service.decide(UNSURE, "second")).status_code == 202
    await service.learn(ConfirmOverride(case_id, "ask", "bob", False))
    assert (await service.decide(UNSURE, "third")).status_code == 200


async def test_the_kill_switch_and_other_inputs_leave_the_model_alone() -> None:
    service = Corrected()
    await service.confirmed()
    assert (await service.decide([0.41, 0.34, 0.25], "other")).status_code == 202
    await service.learn(SwitchOverrides("loans", False, "storm", "olga"))
    assert (await service.decide(UNSURE, "second")).status_code == 202


async def test_a_broken_chain_answers_nothing() -> None:
    service = Corrected()
    await service.confirmed()
    forged = Commit(NOW, 1, "x", "r", "c", "id", "f", {}, [{"type": "OverridesSwitched", "task": "other", "is_on": True}])
    entry = follow(GENESIS, 2, forged.encode())
    await service.learning.append(await service.learning.open_epoch(), 1, [entry])
    assert service.gateway.overrides is not None
    watch = asyncio.create_task(service.gateway.overrides.watch())
    await asyncio.sleep(0.02)
    watch.cancel()
    assert (await service.decide(UNSURE, "second")).status_code == 202
