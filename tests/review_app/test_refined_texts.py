"""One person's answer breaks nobody's lists."""

import pytest

from tests.review_app.conftest import World


@pytest.mark.parametrize("text", ["[" * 300 + "]" * 300, "1e400", "[-1e999]", '{"score": 1e999}', '["\\ud800"]', "9" * 4000])
async def test_a_refinement_that_is_odd_json_is_kept_as_text_and_breaks_no_list(world: World, text: str) -> None:
    body = {"pattern": "iterative_refinement", "config": {"max_iterations": 3}, "data": {"current_result": 1}}
    opened = await world.call("POST", "/v1/interactions", "client", body, idempotency_key="a")
    path = f"/v1/interactions/{opened.json()['interaction_id']}"
    answer = {"user_input": {"refined_result": text, "continue_refining": True}}
    assert (await world.call("POST", f"{path}/answer", "reviewer", answer, idempotency_key="b")).status_code == 200
    lists = ((path, "client"), ("/v1/interactions/pending", "reviewer-2"), ("/v1/interactions", "client"))
    for each, who in (*lists, ("/hitl/pending/reviewer-2", "reviewer-2")):
        assert (await world.call("GET", each, who)).status_code == 200
    shown = (await world.call("GET", path, "client")).json()
    assert text in str(shown).replace("\\\\", "\\")
