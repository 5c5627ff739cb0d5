"""Turn a judge's label into a distribution over what people would say, counted on cases that both judged."""

from collections.abc import Mapping, Sequence

from hitl.integrations.judges.agreement import Counts

PRIOR = 1.0
"""Spread over the labels: a judge's label that was seen seldom says little."""

Distribution = dict[str, float]


def calibrate_judge(counts: Counts, labels: Sequence[str]) -> dict[str, Distribution]:
    """By the judge's label, the probability of each label of people; a label that the judge never gave is uniform.

    >>> calibrate_judge({("a", "a"): 7, ("a", "b"): 2}, ["a", "b"])["a"]
    {'a': 0.75, 'b': 0.25}
    """
    return {said: _distribution(counts, said, labels) for said in labels}


def declared_prediction(
    verdict: str, calibrated: Mapping[str, Distribution], labels: Sequence[str], model: str, version: str
) -> dict[str, object]:
    """Return the prediction that a case of a declared task brings with it."""
    return {"model": model, "version": version, "probabilities": [calibrated[verdict][label] for label in labels]}


def _distribution(counts: Counts, said: str, labels: Sequence[str]) -> Distribution:
    each = PRIOR / len(labels)
    total = sum(counts.get((said, label), 0) for label in labels) + PRIOR
    return {label: (counts.get((said, label), 0) + each) / total for label in labels}
