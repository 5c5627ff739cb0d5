"""What people get from the package index: a wheel with the console and with configuration files, that runs in an empty folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from hitl.cli.local.place import place_of
from hitl.cli.local.up_file import read_up
from tests.clients.hosting import environment_of
from tests.running import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.service]

SOURCES = (
    "hitl",
    "serve_app",
    "training",
    "configs",
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "*.egg-info")


def checkout(folder: Path) -> Path:
    """A copy of what is built from, without anything that an earlier build left."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, folder / name)
    return folder


def built(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    argv = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(target),
        str(source),
    ]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = built(checkout(folder / "source"), folder / "dist")
    assert done.returncode == 0, done.stderr
    (found,) = (folder / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's packages and nothing else."""
    target = tmp_path_factory.mktemp("installed")
    argv = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(argv, check=True, timeout=300)
    return target


def hitl(installed: Path, folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """The command of the wheel, in ``folder``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HITL_")}
    environment |= {"PYTHONPATH": str(installed), "HITL_HTTP_PORT": "0"}
    command = [sys.executable, "-m", "hitl.cli", *argv]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=500)


def test_a_wheel_has_the_console_and_the_configuration_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "serve_app/console/dist/index.html" in names
    assert any(name.startswith("serve_app/console/dist/assets/console-") for name in names)
    assert {"hitl/packaged/tasks/digits.yaml", "hitl/packaged/approvals.yaml", "hitl/packaged/limits.yaml"} <= names
    assert not any(name.startswith(("tests/", "docs/", "build/")) or "/web/" in name for name in names)


def test_without_the_console_there_is_no_wheel(tmp_path: Path) -> None:
    source = checkout(tmp_path / "source")
    shutil.rmtree(source / "serve_app" / "console" / "dist")
    done = built(source, tmp_path / "dist")
    assert done.returncode != 0
    assert "make console" in done.stdout + done.stderr


def test_init_writes_what_can_be_edited_and_keeps_what_was(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "limits.yaml").write_text("# mine\n")
    told = hitl(installed, tmp_path, "init").stdout
    assert (tmp_path / "configs" / "tasks" / "digits.yaml").is_file()
    assert (tmp_path / "configs" / "limits.yaml").read_text() == "# mine\n"
    assert "kept" in told
    assert hitl(installed, tmp_path, "tasks", "check").returncode == 0


def test_an_empty_folder_runs_the_digits_task_with_the_console(installed: Path, tmp_path: Path) -> None:
    assert (
        str(installed)
        in subprocess.run(
            [sys.executable, "-c", "import hitl; print(hitl.__file__)"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    decide_a_first_case(lambda *argv: hitl(installed, tmp_path, *argv), tmp_path)


def decide_a_first_case(run: Callable[..., subprocess.CompletedProcess[str]], folder: Path) -> None:
    """Start the service in ``folder``, look at its console, ask it, and stop it."""
    started = run("up", "--detach")
    try:
        assert started.returncode == 0, started.stdout + started.stderr
        state = read_up(place_of(folder / "data"))
        assert state is not None
        http = httpx2.Client(base_url=state.url, follow_redirects=True, timeout=60)
        page = http.get("/")
        assert (page.status_code, "<script" in page.text) == (200, True)
        key = next(line.split()[-1] for line in started.stdout.splitlines() if "client" in line and "hitl_" in line)
        task = http.get("/v1/tasks/digits", headers={"Authorization": f"Bearer {key}"})
        assert task.status_code == 200, task.text
        features = {"features": [0] * 64}
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "first"}
        asked = http.post("/v1/tasks/digits/decisions", json=features, headers=headers)
        assert asked.status_code == 202, asked.text
    finally:
        run("down")


@pytest.mark.wide
def test_pip_installs_the_wheel_with_all_that_it_needs(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, with the versions that are tested, from the index."""
    pinned = ["-c", str(ROOT / "configs" / "constraints.txt"), "torch==2.13.0"]
    program = environment_of("wheel", *pinned, str(wheel)).with_name("hitl")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HITL_", "PYTHON"))}
    environment["HITL_HTTP_PORT"] = "0"

    def run(*argv: str) -> subprocess.CompletedProcess[str]:
        command = [str(program), *argv]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=500)

    assert run("--version").stdout.startswith("ray-hitl ")
    decide_a_first_case(run, tmp_path)


@pytest.mark.wide
def test_the_judges_of_wheels_find_nothing(wheel: Path) -> None:
    """Three packages at the top (W009) are what the project's layout prescribes."""
    python = environment_of("wheels", "twine==7.0.0", "check-wheel-contents==0.6.3")
    subprocess.run([str(python), "-m", "twine", "check", "--strict", str(wheel)], check=True, timeout=60)
    judge = [str(python.with_name("check-wheel-contents")), "--ignore", "W009", str(wheel)]
    subprocess.run(judge, check=True, timeout=60)
