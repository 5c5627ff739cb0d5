"""``ray-hitl-client``: a distribution of its own that brings the client and nothing of the service."""

import json
import runpy
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.hosting import environment_of, program
from tests.running import ROOT

STAGE = ROOT / "deploy" / "client" / "stage.py"

READS = """
import json, sys
import hitl.client, hitl.integrations
from hitl.client.environment import ClientSettings
loaded = {name.split(".")[0] for name in sys.modules}
service = {"ray", "mlflow", "torch", "redis", "numpy", "fastapi", "serve_app", "training"}
print(json.dumps([hitl.__file__, sorted(loaded & service)]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    stage: Callable[[Path], None] = runpy.run_path(str(STAGE))["stage"]
    stage(folder / "source")
    argv = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*argv, str(folder / "source")], check=True, timeout=200)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_client_and_nothing_of_the_service(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert {"hitl/__init__.py", "hitl/py.typed", "hitl/client/__init__.py", "hitl/integrations/__init__.py"} <= set(names)
    assert [name for name in names if not name.startswith(("hitl/client/", "hitl/integrations/"))] == [
        "hitl/__init__.py",
        "hitl/py.typed",
    ]


def test_it_needs_http_and_declared_answers_alone() -> None:
    project = tomllib.loads((ROOT / "deploy" / "client" / "pyproject.toml").read_text())["project"]
    service = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [need.split(">")[0] for need in project["dependencies"]] == ["httpx2", "pydantic", "pydantic-settings"]
    assert set(project["dependencies"]) <= set(service["dependencies"]), "bounds of their own would drift"
    extras = project["optional-dependencies"]
    assert extras == {name: service["optional-dependencies"][name] for name in extras}


def test_the_client_loads_without_anything_of_the_service(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", READS],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    place, service = json.loads(done.stdout)
    assert (place, service) == (str(tmp_path / "hitl" / "__init__.py"), [])


@pytest.mark.wide
def test_pip_installs_the_client_and_what_it_needs(wheel: Path) -> None:
    python = environment_of("client", str(wheel))
    running = program(python, "-c", READS)
    assert json.loads(running.communicate(timeout=60)[0])[1] == []


@pytest.mark.wide
def test_the_judges_of_wheels_find_nothing(wheel: Path) -> None:
    python = environment_of("wheels", "twine==7.0.0", "check-wheel-contents==0.6.3")
    subprocess.run([str(python), "-m", "twine", "check", "--strict", str(wheel)], check=True, timeout=60)
    subprocess.run([str(python.with_name("check-wheel-contents")), str(wheel)], check=True, timeout=60)
