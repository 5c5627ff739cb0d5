"""An LLM judge's assessments in MLflow as verdicts: a row of JSON for each case, for ``hitl judges``.

    pip install "mlflow>=3.17"
    MLFLOW_TRACKING_URI=http://127.0.0.1:5000 python judge_verdicts.py my-agent label > verdicts.jsonl
    HITL_API_KEY=<a trainer's key> hitl judges agreement mail verdicts.jsonl --blind --save worth.json

The arguments are the experiment and the assessment's name. A trace says in its tag ``case_id`` which case it is about.
"""

import json
import sys
from collections.abc import Iterator

import mlflow


def read_verdicts(experiment: str, name: str) -> Iterator[dict[str, str]]:
    place = mlflow.get_experiment_by_name(experiment).experiment_id
    for trace in mlflow.search_traces(locations=[place], return_type="list"):
        for said in trace.info.assessments:
            is_judges = said.source.source_type == "LLM_JUDGE" and said.name == name
            if is_judges and "case_id" in trace.info.tags:
                yield {"case_id": trace.info.tags["case_id"], "label": str(said.feedback.value)}


def main(experiment: str, name: str) -> None:
    for row in read_verdicts(experiment, name):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
