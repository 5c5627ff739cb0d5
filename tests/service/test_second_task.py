"""A second task, on tabular data, is a file: trained, approved and served like the first one."""

import json

import pytest

from hitl.adapters.files.data_sources import features_of
from tests.running import Running, rows, task_spec, until

pytestmark = pytest.mark.service


@pytest.mark.covers("003-88", "003-40")
def test_a_task_of_yaml_alone_goes_through_the_whole_loop(service: Running) -> None:
    result = json.loads(service.command("retrain", "--task", "breast_cancer", "--trials", "1", "--json").stdout)
    for voter in ("kim", "lee"):
        with service.as_(voter) as approver:
            approver.vote(result["approval_id"], "approve", result["digest"])
    spec, rest = task_spec("breast_cancer"), rows("breast_cancer").rest
    with service.as_("client") as client:
        until(lambda: [v["digest"] for v in client.task("breast_cancer")["serving"]["versions"]] == [result["digest"]])
        answer = client.decide("breast_cancer", features_of(spec, rest.rows[0]))
    assert answer["model_version"] == result["digest"]
    assert result["accuracy"] > 0.85
