"""The client's errors keep their text and their values when they cross a process."""

import pickle

import pytest

from hitl.client.errors import ApiError, ClientError, NotServing, ServiceUnreachable

TEXTS = [
    (ApiError, (1, {"type": "urn:x:stale-lease", "title": "T", "detail": "D"}), "HTTP 1 T: D"),
    (NotServing, ("what-1", "why-1"), "what-1 does not serve: why-1"),
    (ServiceUnreachable, ("path-1", 1, "why-1"), "no answer to path-1 in 1 attempts: why-1"),
]


@pytest.mark.parametrize(("kind", "values", "text"), TEXTS)
def test_error_crosses_a_process_with_its_values(kind: type[ClientError], values: tuple[object, ...], text: str) -> None:
    error = kind(*values)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), again.args, vars(again), str(again)) == (kind, error.args, vars(error), text)


def test_every_error_is_in_the_table() -> None:
    ours = {kind for kind in ClientError.__subclasses__() if kind.__module__ == ClientError.__module__}
    assert ours == {kind for kind, _, _ in TEXTS}
