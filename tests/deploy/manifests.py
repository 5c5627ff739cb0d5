"""The Kubernetes objects that the files of deploy/ describe."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.running import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES, CHART = DEPLOY / "kubernetes", DEPLOY / "helm" / "ray-hitl"
BASE = KUBERNETES / "base"
OVERLAYS = sorted(folder.name for folder in (KUBERNETES / "overlays").iterdir())

Manifest = dict[str, Any]

needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="there is no kubectl: the overlays were not put together"
)


def kustomized(folder: Path) -> list[Manifest]:
    """What ``kubectl apply -k`` would send."""
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def by_name(manifests: list[Manifest]) -> dict[tuple[str, str], Manifest]:
    named = {(each["kind"], each["metadata"]["name"]): each for each in manifests}
    assert len(named) == len(manifests), "two objects have one name"
    return named


def pod_specs(node: Any) -> Iterator[Manifest]:
    """The specification of every pod below ``node``, whatever makes the pod."""
    if isinstance(node, dict):
        if "containers" in node:
            yield node
        for value in node.values():
            yield from pod_specs(value)
    elif isinstance(node, list):
        for value in node:
            yield from pod_specs(value)
