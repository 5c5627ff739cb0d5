"""Check who may vote now: a vote counts only while its voter has the right."""

import time
from collections.abc import Callable

from hitl.identity import Role
from hitl.identity.accounts import Directory


class Voters:
    """The ids of all who may vote on a task: accounts, and the owners of valid keys that have none. Raises
    StoreUnavailable."""

    def __init__(self, directory: Directory, wall: Callable[[], float] = time.time) -> None:
        self._directory, self._wall = directory, wall

    async def __call__(self, task: str) -> set[str]:
        now = self._wall()
        accounts = [each.principal() for each in await self._directory.accounts() if not each.is_out]
        owners = [record.principal for record in await self._directory.all() if record.is_valid(now)]
        return {person.id for person in (*accounts, *owners) if person.may(Role.APPROVER) and person.sees(task)}
