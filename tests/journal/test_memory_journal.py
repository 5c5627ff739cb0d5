"""The memory journal keeps the contract."""

import pytest

from hitl.journal.memory import MemoryJournal
from tests.contracts.journal_contract import JournalContract


class TestMemoryJournal(JournalContract):
    @pytest.fixture
    def journal(self) -> MemoryJournal:
        return MemoryJournal()

    @pytest.fixture
    def rival(self, journal: MemoryJournal) -> MemoryJournal:
        return journal
