"""Every error keeps its text, its values and its identity when it crosses a process."""

import inspect
import pickle

import pytest

from hitl import errors
from hitl.errors import HitlError

BASES = {errors.HitlError, errors.Conflict, errors.Unavailable}

TEXTS: list[tuple[type[HitlError], tuple[object, ...], str]] = [
    (errors.AlreadyDecided, ("review-id-1", "winner-1", 1.5), "review review-id-1 was decided by winner-1 at 1.500"),
    (errors.AlreadyServing, ("task-1", "digest-1"), "digest-1 serves task task-1 already"),
    (errors.AlreadyVoted, ("approval-id-1", "voter-1"), "voter-1 has voted on approval approval-id-1 already"),
    (errors.ApprovalClosed, ("approval-id-1", "status-1"), "approval approval-id-1 is status-1"),
    (errors.ArtifactRejected, ("digest-1", "why-1"), "artifact digest-1: why-1"),
    (errors.AtCapacity, ("reviewer-1", 1, 2), "reviewer-1 holds 1 reviews, and may hold 2: answer or release one"),
    (errors.BodyTooLarge, (1,), "the body is longer than 1 bytes"),
    (errors.CaseExists, ({"a": 1, "b": 2},), "2 cases exist already"),
    (errors.ChainBroken, ("shard-1", 1), "the chain of shard shard-1 breaks at entry 1"),
    (errors.CrossSite, (), "a change by cookie needs an Origin of this service, or the header X-Hitl-Request: 1"),
    (errors.DeliveryFailed, ("why-1",), "not delivered: why-1"),
    (errors.DigestMismatch, ("expected-1", "came-1"), "expected digest expected-1, came came-1"),
    (errors.EntryForged, ("shard-1", 1, "why-1"), "entry 1 of shard shard-1 is not signed by its writer: why-1"),
    (errors.Erased, ("subject-1", "kind-1"), "the sealed content of kind-1 subject-1 was erased"),
    (errors.Fenced, ("shard-1", 1, 2), "epoch 1 of shard shard-1 is fenced by epoch 2"),
    (errors.Forbidden, ("principal-1", "action-1"), "principal-1 may not action-1"),
    (errors.ForbiddenDestination, ("why-1",), "undeliverable: why-1"),
    (errors.IdempotencyConflict, ("key-1",), "idempotency key 'key-1' was used before with another body"),
    (
        errors.InteractionOver,
        ("interaction-id-1", "status-1", "winner-1", 1.5),
        "interaction interaction-id-1 is status-1 since 1.500, by winner-1",
    ),
    (
        errors.InlineFileTooLarge,
        (1,),
        "a file inside its case has at most 1 bytes: bring a larger one with PUT /v1/tasks/{task}/blobs, then name "
        "it by the blob of the answer",
    ),
    (errors.InteractionExists, ("interaction-id-1",), "interaction interaction-id-1 exists already"),
    (errors.InvalidConfig, ("source-1", "key-1", "why-1"), "source-1: key-1: why-1"),
    (errors.InvalidInput, ("place-1", "expected-1"), "place-1: expected expected-1"),
    (errors.InvalidRequest, ("part-1", "expected-1"), "part-1: expected expected-1"),
    (errors.JobFailed, ("job-1", "status-1", "tail-1"), "job job-1 status-1:\ntail-1"),
    (
        errors.JournalRegressed,
        ("shard-1", 1, 2),
        "the journal of shard shard-1 ends at 2 or is another: entry 1 as noted is not there",
    ),
    (errors.KeyOver, ("key-id-1",), "key key-id-1 is over: have a key issued"),
    (
        errors.KeyRotated,
        ("key-id-1", "successor-1"),
        "key key-id-1 was rotated: successor-1 follows it. Rotate that one, or revoke both and have a key issued",
    ),
    (errors.KeyShown, ("key-id-1",), "key key-id-1 was made and shown before: revoke it and issue another"),
    (errors.GrantClosed, ("grant-id-1", "status-1"), "grant grant-id-1 is status-1: ask anew"),
    (errors.KeyOver, ("key-id-1",), "key key-id-1 is over: have a key issued"),
    (
        errors.KeyRotated,
        ("key-id-1", "successor-1"),
        "key key-id-1 was rotated: successor-1 follows it. Rotate that one, or revoke both and have a key issued",
    ),
    (
        errors.SessionOver,
        ("session-1",),
        "the session session-1 of this idempotency key is over: sign in with a new key",
    ),
    (errors.MalformedBody, ("why-1",), "the body is not one strict JSON document: why-1"),
    (errors.MethodNotAllowed, ("allowed-1",), "expected one of the methods allowed-1"),
    (errors.NeverDeployed, ("task-1", "digest-1"), "digest-1 was never deployed for task task-1"),
    (errors.NotFound, ("kind-1", "name-1"), "no kind-1 'name-1'"),
    (errors.NotInMemory, (["r1", "r2"],), "2 reviews, approvals or workflows are in the archive"),
    (errors.NotQuarantined, ("review-id-1", "status-1"), "review review-id-1 is status-1, not in quarantine"),
    (
        errors.NotReopenable,
        ("review-id-1", "status-1"),
        "review review-id-1 is status-1: expected the case's newest review, finally decided",
    ),
    (errors.NotSealed, ("subject-1", "kind-1"), "nothing of kind-1 subject-1 is sealed: nothing is marked as sensitive there"),
    (errors.NotStarted, ("part-1", "why-1"), "part-1 is not running: why-1"),
    (errors.NotUndoable, ("review-id-1", "why-1"), "the decision of review review-id-1 cannot be changed so: why-1"),
    (errors.Overloaded, ("what-1", 1), "what-1 is full (1)"),
    (errors.OverrideClosed, ("override-id-1", "reason-1"), "override override-id-1 has ended: reason-1"),
    (
        errors.EvidenceMismatch,
        ("/place-1", "claimed-1", "measured-1"),
        "/place-1: the request says claimed-1, the service measured measured-1 on the held-out rows",
    ),
    (errors.QuorumMissing, ("approval-id-1", 1, 2), "approval approval-id-1 has 1 of 2 votes"),
    (errors.StorageFull, ("files",), "no room is left for files: tell the operator"),
    (errors.StillMeasuring, ("digest-1",), "candidate digest-1 is being measured on the held-out rows"),
    (errors.Recovering, ("shard-1",), "shard shard-1 is recovering"),
    (errors.RequestTimeout, (1.5,), "the body was not complete after 1.5 seconds"),
    (errors.SealBroken, ("subject-1", "why-1"), "what is sealed for subject-1 does not open: why-1"),
    (errors.SequenceConflict, ("shard-1", 1, 2), "shard shard-1 ends at 2, not at 1"),
    (errors.SinkAway, ("uri-1", "why-1"), "uri-1 is away: why-1"),
    (errors.SinkRefused, ("why-1",), "a trace was refused: why-1"),
    (errors.SnapshotDamaged, ("shard-1", 1, "why-1"), "snapshot 1 of shard shard-1: why-1"),
    (
        errors.StaleAttempt,
        ("workflow-id-1", "stage-1", 1, 2),
        "attempt 1 of stage stage-1 of workflow workflow-id-1 is not the current one, 2",
    ),
    (
        errors.StaleCertificate,
        ("task-1", "in-force-1", "certified-1"),
        "task task-1 is routed by policy in-force-1; the certificate is about certified-1",
    ),
    (errors.StaleGeneration, ("task-1", 1, 2), "task task-1 serves generation 2, this was made under 1"),
    (errors.StaleLease, ("review-id-1", 1, "who"), "lease 1 of review review-id-1 is not valid; who holds it now"),
    (errors.StoreUnavailable, ("why-1",), "the store is unavailable: why-1"),
    (
        errors.PartitionsAdded,
        (0, 1),
        "partitions were added to the store 1 times, and its writer knows of 0: start the service again",
    ),
    (errors.IndexBehind, ("why-1", 2), "cases up to 2 are in the archive: why-1"),
    (errors.NotCancellable, ("case-id-1", "why-1"), "case case-id-1 cannot be cancelled: why-1"),
    (errors.SignInNeeded, ("principal-1", "action-1"), "principal-1 may not action-1: sign in for it"),
    (
        errors.CaseDeleted,
        ("case-1",),
        "case case-1 was deleted, as the retention of its task says: send what is new under another key",
    ),
    (
        errors.TaskRemoved,
        ("task-1",),
        "task task-1 was taken away: it takes nothing new; what is there stays readable, and what waits can be answered",
    ),
    (errors.OnHold, ("subject-1", 1.0), "case subject-1 is on hold until 1970-01-01T00:00:01Z"),
    (
        errors.TooFewCases,
        ("task-1", 20, 3),
        "a dry run of task task-1 needs at least 20 past cases, as its inputs are sealed: there are 3",
    ),
    (
        errors.NoCommittee,
        ("task-1", 2, 1),
        "query_by_committee asks at least 2 versions of the model of task task-1 that served, and 1 can be asked:"
        " retrain it, and approve what comes; until then margin and entropy tell where the model is unsure",
    ),
    (errors.TooManyRequests, ("principal-1", "limit-1", 1), "more than limit-1: ask again in 1 s"),
    (errors.TooManyRows, (1,), "expected at most 1 cases"),
    (errors.TrainingRuns, ("task-1", "job-1"), "a retraining of task-1 runs already: job job-1"),
    (errors.Unauthenticated, ("why-1",), "why-1"),
    (errors.Undeliverable, ("why-1",), "undeliverable: why-1"),
    (errors.UnsupportedMediaType, ("expected-1",), "expected a body of expected-1"),
    (errors.WrongState, ("workflow-id-1", "state-1", "wanted-1"), "workflow workflow-id-1 is state-1: expected wanted-1"),
    (errors.StaleLease, ("review-1", 1, None), "lease 1 of review review-1 is not valid; nobody holds it now"),
    (errors.InvalidInput, ("", "an object"), "/: expected an object"),
    (errors.Erased, ("case-1",), "the sealed content of case case-1 was erased"),
]


def test_every_error_is_in_the_table() -> None:
    classes = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, HitlError)}
    assert classes - BASES == {kind for kind, _, _ in TEXTS}


@pytest.mark.parametrize(("kind", "values", "text"), TEXTS)
def test_error_says_its_text(kind: type[HitlError], values: tuple[object, ...], text: str) -> None:
    assert str(kind(*values)) == text


@pytest.mark.parametrize(("kind", "values", "text"), TEXTS)
def test_error_crosses_a_process_with_its_values(kind: type[HitlError], values: tuple[object, ...], text: str) -> None:
    error = kind(*values)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), again.args, vars(again), str(again)) == (kind, error.args, vars(error), text)


def test_error_that_was_made_by_keyword_crosses_a_process() -> None:
    again = pickle.loads(pickle.dumps(errors.NotFound(kind="task", name="digits")))  # noqa: S301
    assert (again.kind, again.name, again.args) == ("task", "digits", ("task", "digits"))


def test_errors_are_compared_by_identity() -> None:
    assert errors.TooManyRows(1) != errors.TooManyRows(1)


def test_error_without_a_value_that_it_declares_is_refused() -> None:
    with pytest.raises(TypeError):
        errors.NotFound("task")  # type: ignore[call-arg]
