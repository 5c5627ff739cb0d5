"""The measure of queues and recoveries runs on the machine as it is, at a size that takes no time."""

from rich.progress import Progress

from tests.measure.storage import STEPS, queue_costs, recovery_costs


def test_every_step_of_a_queue_is_measured() -> None:
    with Progress() as bars:
        (row,) = queue_costs([20], bars.add_task("reviews", total=20), bars)
    assert row["open"] == 20
    assert all(row[f"{step}_us"] >= 0 for step in STEPS)


async def test_recoveries_are_of_the_history_that_was_asked_for() -> None:
    rows = await recovery_costs(200, lambda done: None)
    assert [row["events"] for row in rows] == [200, 400]
    assert all(row["snapshot_bytes"] > 0 for row in rows)
