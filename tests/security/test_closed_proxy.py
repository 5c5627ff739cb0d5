"""A stranger looks for the proxy's statistics and its admin socket on a cluster's node: Ray's configuration opens them."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from ray.serve._private import haproxy_templates
from typer.testing import CliRunner

from hitl.cli.local.haproxy import haproxy_binary
from hitl.cli.main import app


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What the command prints, as a shell reads it."""
    if haproxy_binary() is None:
        pytest.skip("there is no HAProxy here")
    printed = CliRunner().invoke(app, ["proxy-environment", "--data-dir", str(tmp_path / "proxy")]).output
    read = subprocess.run(["sh", "-c", f"{printed}\nenv"], capture_output=True, text=True, check=True, env={})
    return dict(line.split("=", 1) for line in read.stdout.splitlines())


def test_a_node_runs_the_wrapper_and_nobody_else_may_write_it(environment: dict[str, str]) -> None:
    wrapper = Path(environment["RAY_SERVE_HAPROXY_BINARY_PATH"])
    assert environment["RAY_SERVE_ENABLE_HA_PROXY"] == "1"
    assert stat.S_IMODE(wrapper.stat().st_mode) == stat.S_IMODE(wrapper.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(environment["RAY_SERVE_HAPROXY_SOCKET_PATH"]).parent.stat().st_mode) == 0o700


def test_the_wrapper_closes_what_the_template_opens(environment: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "haproxy.cfg"
    config.write_text(haproxy_templates.HAPROXY_CONFIG_TEMPLATE.replace("{{ config.stats_port }}", "8404"))
    wrapper = Path(environment["RAY_SERVE_HAPROXY_BINARY_PATH"])
    script = wrapper.read_text().rpartition("exec ")[0]
    subprocess.run(["sh", "-c", script, "haproxy", "-f", str(config)], check=True, env=os.environ)
    closed = config.read_text()
    assert "mode 666" not in closed
    assert "bind *:8404" not in closed
    assert "bind 127.0.0.1:8404" in closed
    assert "option disable-h2-upgrade" in closed
