"""Decided texts as training data of spaCy's text classifier, from the file for Prodigy.

    pip install spacy
    hitl examples export mail tasks.jsonl --format prodigy
    python prodigy_to_spacy.py tasks.jsonl train.spacy
    python -m spacy train config.cfg --paths.train train.spacy

A row is taken as Prodigy's own recipes take it: ``answer: accept``, and the chosen options in ``accept``.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import spacy
import srsly
from spacy.tokens import Doc, DocBin


def read_docs(rows: Iterable[dict[str, Any]]) -> Iterator[Doc]:
    nlp = spacy.blank("xx")
    for row in rows:
        if row["answer"] != "accept":
            continue
        doc = nlp(row["text"])
        doc.cats = {option["id"]: float(option["id"] in row["accept"]) for option in row["options"]}
        yield doc


def main(source: str, target: str) -> None:
    docs = list(read_docs(srsly.read_jsonl(source)))
    DocBin(docs=docs).to_disk(target)
    print(len(docs), "texts", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
