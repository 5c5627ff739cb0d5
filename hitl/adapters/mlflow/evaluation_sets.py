"""Decided cases as an evaluation dataset of MLflow, for ``mlflow.genai.evaluate``."""

from collections.abc import Sequence
from typing import Any

from mlflow import MlflowClient
from mlflow.genai import datasets

from hitl.adapters.mlflow.experiments import experiment_id
from hitl.adapters.mlflow.tracking_place import at

AT_ONCE = 500


def merge_records(uri: str, experiment: str, name: str, records: Sequence[dict[str, Any]]) -> int:
    """Merge the records into the dataset, which is made at the first use; the number of records that it has then. Records with
    the same inputs are one: the last says what is expected. Needs an MLflow with a database. Raises SinkAway, InvalidInput."""
    with at(uri, "evaluation dataset", name):
        place = experiment_id(MlflowClient(uri), experiment)
        known = datasets.search_datasets(experiment_ids=[place], filter_string=f"name = '{name}'")
        dataset = known[0] if known else datasets.create_dataset(name=name, experiment_id=[place])
        for start in range(0, len(records), AT_ONCE):
            dataset.merge_records(list(records[start : start + AT_ONCE]))
        return len(dataset.to_df())
