"""Write the Grafana dashboard: ``python deploy/make_dashboard.py``. Each panel is one line of PANELS."""

import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "monitoring" / "grafana-hitl.json"
WIDTH, HEIGHT = 8, 7
SOURCE = {"type": "prometheus", "uid": "${source}"}

PANELS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Cases a second, by task", "reqps", "{{task}}", ("sum by (task) (rate(hitl_cases_total[5m]))",)),
    ("Share that the model decides", "percentunit", "{{task}}", ("hitl_automation_rate",)),
    ("Reviews that wait", "short", "{{queue}}", ("hitl_queue_depth",)),
    ("Age of the oldest review", "s", "{{queue}}", ("hitl_queue_oldest_age_seconds",)),
    ("Reviews that people hold", "short", "{{queue}}", ("hitl_queue_leases",)),
    ("Answered by the deadline", "percentunit", "{{task}}", ("hitl_sla_compliance",)),
    ("Opening of a review to its answer", "s", "{{task}}", ("hitl_average_response_time",)),
    ("People agree with the model", "percentunit", "{{task}}", ("hitl_agreement_rate",)),
    ("Approvals: approved, rejected, ended by time", "percentunit", "{{__name__}} {{task}}",
     ("hitl_approval_rate", "hitl_rejection_rate", "hitl_timeout_rate")),
    ("A decision, 50 % and 99 % (Ray)", "s", "{{task}}",
     tuple(f"histogram_quantile({q}, sum by (le, task) (rate(ray_hitl_decision_seconds_bucket[5m])))" for q in (0.5, 0.99))),
    ("An append to the intake, 99 % (Ray)", "s", "intake",
     ("histogram_quantile(0.99, sum by (le) (rate(ray_hitl_intake_append_seconds_bucket[5m])))",)),
    ("Cases in a micro-batch, mean (Ray)", "short", "rows",
     ("sum(rate(ray_hitl_micro_batch_rows_sum[5m])) / sum(rate(ray_hitl_micro_batch_rows_count[5m]))",)),
    ("Refused requests a second (Ray)", "reqps", "{{problem}}",
     ("sum by (problem) (rate(ray_hitl_refused_requests_total[5m]))",)),
    ("Shards that serve (Ray)", "short", "{{shard}}", ("ray_hitl_shard_serving",)),
    ("Commands that wait in a shard (Ray)", "short", "{{shard}}", ("ray_hitl_commands_waiting",)),
    ("Targets: 1 met, 0 missed (Ray)", "short", "{{task}} {{name}}", ("ray_hitl_target",)),
    ("Quality figures with their intervals (Ray)", "short", "{{task}} {{name}} {{bound}}", ("ray_hitl_figure",)),
    ("Snapshots that failed (Ray)", "short", "{{shard}}", ("increase(ray_hitl_snapshots_failed_total[1h])",)),
)  # fmt: skip
"""Title, unit, legend, and what is drawn. "(Ray)": from the nodes' own port, which `hitl up` keeps on loopback."""


def dashboard() -> dict[str, Any]:
    """The document that Grafana reads."""
    source = {"name": "source", "type": "datasource", "query": "prometheus", "label": "Source"}
    return {
        "uid": "ray-hitl",
        "title": "ray-hitl",
        "tags": ["ray-hitl"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [source]},
        "panels": [_panel(number, *panel) for number, panel in enumerate(PANELS)],
    }


def _panel(number: int, title: str, unit: str, legend: str, expressions: tuple[str, ...]) -> dict[str, Any]:
    row, column = divmod(number, 24 // WIDTH)
    drawn = [
        {"refId": "ABC"[n], "expr": each, "legendFormat": legend, "datasource": SOURCE} for n, each in enumerate(expressions)
    ]
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": SOURCE,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": drawn,
    }


def text() -> str:
    """The file's text."""
    return json.dumps(dashboard(), indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
