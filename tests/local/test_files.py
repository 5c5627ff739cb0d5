"""The files at the top of the repository say what the code does."""

import json
import os
import re
import runpy
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest
import ray
import yaml
from pydantic import AliasChoices

from hitl.settings import Settings
from hitl.tracking.settings import TrackingSettings

ROOT = Path(__file__).parents[2]
SETTING = re.compile(r"^(HITL_\w+)=(\S*)(?:\s+# ?(?:\[([^]]*)\])?.*)?$")


def _documented() -> dict[str, tuple[str, set[str]]]:
    """Each setting of .env.example with its default and its other names."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = [SETTING.match(line) for line in lines if line and not line.startswith("#")]
    assert all(found)
    return {m[1]: (m[2], set((m[3] or "").replace(" ", "").split(",")) - {""}) for m in found if m}


def _actual() -> dict[str, tuple[str, set[str]]]:
    rows = {}
    for field in (*Settings.model_fields.values(), *TrackingSettings.model_fields.values()):
        assert isinstance(field.validation_alias, AliasChoices)
        name, *others = (str(choice) for choice in field.validation_alias.choices)
        rows[name] = ("" if field.default is None else str(field.default), set(others))
    return rows


@pytest.mark.covers("003-80", "003-41")
def test_the_example_environment_lists_every_setting_with_its_default() -> None:
    assert _documented() == _actual()


def test_generated_files_are_those_of_the_declared_settings() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_settings.py"))
    again = "run python docs/make_settings.py"
    assert (ROOT / ".env.example").read_text() == made["env_example"](), again
    assert (ROOT / "docs" / "settings.md").read_text() == made["settings_document"](), again


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITL_AUTO_APPROVE_THRESHOLD", "")
    assert Settings().auto_approve_threshold is None


@pytest.mark.covers("D44", "003-80")
def test_the_documents_names_set_the_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTO_APPROVE_THRESHOLD", "0.9")
    monkeypatch.setenv("EXPERT_ESCALATION_THRESHOLD", "0.4")
    assert (Settings().auto_approve_threshold, Settings().expert_escalation_threshold) == (0.9, 0.4)


def test_the_cluster_file_fits_the_schema_of_the_installed_ray() -> None:
    schema = json.loads((Path(ray.__file__).parent / "autoscaler" / "ray-schema.json").read_text())
    cluster = yaml.safe_load((ROOT / "cluster.yaml").read_text())
    jsonschema.validate(cluster, schema)
    assert set(cluster["available_node_types"]) == {"head", "cpu_worker", "gpu_worker"}


def test_the_cluster_installs_the_ray_that_is_tested() -> None:
    assert "-r configs/locked.txt" in (ROOT / "cluster.yaml").read_text()
    assert f"ray=={version('ray')} " in (ROOT / "configs" / "locked.txt").read_text()


def test_the_cluster_opens_no_door_and_carries_no_secret() -> None:
    """Its store wants a password over TLS, and what is secret comes from a file that is not in it."""
    cluster = yaml.safe_load((ROOT / "cluster.yaml").read_text())
    starts = " ".join([*cluster["head_start_ray_commands"], *cluster["worker_start_ray_commands"]])
    assert starts.count(". ~/.hitl/secrets.env") == 2
    assert "redis://" not in starts
    assert "RAY_START_HOOK=hitl.cli.local.ray_start.without_client_server" in starts
    assert {"**/.env", "**/data"} <= set(cluster["rsync_exclude"])
    assert "rediss://:" in (ROOT / "docs" / "cluster.md").read_text()


@pytest.fixture(params=["head_start_ray_commands", "worker_start_ray_commands"])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], tuple[int, bool]]:
    """Runs the last command of a node's start, ``hitl`` being the given script: its status, and whether it came to Ray."""
    command = yaml.safe_load((ROOT / "cluster.yaml").read_text())[request.param][-1]
    programs, started = tmp_path / "hitl-venv" / "bin", tmp_path / "started"
    programs.mkdir(parents=True)
    (tmp_path / ".hitl").mkdir()
    (tmp_path / ".hitl" / "secrets.env").write_text("HITL_ARTIFACT_URI=s3://hitl/artifacts\n")

    def run(hitl: str) -> tuple[int, bool]:
        ray = f'test "$HITL_ARTIFACT_URI $CLOSED" = "s3://hitl/artifacts yes" && touch {started}'
        for name, script in (("hitl", hitl), ("ray", ray)):
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o700)
        done = subprocess.run(["bash", "-c", command], env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, check=False)
        return done.returncode, started.exists()

    return run


def test_a_node_starts_with_the_secrets_and_the_closed_proxy(start: Callable[[str], tuple[int, bool]]) -> None:
    assert start("echo export CLOSED=yes") == (0, True)


@pytest.mark.parametrize("failing", ["exit 1", "echo export CLOSED=yes; exit 1"])
def test_a_node_does_not_start_with_rays_open_proxy(start: Callable[[str], tuple[int, bool]], failing: str) -> None:
    assert start(failing) == (1, False)


def test_a_node_does_not_start_without_the_secrets(start: Callable[[str], tuple[int, bool]], tmp_path: Path) -> None:
    (tmp_path / ".hitl" / "secrets.env").unlink()
    assert start("echo export CLOSED=yes") == (1, False)


def test_every_phony_target_exists() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    assert all(re.search(rf"^{target}:", text, re.MULTILINE) for target in phony[1].split())
