"""The example tasks, one a domain: every row of their files fits their schema, and their family learns from them."""

import numpy as np
import pytest

from hitl.adapters.files.data_sources import features_of, split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.inference import load, pack
from hitl.tasks import vector_from
from tests.datasets import domain
from training.data import freeze_data
from training.model import fit
from training.sample import sample_of

DOMAINS = {"sms_spam": 0.92, "tweets": 0.83, "ktas_triage": 0.78, "german_credit": 0.70}
"""Held-out accuracy that a model fitted on the initial rows reaches at least."""


@pytest.mark.covers("003-07")
@pytest.mark.parametrize("name", [*DOMAINS, "digits"])
def test_every_row_of_a_domain_is_a_request_that_the_task_takes(name: str) -> None:
    spec, folder = domain(name)
    rest = split(spec, folder).rest.take(np.arange(400))
    read = [vector_from(spec, features_of(spec, row)) for row in rest.rows]
    assert read == rest.rows.tolist()
    assert set(rest.labels) == set(spec.labels)


@pytest.mark.parametrize("name", DOMAINS)
def test_the_family_of_a_domain_learns_from_its_initial_rows(name: str) -> None:
    spec, folder = domain(name)
    parts, labels = split(spec, folder), tuple(spec.labels)
    data = freeze_data(spec, parts, [])
    model = load(pack(fit(spec.model.family, sample_of(data, labels), spec.model.params, 0)), labels, spec.width)
    held_out = held_out_sample(parts.holdout, labels)
    accuracy = (model.predict(held_out.rows).argmax(axis=1) == held_out.targets).mean()
    assert accuracy >= DOMAINS[name]
