"""What those who look at a queue are told."""

from hitl.review import Assign, Decide, Escalate, QueueNews
from hitl.review.handling_events import ReviewLeased, ReviewReleased
from hitl.routing.action import Priority
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import Shell


def _told(shell: Shell, queue: str = "digits", after: int = 0) -> list[tuple[str, str | None]]:
    return [(each["kind"], each["person"]) for each in shell.ask(QueueNews(queue, after))["changes"]]


def test_a_review_comes_and_is_withdrawn_when_it_is_taken() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann")
    assert _told(shell) == [("review_new", None), ("review_withdrawn", None)]


def test_a_holder_hears_that_the_lease_is_lost() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann", lease_s=5)
    shell.advance(5)
    assert _told(shell, after=2) == [("review_new", None), ("lease_lost", "ann")]
    claimed(shell, "bob")
    shell.send(Assign("a-1", "person:ann", "olga"))
    assert ("lease_lost", "bob") in _told(shell, after=4)


def test_who_gives_a_review_away_has_lost_nothing() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann")
    shell.send(Escalate("a-1", 1, "ann", "unsure"))
    assert _told(shell, "digits.expert") == [("review_new", None)]
    claimed(shell, "eve", "digits.expert")
    shell.send(Decide("a-1", 2, "eve", "2"))
    assert not [kind for kind, _ in _told(shell) if kind == "lease_lost"]


def test_the_cursor_goes_on_after_a_recovery() -> None:
    shell = shard(record("a"))
    cursor = shell.ask(QueueNews("digits", None))["cursor"]
    shell.recover()
    claimed(shell, "ann")
    found = shell.ask(QueueNews("digits", cursor))
    assert [each["kind"] for each in found["changes"]] == ["review_withdrawn"]
    assert shell.ask(QueueNews("digits", found["cursor"]))["status"] == "waiting"


def test_what_is_too_old_is_said_to_be_missing() -> None:
    shell = shard(record("a"))
    for lease in range(1, 1_800):
        shell.machine.evolve(shell.state, _leased(lease), shell.now)
        shell.machine.evolve(shell.state, _released(lease), shell.now)
    assert shell.ask(QueueNews("digits", 0))["is_complete"]
    for lease in range(1_800, 2_600):
        shell.machine.evolve(shell.state, _leased(lease), shell.now)
        shell.machine.evolve(shell.state, _released(lease), shell.now)
    assert not shell.ask(QueueNews("digits", 0))["is_complete"]


def _leased(lease: int) -> ReviewLeased:
    return ReviewLeased(case_id="a", review_id="a-1", task="digits", lease=lease, reviewer="ann", lease_s=1.0)


def _released(lease: int) -> ReviewReleased:
    return ReviewReleased(
        case_id="a",
        review_id="a-1",
        task="digits",
        lease=lease,
        reviewer="ann",
        reason="",
        queue="digits",
        priority=Priority.NORMAL,
        escalation=None,
        assigned=None,
    )
