"""What is answered has no deadline any more, and gets it back when the answer is undone."""

from hitl.review import Decide, Undo
from tests.fakes.reviews import claimed, record, shard


def test_an_answer_ends_the_alarms_of_its_review_and_an_undo_sets_them_again() -> None:
    shell = shard(record("a"), record("b"), review={"undo_s": 60.0})
    review = claimed(shell)
    name = review["review_id"]
    of_it = {key for key in shell.alarms if key.endswith(name)}
    shell.send(Decide(name, review["lease"]["id"], "ann", "1"))
    assert {key for key in shell.alarms if key.endswith(name)} == {f"final:{name}"}
    shell.send(Undo(name, "ann"))
    assert of_it <= set(shell.alarms)
    assert f"due:{name}" in of_it
