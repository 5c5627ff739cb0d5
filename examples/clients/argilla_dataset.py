"""Decided cases in an Argilla dataset, and the records of a dataset as a file of cases.

    pip install argilla
    export ARGILLA_API_URL=http://127.0.0.1:6900 ARGILLA_API_KEY=<a key of Argilla>
    hitl examples export mail records.json --format argilla
    python argilla_dataset.py push mail-decided records.json ham spam
    python argilla_dataset.py pull mail-decided again.json
    hitl cases import mail again.json --format argilla

``push`` can be repeated: a record has its case's id, and is written over. The last arguments of ``push`` are the task's labels.
"""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import argilla as rg


def open_argilla() -> rg.Argilla:
    return rg.Argilla(api_url=os.environ["ARGILLA_API_URL"], api_key=os.environ["ARGILLA_API_KEY"])


def make_settings(labels: list[str]) -> rg.Settings:
    """Return what fits our file: the input to read and as JSON, and one question."""
    fields = [rg.TextField("shown", title="Input"), rg.TextField("features", title="Input as JSON")]
    return rg.Settings(fields=fields, questions=[rg.LabelQuestion("label", labels=labels)], allow_extra_metadata=True)


def make_people(server: rg.Argilla, records: list[dict[str, Any]]) -> None:
    """Argilla takes a response only of a user whom it has: one for each reviewer of the file, who cannot sign in there."""
    known = {str(user.id) for user in server.users}
    named = {given["user_id"]: row["metadata"]["reviewer"] for row in records for given in row["responses"].get("label", [])}
    for user_id in named.keys() - known:
        password = secrets.token_urlsafe(32)
        rg.User(f"hitl-{named[user_id]}", password=password, id=UUID(user_id), client=server).create()


def push(name: str, path: str, labels: list[str]) -> None:
    server = open_argilla()
    make_people(server, json.loads(Path(path).read_text()))
    dataset = server.datasets(name) or rg.Dataset(name, settings=make_settings(labels), client=server).create()
    dataset.records.from_json(path)
    print(len(list(dataset.records)), "records", flush=True)


def pull(name: str, path: str) -> None:
    dataset = open_argilla().datasets(name)
    dataset.records.to_json(path)
    print("written", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "push":
        push(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        pull(sys.argv[2], sys.argv[3])
