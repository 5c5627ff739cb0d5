"""The manifests before judges that are packages of others: schemas of Kubernetes, and Helm itself."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.clients.hosting import environment_of, program
from tests.deploy.manifests import BASE, CHART, KUBERNETES, OVERLAYS, Manifest, by_name, kustomized, needs_kubectl

pytestmark = [pytest.mark.wide, needs_kubectl]

KUBERNETES_VERSION = "1.34"
EVERYTHING = {"mlflow": {"enabled": True}, "ingress": {"enabled": True}, "retraining": {"enabled": True}}
CRDS = os.environ.get("KUBERAY_CRDS")
"""A folder with the operator's files ray.io_rayservices.yaml and so on, of https://github.com/ray-project/kuberay."""


def rendered(values: dict[str, Any]) -> list[Manifest]:
    """What Helm makes of the chart."""
    python = environment_of("helm", "helm-python-sdk==0.2.2")
    said = program(python, "tests/deploy/programs/render_chart.py", str(CHART), json.dumps(values)).communicate(timeout=120)[0]
    return [each for text in json.loads(said).values() for each in yaml.safe_load_all(text) if each]


def validated(manifests: list[Manifest], folder: Path) -> tuple[int | None, str]:
    python = environment_of("kubernetes", "kubernetes-validate==1.37.0")
    file = folder / "manifests.yaml"
    file.write_text(yaml.safe_dump_all([each for each in manifests if not each["apiVersion"].startswith("ray.io/")]))
    program_file = str(python.with_name("kubernetes-validate"))
    running = program(python, program_file, "--strict", "-k", KUBERNETES_VERSION, str(file))
    said = running.communicate(timeout=120)[0]
    return running.returncode, said


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_fits_the_schemas_of_kubernetes(name: str, tmp_path: Path) -> None:
    assert validated(kustomized(KUBERNETES / "overlays" / name), tmp_path)[0] == 0


def test_the_judge_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = kustomized(BASE)
    by_name(wrong)["StatefulSet", "valkey"]["spec"]["replica"] = 1
    assert validated(wrong, tmp_path)[0] != 0


def test_the_chart_fits_the_schemas_of_kubernetes(tmp_path: Path) -> None:
    assert validated(rendered(EVERYTHING), tmp_path)[0] == 0


def test_the_chart_of_its_own_values_is_the_base() -> None:
    labelled = by_name(kustomized(BASE))
    plain = by_name(rendered({}))
    assert plain.keys() == labelled.keys()
    for name, manifest in plain.items():
        of_base = labelled[name]
        of_base["metadata"].pop("labels", None)
        manifest["metadata"].pop("labels", None)
        assert manifest == of_base


def test_settings_of_the_values_reach_every_node() -> None:
    (service,) = (each for each in rendered({"settings": {"HITL_LOG_LEVEL": "DEBUG"}}) if each["kind"] == "RayService")
    cluster = service["spec"]["rayClusterConfig"]
    for group in (cluster["headGroupSpec"], *cluster["workerGroupSpecs"]):
        assert {"name": "HITL_LOG_LEVEL", "value": "DEBUG"} in group["template"]["spec"]["containers"][0]["env"]


@pytest.mark.skipif(CRDS is None, reason="KUBERAY_CRDS names no folder with the operator's definitions")
@pytest.mark.parametrize("name", [*OVERLAYS, "chart"])
def test_what_kuberay_reads_fits_its_definitions(name: str) -> None:
    manifests = rendered(EVERYTHING) if name == "chart" else kustomized(KUBERNETES / "overlays" / name)
    ours = [each for each in manifests if each["apiVersion"].startswith("ray.io/")]
    assert ours
    for each in ours:
        jsonschema.Draft7Validator(_closed(each["kind"])).validate(each)


def _closed(kind: str) -> dict[str, Any]:
    """The schema of ``kind``, in which a name that it does not know is an error, as with kubectl's strict validation."""
    definition = yaml.safe_load((Path(str(CRDS)) / f"ray.io_{kind.lower()}s.yaml").read_text())
    (schema,) = (each["schema"]["openAPIV3Schema"] for each in definition["spec"]["versions"] if each["name"] == "v1")
    _close(schema)
    schema["properties"]["metadata"] = {"type": "object"}
    return dict(schema)


def _close(node: Any) -> None:
    if isinstance(node, list):
        for value in node:
            _close(value)
    elif isinstance(node, dict):
        if "properties" in node and not node.get("x-kubernetes-preserve-unknown-fields"):
            node.setdefault("additionalProperties", False)
        for value in list(node.values()):
            _close(value)
