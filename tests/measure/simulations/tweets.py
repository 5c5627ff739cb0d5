"""Consensus on real votes: tweets that three or more people called hateful, offensive or neither.

Nobody knows the truth of a tweet, and the published class is the votes' own majority: so one vote of each is held out, and what
the others come to is compared with it. The votes carry no names, so everybody shares one confusion, counted on other tweets.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from hitl.quality.arrays import Floats, Ints
from hitl.quality.consensus import confusion_of, posterior, prior_counts

COLUMNS = ("hate_speech", "offensive_language", "neither")
FILE = Path("hate_offensive_tweets/labeled_data.csv")
TRAIN, TEST = 4000, 4000


@dataclass(frozen=True, slots=True)
class Votes:
    """``texts``, and ``counts`` (tweets, labels) of votes."""

    texts: list[str]
    counts: Ints


@dataclass(frozen=True, slots=True)
class Reached:
    """The share of tweets whose label equals the held-out vote, and the answers that it took, on ``items`` tweets."""

    agrees_with_held_out: float
    answers: float
    items: int


def read(folder: Path) -> Votes:
    """The file under ``folder``, the directory of data sets. Raises OSError without it."""
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = np.array([[int(row[column]) for column in COLUMNS] for row in rows], dtype=np.int64)
    return Votes([row["tweet"] for row in rows], counts)


def consensus_on_tweets(votes: Votes, target: float = 0.95, seed: int = 22) -> dict[str, Reached]:
    """Sequential stopping beside majorities, on tweets that neither trained the model nor taught the confusion."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(votes.texts))
    train, test = order[:TRAIN], order[TRAIN : TRAIN + TEST]
    model, confusion = _model(votes, train, test), _confusion(votes.counts[train])
    drawn = [(i, rng.permutation(np.repeat(np.arange(3), votes.counts[item]))) for i, item in enumerate(test)]
    enough = [(i, given) for i, given in drawn if len(given) >= 3]
    many = [(i, given) for i, given in drawn if len(given) >= 4]

    def sequential(drawn: list[tuple[int, Ints]], most: int) -> Reached:
        return _reached([_stops(model[i], given[1 : most + 1], target, confusion) for i, given in drawn], drawn)

    def majority(drawn: list[tuple[int, Ints]], voters: int) -> Reached:
        return _reached([(_majority(given[1 : voters + 1], rng), voters) for _, given in drawn], drawn)

    return {
        f"sequential, target {target:g}, at most two": sequential(enough, 2),
        "majority of two": majority(enough, 2),
        f"sequential, target {target:g}, at most three, where four voted": sequential(many, 3),
        "majority of three, where four voted": majority(many, 3),
    }


def _reached(labels: list[tuple[int, int]], drawn: list[tuple[int, Ints]]) -> Reached:
    agrees = [label == given[0] for (label, _), (_, given) in zip(labels, drawn, strict=True)]
    return Reached(float(np.mean(agrees)), float(np.mean([answers for _, answers in labels])), len(drawn))


def _stops(prior: Floats, given: Ints, target: float, confusion: Floats) -> tuple[int, int]:
    """The label and the answers until its posterior reaches ``target``; one is always asked for."""
    belief, said = prior, []
    for answer in given.tolist():
        said.append((0, answer))
        belief = posterior(prior, said, confusion)
        if belief.max() >= target:
            break
    return int(belief.argmax()), len(said)


def _majority(given: Ints, rng: np.random.Generator) -> int:
    counts = np.bincount(given, minlength=3)
    return int(rng.choice(np.flatnonzero(counts == counts.max())))


def _model(votes: Votes, train: Ints, test: Ints) -> Floats:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    rows = words.fit_transform([votes.texts[i] for i in train])
    model = LogisticRegression(C=10, max_iter=300).fit(rows, votes.counts[train].argmax(axis=1))
    return np.asarray(model.predict_proba(words.transform([votes.texts[i] for i in test])), dtype=np.float64)


def _confusion(counts: Ints) -> Floats:
    """Of one vote, given the majority of the same tweet's other votes."""
    learned: Floats = prior_counts(1, 3)
    for row in counts:
        for answer in np.flatnonzero(row):
            others = row.copy()
            others[answer] -= 1
            if others.max() * 2 > others.sum():
                learned[0, int(others.argmax()), answer] += row[answer]
    return confusion_of(learned)
