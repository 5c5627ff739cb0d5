"""The Kustomize base and overlays: what they name exists, and what runs is bounded."""

import runpy
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from ray.serve.schema import ServeDeploySchema

from hitl.settings import Settings
from hitl.tracking.settings import TrackingSettings
from serve_app.setup.args import ServeArgs
from tests.deploy.manifests import (
    BASE,
    CHART,
    DEPLOY,
    KUBERNETES,
    OVERLAYS,
    Manifest,
    by_name,
    kustomized,
    needs_kubectl,
    pod_specs,
)
from tests.running import ROOT

RAY_SERVICE: Manifest = yaml.safe_load((BASE / "rayservice.yaml").read_text())
CLUSTER: Manifest = RAY_SERVICE["spec"]["rayClusterConfig"]
MADE_ELSEWHERE = {"hitl", "hitl-store", "mlflow"}
"""Secrets: deploy/kubernetes/secrets.sh, and the database's."""


def settings() -> set[str]:
    fields = (*Settings.model_fields.values(), *TrackingSettings.model_fields.values())
    return {str(name) for field in fields for name in field.validation_alias.choices}  # type: ignore[union-attr]


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> list[Manifest]:
    return kustomized(KUBERNETES / "overlays" / request.param)


@pytest.mark.covers("003-79")
def test_the_services_configuration_is_what_serve_takes_and_is_reached_from_other_pods() -> None:
    config = yaml.safe_load(RAY_SERVICE["spec"]["serveConfigV2"])
    schema = ServeDeploySchema.model_validate(config)
    assert schema.http_options.host == "0.0.0.0"
    of_one_machine = yaml.safe_load((ROOT / "configs" / "serve.yaml").read_text())
    assert config["applications"] == of_one_machine["applications"]
    assert {**config["http_options"], "host": ""} == {**of_one_machine["http_options"], "host": ""}


def test_the_cluster_runs_the_ray_that_is_tested() -> None:
    told = [CLUSTER["rayVersion"]]
    for name in ("nightly.yaml", "once.yaml"):
        text = (KUBERNETES / "components" / "retraining" / name).read_text()
        told += [line.split('"')[1] for line in text.splitlines() if "rayVersion" in line]
    assert told == [version("ray")] * 3


def test_every_node_has_the_settings_of_the_head() -> None:
    """A replica may start on any node: what it reads there must be the same."""
    head = CLUSTER["headGroupSpec"]["template"]["spec"]["containers"][0]
    for group in CLUSTER["workerGroupSpecs"]:
        (node,) = group["template"]["spec"]["containers"]
        assert (node["env"], node["volumeMounts"], node["command"]) == (head["env"], head["volumeMounts"], head["command"])


@needs_kubectl
def test_every_setting_exists(overlay: list[Manifest]) -> None:
    names = {each["name"] for spec in pod_specs(overlay) for node in spec["containers"] for each in node.get("env", [])}
    assert {name for name in names if name.startswith("HITL_")} <= settings()


@needs_kubectl
def test_the_shards_of_several_nodes_would_start(overlay: list[Manifest], monkeypatch: pytest.MonkeyPatch) -> None:
    (service,) = (each for each in overlay if each["kind"] == "RayService")
    for each in next(pod_specs(service))["containers"][0]["env"]:
        monkeypatch.setenv(each["name"], str(each["value"]))
    monkeypatch.setenv("HITL_REDIS_URL", "redis://:secret@valkey:6379/0")
    ServeArgs.model_validate({}).require_shared(nodes=3)


@needs_kubectl
def test_every_claim_map_and_secret_is_there(overlay: list[Manifest]) -> None:
    found = by_name(overlay)
    for spec in pod_specs(overlay):
        for volume in spec.get("volumes", []):
            claim, files = volume.get("persistentVolumeClaim"), volume.get("configMap")
            assert claim is None or ("PersistentVolumeClaim", claim["claimName"]) in found
            assert files is None or ("ConfigMap", files["name"]) in found
            assert volume.get("secret", {}).get("secretName", "hitl") in MADE_ELSEWHERE
        assert ("ServiceAccount", spec.get("serviceAccountName", "hitl")) in found


@needs_kubectl
def test_no_pod_is_root_or_writes_to_its_root(overlay: list[Manifest]) -> None:
    specs = list(pod_specs(overlay))
    assert len(specs) > 2
    for spec in specs:
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["automountServiceAccountToken"] is False
        for node in spec["containers"]:
            assert node["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert node["securityContext"]["allowPrivilegeEscalation"] is False
            assert node["resources"]["limits"]["memory"]
            assert node["name"] == "ray-job-submitter" or node["securityContext"]["readOnlyRootFilesystem"]


@needs_kubectl
def test_every_mount_has_its_volume(overlay: list[Manifest]) -> None:
    for each in overlay:
        claims = {claim["metadata"]["name"] for claim in each.get("spec", {}).get("volumeClaimTemplates", [])}
        for spec in pod_specs(each):
            volumes = {volume["name"] for volume in spec.get("volumes", [])} | claims
            assert {mount["name"] for node in spec["containers"] for mount in node.get("volumeMounts", [])} <= volumes


def test_the_tasks_are_those_of_the_project() -> None:
    for file in (*(BASE / "files").iterdir(), *(CHART / "tasks").iterdir()):
        assert file.read_bytes() == (ROOT / "configs" / "tasks" / file.name).read_bytes()


def test_the_secrets_fit_what_reads_them() -> None:
    told = subprocess.run([str(KUBERNETES / "secrets.sh")], capture_output=True, text=True, check=True).stdout
    values = {each["metadata"]["name"]: each["stringData"] for each in yaml.safe_load_all(told)}
    assert values.keys() == {"hitl", "hitl-store"}
    assert values["hitl"]["HITL_REDIS_URL"] == f"redis://:{values['hitl-store']['store_password']}@valkey:6379/0"
    files = {
        env["value"] for env in CLUSTER["headGroupSpec"]["template"]["spec"]["containers"][0]["env"] if "secrets" in env["value"]
    }
    assert {Path(file).name for file in files} - {"trainer_key"} <= values["hitl"].keys()
    store = (BASE / "valkey.yaml").read_text()
    assert all(f"/run/secrets/store/{name}" in store for name in values["hitl-store"])


@pytest.mark.parametrize("name", ["nightly.yaml", "once.yaml"])
def test_a_retraining_has_every_option_that_it_needs(name: str) -> None:
    text = (KUBERNETES / "components" / "retraining" / name).read_text()
    (job,) = _entrypoints(yaml.safe_load(text))
    words = job.split()
    assert words[:3] == ["python", "-m", "training.pipeline"]
    asked = {word for word in words if word.startswith("--")}
    known = (ROOT / "training" / "args.py").read_text()
    assert asked >= {"--task", "--api", "--key-file", "--tracking-uri", "--artifact-uri", "--blob-uri"}
    assert [word for word in asked if f'"{word}"' not in known] == []


def _entrypoints(node: Any) -> list[str]:
    if not isinstance(node, dict):
        return []
    return [node["entrypoint"]] if "entrypoint" in node else [found for value in node.values() for found in _entrypoints(value)]


def test_the_chart_is_what_the_base_says() -> None:
    templates: Callable[[], dict[str, str]] = runpy.run_path(str(DEPLOY / "make_chart.py"))["templates"]
    written = {file.name: file.read_text() for file in (CHART / "templates").iterdir()}
    assert written == templates(), "run python deploy/make_chart.py"


def test_one_version_everywhere() -> None:
    import hitl

    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    base = yaml.safe_load((BASE / "kustomization.yaml").read_text())
    told = {chart["version"], chart["appVersion"], values["image"]["tag"], base["images"][0]["newTag"]}
    assert told == {hitl.__version__}


@needs_kubectl
def test_the_network_lets_every_pod_of_ray_reach_its_cluster() -> None:
    """The policy names pods by labels: one without them would be shut out, as the submitter of a training once was."""
    found = kustomized(KUBERNETES / "overlays" / "production")
    policy = by_name(found)["NetworkPolicy", "hitl-ray"]["spec"]
    (labels,) = policy["podSelector"]["matchExpressions"]
    templates = [each for manifest in found if manifest["apiVersion"].startswith("ray.io/") for each in _templates(manifest)]
    assert len(templates) == 5
    for template in templates:
        told = template["metadata"]["labels"]
        assert told["app.kubernetes.io/part-of"] == "ray-hitl"
        assert told["app.kubernetes.io/component"] in labels["values"]


def _templates(node: Any) -> list[Manifest]:
    """Whatever has a pod's specification."""
    if isinstance(node, list):
        return [found for value in node for found in _templates(value)]
    if not isinstance(node, dict):
        return []
    own = [node] if "containers" in node.get("spec", {}) else []
    return [*own, *(found for value in node.values() for found in _templates(value))]
