"""Decided cases as a Hugging Face dataset, and rows of a dataset as cases.

    pip install datasets
    hitl examples export digits decided.jsonl --format hf
    python huggingface_dataset.py decided.jsonl open.jsonl
    hitl cases import digits open.jsonl --format hf

Prints the labels of the training split, and writes the inputs of the other rows: people decide them anew.
"""

import sys
from typing import Any

from datasets import Dataset, load_dataset

OURS = ("label", "prediction", "model_version", "model_confidence", "purpose", "reviewer", "confidence", "decided_at")
"""Columns about the decision; what is left is the input, and ``case_id`` as the row's name."""


def load_cases(path: str) -> Any:
    return load_dataset("json", data_files=path, split="train")


def write_inputs(rows: Dataset, path: str) -> None:
    """Write rows as ``hitl cases import --format hf`` reads them."""
    rows.remove_columns([name for name in OURS if name in rows.column_names]).to_json(path)


def main(decided: str, to_open: str) -> None:
    parts = load_cases(decided).train_test_split(test_size=0.5, seed=0)
    print(sorted(set(parts["train"]["label"])), parts["train"].column_names, flush=True)
    write_inputs(parts["test"], to_open)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
