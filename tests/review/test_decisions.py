"""What people answer, hand on, or leave too long."""

import pytest

from hitl.errors import AlreadyDecided, InvalidInput, NotFound, StaleLease
from hitl.review import Claim, Counters, Decide, Escalate, Examples, FindLease, OutcomeOf, ReviewOf
from tests.fakes.reviews import DAY_S, claimed, record, shard
from tests.fakes.shell import Shell


@pytest.mark.covers("D09", "003-56", "003-59")
def test_a_decision_names_the_true_label_and_says_whether_the_model_agrees() -> None:
    shell = shard(record("a", prediction="1"))
    claimed(shell, "ann")
    assert shell.send(Decide("a-1", 1, "ann", "2", 0.9, "a loop")) == {
        "case_id": "a",
        "review_id": "a-1",
        "status": "decided",
        "label": "2",
        "reviewer": "ann",
        "decided_at": shell.now,
        "final_at": shell.now,
        "agrees_with_model": False,
    }


@pytest.mark.parametrize(("prediction", "agrees"), [("2", True), ("1", False), (None, None)])
def test_agreement_needs_a_prediction(prediction: str | None, agrees: bool | None) -> None:
    shell = shard(record("a", prediction=prediction))
    claimed(shell)
    assert shell.send(Decide("a-1", 1, "ann", "2"))["agrees_with_model"] is agrees


@pytest.mark.covers("003-57")
def test_the_outcome_keeps_what_the_model_and_the_reviewer_said() -> None:
    shell = shard(record("a", prediction="1", confidence=0.7))
    claimed(shell)
    shell.send(Decide("a-1", 1, "ann", "2", 0.9, "a loop"))
    review = shell.ask(ReviewOf("a-1"))["review"]
    assert (review["prediction"], review["confidence"], review["status"]) == ("1", 0.7, "decided")
    assert review["outcome"] == {
        "label": "2",
        "reviewer": "ann",
        "confidence": 0.9,
        "comment": "a loop",
        "decided_at": shell.now,
        "agrees_with_model": False,
        "reviewers": ["ann"],
        "final_at": shell.now,
    }


@pytest.mark.covers("D07")
def test_the_second_of_two_answers_is_told_who_won_and_counts_nothing() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann")
    shell.send(Decide("a-1", 1, "ann", "2"))
    with pytest.raises(AlreadyDecided) as refusal:
        shell.send(Decide("a-1", 1, "ann", "0"))
    assert (refusal.value.winner, refusal.value.at) == ("ann", shell.now)
    assert shell.ask(Counters())["tasks"]["digits"]["decided"] == 1


@pytest.mark.covers("D07")
def test_an_answer_under_an_expired_lease_names_the_holder() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann", lease_s=5)
    shell.advance(5)
    claimed(shell, "bob")
    with pytest.raises(StaleLease) as refusal:
        shell.send(Decide("a-1", 1, "ann", "2"))
    assert refusal.value.holder == "bob"


def test_a_repeated_decision_gets_the_stored_answer() -> None:
    shell = shard(record("a"))
    claimed(shell)
    answers = [shell.send(Decide("a-1", 1, "ann", "2"), command_id="key") for _ in range(2)]
    assert answers[0] == answers[1]
    assert shell.ask(Counters())["tasks"]["digits"]["decided"] == 1


BAD = [
    (Decide("a-1", 1, "ann", "9"), "/label"),
    (Decide("a-1", 1, "ann", "approve"), "/label"),
    (Decide("a-1", 1, "ann", "2", confidence=1.1), "/confidence"),
    (Decide("a-1", 1, "ann", "2", confidence=float("nan")), "/confidence"),
    (Decide("a-1", 1, "ann", "2", comment="x" * 4001), "/comment"),
    (Escalate("a-1", 1, "ann", "x" * 4001), "/reason"),
]


@pytest.mark.covers("D09")
@pytest.mark.parametrize(("command", "place"), BAD)
def test_a_bad_answer_names_its_place_and_changes_nothing(command: Decide | Escalate, place: str) -> None:
    shell = shard(record("a"))
    claimed(shell)
    before = shell.plain()
    with pytest.raises(InvalidInput) as refusal:
        shell.send(command)
    assert (refusal.value.place, shell.plain()) == (place, before)


@pytest.mark.covers("D08", "003-58")
def test_an_escalated_review_keeps_everything_and_waits_for_an_expert_urgently() -> None:
    shell = shard(record("a"))
    before = claimed(shell, "ann")
    shell.send(Escalate("a-1", 1, "ann", "blurred"))
    after = claimed(shell, "eve", "digits.expert")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"queue", "priority", "escalation", "lease", "history"}
    assert (after["priority"], after["escalation"]) == ("urgent", "blurred")


@pytest.mark.covers("D05", "003-55")
def test_an_unanswered_review_goes_to_the_experts_at_its_deadline() -> None:
    shell = shard(record("a"))
    shell.advance(DAY_S - 1)
    assert shell.ask(OutcomeOf("a"))["status"] == "pending_human"
    shell.advance(1)
    assert shell.ask(OutcomeOf("a"))["status"] == "pending_expert"
    assert claimed(shell, "eve", "digits.expert")["escalation"] == "no answer within 86400 s"


@pytest.mark.covers("003-55")
def test_a_task_may_set_its_own_deadline() -> None:
    shell = shard(record("a", task="tumours"))
    shell.advance(3600)
    assert claimed(shell, "eve", "tumours.expert")["is_overdue"]


def test_the_deadline_survives_a_recovery() -> None:
    shell = shard(record("a"))
    shell.recover()
    shell.advance(DAY_S)
    assert shell.ask(ReviewOf("a-1"))["review"]["is_overdue"]


@pytest.mark.covers("D06", "003-62")
def test_a_decision_long_after_the_deadline_still_counts() -> None:
    shell = shard(record("a"))
    shell.advance(3 * DAY_S)
    claimed(shell, "eve", "digits.expert")
    shell.send(Decide("a-1", 1, "eve", "2"))
    assert shell.ask(OutcomeOf("a"))["outcome"]["label"] == "2"
    assert shell.ask(Counters())["tasks"]["digits"]["in_time"] == 0


def _held_over_its_deadline() -> Shell:
    shell = shard(record("a"))
    shell.advance(DAY_S - 10)
    claimed(shell, "ann", lease_s=60)
    shell.advance(20)
    return shell


def test_who_holds_an_overdue_review_may_still_answer_it() -> None:
    shell = _held_over_its_deadline()
    assert shell.send(Decide("a-1", 1, "ann", "2"))["status"] == "decided"


def test_an_overdue_review_goes_to_the_experts_when_its_holder_is_gone() -> None:
    shell = _held_over_its_deadline()
    assert shell.ask(OutcomeOf("a"))["status"] == "pending_human"
    shell.advance(60)
    assert shell.send(Claim("digits", "bob"))["review"] is None
    assert claimed(shell, "eve", "digits.expert")["priority"] == "urgent"


@pytest.mark.covers("003-60")
def test_examples_come_in_the_order_of_decisions_behind_a_stable_cursor() -> None:
    shell = shard(record("a"), record("b"), record("c"))
    for lease, case in enumerate("abc", start=1):
        claimed(shell)
        shell.send(Decide(f"{case}-1", lease, "ann", "2"))
    first = shell.ask(Examples("digits", 0, 2))
    assert ([row["case_id"] for row in first["examples"]], first["next"]) == (["a", "b"], 2)
    second = shell.ask(Examples("digits", first["next"], 2))
    assert ([row["position"] for row in second["examples"]], second["next"]) == ([3], 3)
    assert shell.ask(Examples("tumours", 0, 2)) == {"examples": [], "next": 0}


def test_the_history_of_a_case_tells_every_step() -> None:
    shell = shard(record("a"))
    claimed(shell)
    shell.send(Decide("a-1", 1, "ann", "2"))
    history = shell.ask(OutcomeOf("a"))["history"]
    assert [step["type"] for step in history] == ["ReviewOpened", "ReviewLeased", "ReviewDecided", "DecisionFinal"]
    assert not {"review_id", "case_id"} & history[-1].keys()


def test_what_was_never_opened_is_not_found() -> None:
    for question in (OutcomeOf("a"), ReviewOf("a-1"), FindLease("a-1", 1, "ann")):
        with pytest.raises(NotFound):
            shard().ask(question)


def test_a_heartbeat_needs_the_present_lease() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann", lease_s=30)
    assert shell.ask(FindLease("a-1", 1, "ann")) == {"alarm": "lease:a-1", "lease_s": 30.0}
    with pytest.raises(StaleLease):
        shell.ask(FindLease("a-1", 1, "bob"))
