"""The OpenAPI document before tools of others: Spectral's rules, and a client that openapi-python-client makes of it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from serve_app.api.schema import openapi_document
from tests.clients.hosting import ENVIRONMENTS, environment_of, program
from tests.running import ROOT, Running, images

pytestmark = pytest.mark.wide

SPECTRAL = "@stoplight/spectral-cli@6.16.3"
GENERATOR = ("openapi-python-client==0.29.1", "httpx", "attrs")
RULES = ROOT / "deploy" / "openapi"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(openapi_document()), encoding="utf-8")
    return file


def _spectral() -> Path:
    """The linter, installed once from npm."""
    folder = ENVIRONMENTS / "spectral"
    found = folder / "node_modules" / ".bin" / "spectral"
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", SPECTRAL]
        subprocess.run(install, check=True, timeout=300)
    return found


def _found_by_spectral(file: Path) -> list[Any]:
    command = [str(_spectral()), "lint", str(file), "--ruleset", str(RULES / "spectral.yaml"), "--format", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm: the document was not linted")
def test_spectral_finds_nothing(document: Path) -> None:
    assert _found_by_spectral(document) == []


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm: the linter was not tried")
def test_spectral_would_find_what_is_missing(document: Path) -> None:
    told = openapi_document()
    del told["tags"]
    document.write_text(json.dumps(told), encoding="utf-8")
    assert {each["code"] for each in _found_by_spectral(document)} == {"operation-tag-defined"}


def _generated(document: Path, folder: Path) -> tuple[Path, Path]:
    """The Python that runs it, and the folder with the package ``generated``."""
    python = environment_of("openapi-python-client", *GENERATOR)
    command = [str(python.with_name("openapi-python-client")), "generate", "--path", str(document), "--meta", "none"]
    command += ["--output-path", str(folder / "generated"), "--fail-on-warning"]
    command += ["--config", str(RULES / "openapi-python-client.yaml")]
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])  # it calls the ruff beside it
    subprocess.run(command, check=True, timeout=300, env=os.environ | {"PATH": path})
    return python, folder


def test_every_operation_is_generated_and_compiles(document: Path, tmp_path: Path) -> None:
    python, folder = _generated(document, tmp_path)
    subprocess.run([str(python), "-m", "compileall", "-q", str(folder / "generated")], check=True, timeout=300)
    wanted = {operation["operationId"] for methods in openapi_document()["paths"].values() for operation in methods.values()}
    made = {file.stem for file in (folder / "generated" / "api").glob("*/*.py")} - {"__init__"}
    assert len(made) == len(wanted)


@pytest.mark.service
def test_the_generated_client_runs_the_loop(service: Running, document: Path, tmp_path: Path) -> None:
    python, folder = _generated(document, tmp_path)
    keys = [service.keys["client"], service.keys["ada"]]
    features = ",".join(map(str, _for_people(service)))
    running = program(python, "tests/clients/programs/generated_loop.py", str(folder), service.url, *keys, features)
    said = running.communicate(timeout=180)[0]
    assert said.splitlines()[-1] == "decided 3"


def _for_people(service: Running) -> list[float]:
    """An input that the model leaves to people."""
    with service.as_("client") as client:
        for features, _ in images(60, start=500):
            if client.decide("digits", features)["status"] == "pending_human":
                return list(features)
    raise AssertionError("no case for a person")
