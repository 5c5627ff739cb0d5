"""The service of version 0.1, from this repository's history, fills a data directory; today's goes on and loses nothing."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from hitl.cli.local.place import place_of
from hitl.cli.local.up_file import read_up
from hitl.client import Client
from hitl.client.patience import Patience
from tests.running import ROOT, images

OLD = "d9b959a"
"""The last commit of version 0.1 that wrote the journals of tests/fixtures/older."""


def reaches_back() -> bool:
    argv = ["git", "cat-file", "-e", f"{OLD}^{{commit}}"]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.wide,
    pytest.mark.skipif(not reaches_back(), reason="the history of this checkout does not reach back to version 0.1"),
]

CASES = 6


@dataclass(frozen=True)
class Version:
    """The code in ``root`` on the data directory of ``folder``, which is empty otherwise; ``packages`` hold what it needs beside
    the packages of today."""

    root: Path
    folder: Path
    packages: Path | None = None

    def run(self, *argv: str) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HITL_")}
        path = os.pathsep.join(str(each) for each in (self.root, self.packages) if each)
        env = {**kept, "PYTHONPATH": path, "HITL_HTTP_PORT": "0", "COLUMNS": "200"}
        env |= {"HITL_TASKS_DIR": str(self.root / "configs" / "tasks"), "HITL_DATA_DIR": str(self.folder / "data")}
        whole = [sys.executable, "-m", "hitl.cli", *argv]
        done = subprocess.run(whole, cwd=self.root, env=env, capture_output=True, text=True, check=False, timeout=500)
        assert done.returncode == 0, (argv, done.stdout[-2000:], done.stderr[-3000:])
        return done.stdout

    @property
    def url(self) -> str:
        state = read_up(place_of(self.folder / "data"))
        assert state is not None
        return state.url

    def as_(self, key: str) -> Client:
        return Client(self.url, key, Patience(120.0))


@dataclass(frozen=True)
class Before:
    """What version 0.1 acknowledged."""

    keys: dict[str, str]
    cases: dict[str, str]
    reviews: dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("u")


@pytest.fixture(scope="module")
def before(folder: Path) -> Before:
    """Cases, half of them answered by people."""
    archive = subprocess.run(["git", "archive", OLD], cwd=ROOT, capture_output=True, check=True).stdout
    (folder / "old").mkdir()
    subprocess.run(["tar", "-x", "-C", str(folder / "old")], input=archive, check=True)
    old = Version(folder / "old", folder, _packages_of(folder / "old", folder / "packages"))
    told = old.run("up", "--detach")
    try:
        words = [line.split() for line in told.splitlines() if "hitl_" in line]
        keys = {line[0]: line[-1] for line in words}
        with old.as_(keys["client"]) as client:
            cases = _ask(client)
        with old.as_(keys["reviewer-1"]) as reviewer:
            return Before(keys, cases, dict(_answer(reviewer, str(number)) for number in range(CASES // 2)))
    finally:
        old.run("down")


def _packages_of(old: Path, folder: Path) -> Path:
    """Return ``folder`` with the packages, in their versions of then, that ``old`` names and today's environment lacks."""
    named = tomllib.loads((old / "pyproject.toml").read_text())["project"]["dependencies"]
    gone = [each for each in named if not _is_here(re.split(r"[^\w.-]", each)[0])]
    assert gone, "the environment of today has all that version 0.1 names: this step is needless"
    argv = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
    subprocess.run([*argv, "-c", str(old / "configs" / "constraints.txt"), *gone], check=True, timeout=300)
    return folder


def _is_here(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _ask(client: Client) -> dict[str, str]:
    """The case of each key."""
    pictures = {f"c{number}": features for number, (features, _) in enumerate(images(CASES))}
    return {key: client.decide("digits", features, key=key)["case_id"] for key, features in pictures.items()}


def _answer(reviewer: Client, label: str) -> tuple[str, str]:
    review = reviewer.claim("digits")["review"]
    assert review is not None
    reviewer.answer(review["review_id"], review["lease"]["id"], label)
    return review["review_id"], label


@pytest.fixture(scope="module")
def after(folder: Path, before: Before) -> Iterator[Version]:
    now = Version(ROOT, folder)
    now.run("up", "--detach")
    yield now
    now.run("down")


def test_its_keys_and_cases_are_known(before: Before, after: Version) -> None:
    with after.as_(before.keys["client"]) as client:
        again = _ask(client)
    assert again == before.cases


def test_its_answers_stand(before: Before, after: Version) -> None:
    with after.as_(before.keys["reviewer-1"]) as reviewer:
        outcomes = {review: reviewer.review(review)["review"]["outcome"] for review in before.reviews}
    found = {review: outcome["label"] for review, outcome in outcomes.items() if outcome is not None}
    assert found == before.reviews


def test_what_waited_goes_on(before: Before, after: Version) -> None:
    with after.as_(before.keys["reviewer-2"]) as reviewer:
        rest = dict(_answer(reviewer, "7") for _ in range(CASES - len(before.reviews)))
    assert rest.keys().isdisjoint(before.reviews)


def test_every_chain_holds(after: Version) -> None:
    assert "review-0" in after.run("verify")
