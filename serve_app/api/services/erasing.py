"""Erase the input of a case: on the record, its key dropped, its open reviews withdrawn."""

from hitl.access import EraseCase, ErasureOf
from hitl.access.views import ErasedCase
from hitl.errors import NotSealed
from hitl.intake import StoredCase
from hitl.intake.partitioned import part_of
from hitl.machine.shards import ACCESS, shard_of_case
from hitl.review.commands import WithdrawReviews
from serve_app.api.services.context import ApiPorts, Caller
from serve_app.http.strict_body import WhyBody
from serve_app.setup.case_files import release_files


async def erase_case(ports: ApiPorts, caller: Caller, case: StoredCase, body: WhyBody) -> ErasedCase:
    """The event stands before the key is dropped: what a crash leaves undone, the reconciler does. Raises NotSealed."""
    case_id, by = case.record.case_id, caller.principal.id
    known = (await ports.shards.ask(ACCESS, ErasureOf(case_id))).erasure
    if case.wrapped_key is None and known is None:
        raise NotSealed(case_id)
    command = EraseCase(case_id, case.record.task, by, body.reason, case.record.at)
    told = await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))
    if ports.files is not None:  # before its key: nothing else says which files it names
        await release_files(ports.files.store, ports.vault, case)
    await part_of(ports.intakes, case_id).drop_key(case_id)
    withdraw = WithdrawReviews(case_id, by, body.reason)
    await ports.shards.submit(
        shard_of_case(case_id, ports.partitioning), caller.envelope(withdraw, body.model_dump(), "withdraw")
    )
    return told


async def withdraw_open(ports: ApiPorts, caller: Caller, case_id: str) -> None:
    """Withdraw what was opened of an erased case after its erasure."""
    command = WithdrawReviews(case_id, caller.principal.id, "its input was erased")
    await ports.shards.submit(shard_of_case(case_id, ports.partitioning), caller.envelope(command, case_id, f"erased:{case_id}"))
