"""The files at the top of the repository say what the code does."""

import json
import re
import runpy
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


def test_every_phony_target_exists() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    assert all(re.search(rf"^{target}:", text, re.MULTILINE) for target in phony[1].split())
