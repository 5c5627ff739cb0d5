"""What is measured of the people who answer: who is asked, how their answers come together, and what their errors cost."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from hitl.quality.certificate import RiskLevel
from hitl.review.agreement import AgreementTerms
from tests.measure.simulations import absent_experts, competence, hard_items, noise, pools, reviewers, single_answers, tweets

RISK = RiskLevel(0.05, 0.9)


def single_answer_figures(repetitions: int) -> dict[str, Any]:
    """Who answers a check, where one person confirms 0.16 of the model's errors and doubts 0.05 of its right decisions."""
    pool, people = pools.synthetic(), single_answers.People()
    ways: tuple[single_answers.Answering, ...] = (
        "one",
        "one and expert, uncorrected",
        "one and expert, corrected",
        "two and expert",
    )
    return {way: asdict(single_answers.checked_by(pool, people, way, RISK, 2000, repetitions)) for way in ways}


def absent_expert_figures(repetitions: int, folder: Path) -> dict[str, Any]:
    """Tweets whose two votes differ wait for ever: counted as wrong, and the wrong way, left out; nothing where the votes are
    not."""
    if not (folder / tweets.FILE).is_file():
        return {"skipped": f"no {tweets.FILE} under HITL_DATASETS_DIR"}
    world = absent_experts.voted_tweets(folder)
    return {
        "waiting counts as wrong": asdict(absent_experts.absent_experts(world, RISK, 3000, repetitions)),
        "waiting left out": asdict(absent_experts.absent_experts(world, RISK, 3000, repetitions, drops_what_waits=True)),
        "experts come": asdict(absent_experts.absent_experts(world, RISK, 3000, repetitions, are_present=True)),
    }


def hard_item_figures(items: int) -> dict[str, Any]:
    """What consensus claims and delivers where items differ in difficulty, as if all were alike and by item."""
    worlds = {
        "a fifth is hard": hard_items.HardWorld(),
        "a fifth is very hard": hard_items.HardWorld(hard_skill=0.5),
        "none is hard": hard_items.HardWorld(hard=0.0),
    }
    terms = {name: AgreementTerms(1, 0.95, 5, by_item) for name, by_item in (("equal", False), ("by item", True))}
    return {
        f"{world}, {name}": asdict(hard_items.consensus_on_hard_items(worlds[world], terms[name], items, items // 3))
        for world in worlds
        for name in terms
    }


def competence_figures(items: int) -> dict[str, Any]:
    """Who is asked first and next, where people know some labels better than others, and where they do not."""
    worlds = {"labels of their own": competence.CompetenceWorld(), "all alike": competence.CompetenceWorld(0.85, 0.85)}
    return {
        f"{world}: {way}": asdict(competence.routed_answers(worlds[world], way, items))
        for world in worlds
        for way in competence.WAYS
    }


def consensus_figures(items: int) -> dict[str, Any]:
    world = reviewers.crowd(items)
    figures: dict[str, Any] = {f"sequential, target {t:g}": asdict(reviewers.sequential(world, t)) for t in (0.90, 0.95)}
    return figures | {f"majority of {n}": asdict(reviewers.majority(world, n)) for n in (3, 5)}


def tweet_figures(folder: Path) -> dict[str, Any]:
    """Nothing where the votes are not."""
    if not (folder / tweets.FILE).is_file():
        return {"skipped": f"no {tweets.FILE} under HITL_DATASETS_DIR"}
    return {name: asdict(reached) for name, reached in tweets.consensus_on_tweets(tweets.read(folder)).items()}


def noise_figures(seeds: int) -> dict[str, Any]:
    return {f"{share:.0%} wrong": asdict(noise.noise_study(share, seeds)) for share in (0.0, 0.05, 0.15)}
