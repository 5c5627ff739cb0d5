"""The other versions of Python that we name: the wheel's requirements resolve there, and the tests of the pure core pass."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.clients.hosting import ENVIRONMENTS
from tests.local.test_wheel import built
from tests.running import ROOT

pytestmark = pytest.mark.wide

VERSIONS = ("3.12", "3.13")
PURE = ("answers", "approval", "journal", "machine", "review", "routing", "workflow")
HEAVY = re.compile(r"(ray|mlflow|torch|optuna|fastapi|apprise|bandit|authlib|joserfc|limits)\b")
"""What the pure core does not need: beside torch and Ray alone, an environment would take gigabytes."""
TOOLS = ("pytest>=9", "pytest-asyncio>=1.5", "pytest-xdist>=3.8", "hypothesis>=6.170")


def _python(version: str) -> str:
    """The first interpreter that runs, on the path or of pyenv, whose own commands may only refuse. Skips where there is none."""
    of_pyenv = map(str, Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    for found in filter(None, (shutil.which(f"python{version}"), *of_pyenv)):
        if subprocess.run([found, "--version"], capture_output=True, check=False, timeout=60).returncode == 0:
            return found
    pytest.skip(f"there is no Python {version} here")


def _environment(version: str) -> Path:
    folder = ENVIRONMENTS / f"python{version}"
    if not (folder / "bin" / "python").exists():
        subprocess.run([_python(version), "-m", "venv", str(folder)], check=True, timeout=120)
    return folder / "bin" / "python"


def _pip(python: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, timeout=900, env=environment)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    made = built(ROOT, folder)
    assert made.returncode == 0, made.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_requirements_of_the_wheel_resolve(version: str, wheel: Path) -> None:
    _pip(_environment(version), "--dry-run", str(wheel))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tests_of_the_pure_core_pass(version: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    python = _environment(version)
    _pip(python, *TOOLS, *(each for each in project["dependencies"] if not HEAVY.match(each)))
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow and not wide and not service"]
    done = subprocess.run([*command, *(f"tests/{each}" for each in PURE)], cwd=ROOT, timeout=900, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4_000:]


def test_the_classifiers_name_these_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {each.rsplit(" ", 1)[1] for each in project["classifiers"] if each.startswith("Programming Language :: Python :: 3.")}
    assert named == {"3.11", *VERSIONS}
