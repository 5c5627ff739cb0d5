"""What learning, consensus and promotion promise, measured on worlds whose truth is known."""

import pytest

from hitl.routing.cost import Costs
from tests.datasets import domain
from tests.measure.simulations import costs, noise, promotions, reviewers, tweets
from tests.measure.simulations.curves import CHOSEN_MOST, acceleration, accuracy_at, curve
from tests.measure.simulations.queue_order import TRAFFIC, Traffic, queue_curve

pytestmark = pytest.mark.slow
SEEDS, QUEUE_SEEDS = 30, 6


@pytest.mark.covers("003-16", "003-86")
def test_hybrid_needs_a_third_of_the_labels_on_digits() -> None:
    found = acceleration(curve("hybrid", SEEDS), curve("random", SEEDS), 0.95)
    assert found.ratio >= 3.0, found
    assert found.low >= 2.2, found


def test_hybrid_ends_no_worse_than_random() -> None:
    hybrid, random = curve("hybrid", SEEDS), curve("random", SEEDS)
    assert accuracy_at(hybrid, CHOSEN_MOST) >= accuracy_at(random, CHOSEN_MOST) - 0.005


@pytest.mark.covers("003-27")
def test_hybrid_learns_faster_than_the_documents_adaptive() -> None:
    random = curve("random", SEEDS)
    adaptive = acceleration(curve("adaptive", SEEDS), random, 0.95)
    assert acceleration(curve("hybrid", SEEDS), random, 0.95).ratio > adaptive.ratio > 1.0


@pytest.mark.covers("003-12")
def test_sequential_consensus_is_right_with_far_fewer_answers_than_a_majority_of_five() -> None:
    world = reviewers.crowd()
    found, five = reviewers.sequential(world, 0.95), reviewers.majority(world, 5)
    assert found.accuracy >= max(0.975, five.accuracy)
    assert found.answers <= min(2.2, 0.6 * five.answers)


def test_the_posterior_means_what_it_says() -> None:
    found = reviewers.sequential(reviewers.crowd(), 0.95)
    assert abs(found.believed_accuracy - found.accuracy) <= 0.015


@pytest.mark.covers("003-86")
def test_on_real_votes_few_answers_agree_with_a_held_out_vote_as_often_as_many() -> None:
    _, folder = domain("tweets")
    found = tweets.consensus_on_tweets(tweets.read(folder))
    few, two = found["sequential, target 0.95, at most two"], found["majority of two"]
    assert few.answers <= 0.75 * two.answers
    assert few.agrees_with_held_out >= two.agrees_with_held_out
    some = found["sequential, target 0.95, at most three, where four voted"]
    three = found["majority of three, where four voted"]
    assert some.answers <= 0.6 * three.answers
    assert some.agrees_with_held_out >= three.agrees_with_held_out - 0.02


@pytest.mark.covers("003-32")
def test_second_looks_beat_the_documents_weights_on_wrong_labels() -> None:
    found = noise.noise_study(0.05)
    assert found.reviewed >= 0.945
    assert found.reviewed >= found.seed_weights + 0.015


def test_most_wrong_labels_are_found() -> None:
    found = noise.noise_study(0.05)
    assert found.recall >= 0.70
    assert found.precision >= 0.45


def test_no_better_challenger_is_promoted_by_looking_often() -> None:
    found = promotions.promotions(0.013, 0.013)
    assert found.by_evidence <= 0.05
    assert found.by_mcnemar <= 0.05
    assert found.by_repeated_mcnemar > 0.10


def test_a_better_challenger_is_found() -> None:
    found = promotions.promotions(0.022, 0.004, rows=1000)
    assert found.by_mcnemar >= 0.90
    assert promotions.promotions(0.022, 0.004, rows=1500).by_evidence >= 0.90


def test_harm_to_a_small_segment_blocks_and_no_harm_seldom_does() -> None:
    assert promotions.segment_gate(0.03).blocked >= 0.80
    assert promotions.segment_gate(0.0).blocked <= 0.10


@pytest.mark.covers("003-11")
def test_the_cost_rule_saves_a_sixth_of_the_fixed_bands_and_no_rule_could_save_more() -> None:
    found = costs.cost_study()
    assert found.cheapest <= 0.84 * found.fixed_bands
    assert found.cheapest <= 0.84 * found.all_reviewed
    assert found.cheapest == pytest.approx(found.floor)
    assert found.paid < found.bands_paid


def test_the_cost_rule_saves_under_the_default_costs_too() -> None:
    plain = costs.cost_study(Costs())
    assert plain.cheapest < min(plain.fixed_bands, plain.all_reviewed)


@pytest.mark.parametrize("world", ["three cases an answer", "a backlog"])
def test_a_queue_by_what_its_reviews_teach_needs_fewer_answers_than_one_by_age(world: str) -> None:
    by_age = queue_curve("age", Traffic(), QUEUE_SEEDS)
    found = acceleration(queue_curve("hybrid", TRAFFIC[world], QUEUE_SEEDS), by_age, 0.93)
    assert found.ratio >= 1.7, found
    assert found.low >= 1.3, found
