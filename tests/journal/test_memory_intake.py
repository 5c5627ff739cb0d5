"""The memory intake keeps the contract."""

import pytest

from hitl.intake.memory import MemoryIntake, MemoryServing
from tests.contracts.intake_contract import IntakeContract


class TestMemoryIntake(IntakeContract):
    @pytest.fixture
    def serving(self) -> MemoryServing:
        return MemoryServing()

    @pytest.fixture
    def intake(self, serving: MemoryServing) -> MemoryIntake:
        return MemoryIntake(serving)
