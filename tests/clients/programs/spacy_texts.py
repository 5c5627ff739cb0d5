"""spaCy trains its text classifier on a file of texts for one step: prints the texts with their categories."""

import json
import sys

import spacy
from spacy.tokens import DocBin
from spacy.training import Example

nlp = spacy.blank("xx")
docs = list(DocBin().from_disk(sys.argv[1]).get_docs(nlp.vocab))
examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
classifier = nlp.add_pipe("textcat")
nlp.initialize(lambda: examples)
nlp.update(examples)
assert sorted(classifier.labels) == sorted(docs[0].cats)
print(json.dumps([[doc.text, doc.cats] for doc in docs]), flush=True)
