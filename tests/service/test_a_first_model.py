"""Until the first model passes the gate, every case goes to people. Runs first: the session's service is still empty."""

import pytest

from tests.running import Running, images, serving

pytestmark = pytest.mark.service


def test_without_a_model_people_decide(service: Running) -> None:
    if serving(service):
        pytest.skip("another test deployed a model already")
    with service.as_("client") as client:
        answer = client.decide("digits", images(1)[0][0])
    assert (answer["status"], answer["prediction"], answer["route"]["action"]) == ("pending_human", None, "review")
