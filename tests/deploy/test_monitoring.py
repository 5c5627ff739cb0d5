"""Alert rules and the dashboard name metrics that the service really tells."""

import ast
import json
import re
import runpy
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hitl.metrics import figures
from hitl.metrics.figures import RATIOS
from hitl.metrics.prometheus import QueueSample, text
from tests.deploy.manifests import DEPLOY
from tests.running import ROOT

MONITORING = DEPLOY / "monitoring"
RULES: list[dict[str, Any]] = yaml.safe_load((MONITORING / "rules.yaml").read_text())["groups"][0]["rules"]
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "grafana-hitl.json").read_text())
NAME = re.compile(r"\b(?:ray_)?hitl_[a-z_]+\b")

KINDS = {"Gauge": ("",), "Counter": ("_total",), "Histogram": ("_bucket", "_sum", "_count")}
"""How Ray's exporter ends the name of each kind; tests/deploy/test_serve_on_ray.py looks at a running one."""


@cache
def of_ray() -> frozenset[str]:
    """Every metric that the code declares, by its name on Ray's port."""
    files = (file for package in ("hitl", "serve_app") for file in (ROOT / package).rglob("*.py"))
    return frozenset(f"ray_{name}{end}" for file in files for kind, name in _declared(file) for end in KINDS[kind])


def _declared(file: Path) -> Iterator[tuple[str, str]]:
    source = file.read_text()
    if '"hitl_' not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and str(first.value).startswith("hitl_"):
                yield node.func.id, str(first.value)


@cache
def text_of_the_route() -> str:
    """GET /v1/metrics/prometheus with each counter that a figure rests on, each figure, each queue."""
    counts = {name: 1.0 for ratio in RATIOS.values() for name in (ratio.over, ratio.under)}
    return text({"digits": counts}, {"digits": figures(counts, [])}, {"digits": QueueSample(1, 1.0, 1)})


def of_the_route() -> set[str]:
    """The names of its metrics."""
    return {line.split("{")[0] for line in text_of_the_route().splitlines() if not line.startswith("#") and line}


def expressions() -> list[str]:
    drawn = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [*drawn, *(rule["expr"] for rule in RULES)]


@pytest.mark.parametrize("expression", expressions())
def test_every_metric_is_told(expression: str) -> None:
    names = set(NAME.findall(expression))
    assert names or "up{" in expression
    assert names <= of_ray() | of_the_route()


def test_a_misspelt_metric_would_be_found() -> None:
    assert not {"ray_hitl_case_total", "hitl_queue_depths", "ray_hitl_decision_seconds"} & (of_ray() | of_the_route())


def test_the_dashboard_is_what_its_panels_say() -> None:
    made = runpy.run_path(str(DEPLOY / "make_dashboard.py"))
    assert (MONITORING / "grafana-hitl.json").read_text() == made["text"](), "run python deploy/make_dashboard.py"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids) > 10


def test_every_alert_says_what_it_is_about() -> None:
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in RULES)


def test_every_alert_has_a_case() -> None:
    tests = yaml.safe_load((MONITORING / "rules_test.yaml").read_text())["tests"]
    tried = {case["alertname"] for each in tests for case in each["alert_rule_test"] if case["exp_alerts"]}
    assert tried == {rule["alert"] for rule in RULES}


def test_no_metric_has_another_unit_than_seconds() -> None:
    assert not [name for name in of_the_route() if re.search("hour|minute|millisecond|_day", name)]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool: the rules were not tried")
def test_promtool_takes_the_rules_and_their_cases() -> None:
    subprocess.run(["promtool", "check", "rules", "rules.yaml"], cwd=MONITORING, check=True)
    subprocess.run(["promtool", "test", "rules", "rules_test.yaml"], cwd=MONITORING, check=True)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool: the text was not judged")
def test_promtool_takes_the_text_of_the_route() -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text_of_the_route(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
