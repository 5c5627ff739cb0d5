"""Drop the keys of erased cases and approvals again, and withdraw what is open, in case a crash left an erasure half done."""

from collections.abc import Awaitable, Callable, Sequence

from hitl.access import ErasedSeals, Erasures
from hitl.errors import HitlError
from hitl.intake import Intake, StoredCase
from hitl.intake.partitioned import part_of, partitioning_of
from hitl.machine import Envelope
from hitl.machine.shards import ACCESS, Shards, review_shards, shard_of_case
from hitl.review import Cursor
from hitl.review.commands import WithdrawReviews
from hitl.sealing import DataKeys
from serve_app.http.telemetry import json_log

log = json_log()

AGAIN = 1000
"""Failed erasures that a step tries again, the longest waiting first."""

ERASURES = "erasures"
"""Who withdraws, in the journal: not a person."""


Release = Callable[[StoredCase], Awaitable[None]]
"""Takes a case from the files that it names; they go with the last one."""


class EraseKeys:
    """Starts with the first erasure of all, and then follows. ``release`` None: cases have no files."""

    def __init__(
        self, shards: Shards, intakes: Sequence[Intake], approval_keys: DataKeys, release: Release | None = None
    ) -> None:
        self._release = release
        self._shards, self._intakes, self._approval_keys = shards, intakes, approval_keys
        self._after, self._after_seal = 0, 0
        self._unopened: dict[str, None] = {}
        self._failed: dict[str, None] = {}

    async def once(self) -> None:
        """Raises what kept the first case from being forgotten, once all else is done. Such cases are tried again by the next
        call, and no other waits for them."""
        page = await self._shards.ask(ACCESS, Erasures(self._after))
        due = [*list(self._failed)[:AGAIN], *page.case_ids]
        failed = [why for case_id in dict.fromkeys(due) if (why := await self._forgotten(case_id)) is not None]
        self._after = page.next
        failed += await self._withdraw_opened()
        await self._drop_seals()
        if failed:
            raise failed[0]

    async def _drop_seals(self) -> None:
        seals = await self._shards.ask(ACCESS, ErasedSeals(self._after_seal))
        for seal in seals.seals:
            await self._approval_keys.drop(seal)
        self._after_seal = seals.next

    async def _forgotten(self, case_id: str) -> HitlError | None:
        """Forget a case; return what was away or does not open."""
        is_known = case_id in self._failed
        self._failed.pop(case_id, None)
        try:
            await self._forget(case_id)
        except HitlError as error:
            self._failed[case_id] = None
            if not is_known:
                log.warning("case not erased yet", case_id=case_id, why=str(error))
            return error
        self._unopened[case_id] = None
        return None

    async def _forget(self, case_id: str) -> None:
        intake = part_of(self._intakes, case_id)
        if self._release is not None:
            found = await intake.find(case_id)
            if found is not None and found.wrapped_key is not None:  # before its key: nothing else says which files it names
                await self._release(found)
        await intake.drop_key(case_id)

    async def _withdraw_opened(self) -> list[HitlError]:
        """A case may be erased before its shard has come to it: its review opens later, and is withdrawn then. Return what kept
        cases from it, which are tried again."""
        failed: list[HitlError] = []
        opened_up_to = [(await self._shards.ask(shard, Cursor())).position for shard in review_shards(len(self._intakes))]
        for case_id in list(self._unopened):
            try:
                if await self._is_opened(case_id, opened_up_to):
                    await self._withdraw(case_id)
                    del self._unopened[case_id]
            except HitlError as error:
                failed.append(error)
        return failed

    async def _is_opened(self, case_id: str, opened_up_to: Sequence[int]) -> bool:
        partition = partitioning_of(self._intakes).partition_of(case_id)
        found = await self._intakes[partition].find(case_id)
        return found is None or not found.record.is_for_people or found.seq <= opened_up_to[partition]

    async def _withdraw(self, case_id: str) -> None:
        """Harmless where nothing is open."""
        command, command_id = WithdrawReviews(case_id, ERASURES, "its input was erased"), f"withdraw:{case_id}"
        shard = shard_of_case(case_id, partitioning_of(self._intakes))
        await self._shards.submit(shard, Envelope(command, command_id, command_id, ERASURES, ERASURES))
