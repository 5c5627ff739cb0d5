"""Another user of the same machine: whatever stands on the disk because of the service is closed to them."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hitl.cli.local.child import in_session
from hitl.cli.local.haproxy import ingress_environment
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.tcp_ports import TcpPorts
from hitl.errors import NotStarted
from tests.running import Running

NOBODY = 65534
"""An account that owns nothing."""

WALK = """
import json, os, socket, sys

paths, who = json.load(sys.stdin), int(sys.argv[1])
os.setgroups([]); os.setgid(who); os.setuid(who)
done = []


def attempt(what, path, action):
    try:
        action()
    except OSError:
        return
    done.append([what, path])


for path in paths:
    attempt("list", path, lambda: os.listdir(path))
    attempt("read", path, lambda: os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK)))
    attempt("write", path, lambda: os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK)))
    attempt("make", path, lambda: os.mkdir(os.path.join(path, "mine")))
    attempt("talk", path, lambda: socket.socket(socket.AF_UNIX).connect(path))
    attempt("rename", path, lambda: os.rename(path, path + ".stolen"))
print(json.dumps(done))
"""

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[DataLayout]:
    made = place_of(tmp_path / "data")
    yield made
    if made.runtime.exists():
        subprocess.run(["rm", "-r", str(made.runtime)], check=True)


def walked(*roots: Path) -> list[str]:
    """Every path at and below ``roots``, also while some of it goes away."""
    below = [os.path.join(folder, each) for root in roots for folder, *kinds in os.walk(root) for kind in kinds for each in kind]
    return [*map(str, roots), *below]


def modes_of(paths: list[str]) -> dict[str, int]:
    """The mode of each path that is still there: a database's journal comes and goes with every change."""
    found: dict[str, int] = {}
    for path in paths:
        with suppress(FileNotFoundError):
            found[path] = Path(path).lstat().st_mode
    return found


def done_by_nobody(paths: list[str]) -> list[list[str]]:
    """What an unprivileged process could do to ``paths``: [what, path] each."""
    argv = [sys.executable, "-c", WALK, str(NOBODY)]
    told = subprocess.run(argv, input=json.dumps(paths), capture_output=True, text=True, check=True).stdout
    found: list[list[str]] = json.loads(told)
    return found


def test_a_directory_of_before_is_closed_at_the_next_start(layout: DataLayout) -> None:
    for folder in (layout.data_dir, layout.logs, layout.runtime, layout.ray_temp):
        folder.mkdir()
        folder.chmod(0o755)
    layout.prepare()
    assert [folder.stat().st_mode & 0o777 for folder in (layout.data_dir, layout.logs, layout.runtime)] == [0o700] * 3


@needs_root
def test_nobody_passes_the_directory_above_rays_own(layout: DataLayout) -> None:
    layout.prepare()
    layout.ray_temp.chmod(0o777)  # as Ray does
    (layout.ray_temp / "session").mkdir(mode=0o777)
    assert done_by_nobody(walked(layout.runtime)) == []


def test_the_proxy_reads_its_configuration_where_nobody_can_rename_it(layout: DataLayout) -> None:
    layout.prepare()
    environment = ingress_environment(layout, TcpPorts(*range(8000, 8010)), "/bin/echo")
    files = [Path(environment[f"RAY_SERVE_HAPROXY_{name}"]) for name in ("CONFIG_FILE_LOC", "SOCKET_PATH", "BINARY_PATH")]
    assert {file.parent for file in files} == {layout.runtime, layout.data_dir}
    assert {file.parent.stat().st_mode & 0o777 for file in files} == {0o700}


@needs_root
def test_a_directory_that_somebody_else_made_first_is_refused(layout: DataLayout) -> None:
    layout.runtime.mkdir()
    os.chown(layout.runtime, NOBODY, NOBODY)
    with pytest.raises(NotStarted, match="somebody else"):
        layout.prepare()


def test_a_link_in_its_place_is_refused_and_not_followed(layout: DataLayout, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o755)
    layout.runtime.symlink_to(tmp_path / "mine")
    with pytest.raises(NotStarted, match="somebody else"):
        layout.prepare()
    assert ((tmp_path / "mine").stat().st_mode & 0o777, list((tmp_path / "mine").iterdir())) == (0o755, [])


def test_a_data_directory_that_everybody_writes_to_is_refused(layout: DataLayout) -> None:
    layout.data_dir.mkdir()
    layout.data_dir.chmod(0o777)
    with pytest.raises(NotStarted, match="choose a directory of its own"):
        layout.prepare()
    assert layout.data_dir.stat().st_mode & 0o777 == 0o777


def test_a_temporary_directory_where_everybody_renames_is_refused(
    layout: DataLayout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "open"))
    with pytest.raises(NotStarted, match="sticky"):
        layout.prepare()


@needs_root
@pytest.mark.slow
@pytest.mark.service
def test_nobody_can_read_write_or_rename_anything_of_a_running_service(service: Running) -> None:
    paths = walked(service.place.data_dir, service.place.runtime)
    assert any("plasma_store" in path for path in paths)
    assert done_by_nobody(paths) == []


@pytest.mark.slow
@pytest.mark.service
def test_what_a_running_service_wrote_is_for_its_owner_alone(service: Running) -> None:
    """Its own modes say so, wherever the data directory stands."""
    modes = modes_of(walked(service.place.data_dir))
    assert str(service.place.master_key) in modes
    assert [path for path, mode in modes.items() if not stat.S_ISLNK(mode) and mode & 0o077] == []
    sockets = {path: mode for path, mode in modes_of(walked(service.place.runtime)).items() if stat.S_ISSOCK(mode)}
    assert [path for path, mode in sockets.items() if mode & 0o077] == []


@pytest.mark.slow
@pytest.mark.service
def test_no_secret_stands_in_a_command_line(service: Running) -> None:
    """Everybody can read the command lines of all processes."""
    place = service.place
    secrets = [place.ray_token, place.master_key, place.valkey / "password"]
    told = " ".join(_command_line(pid) for part in service.state.parts.values() for pid in in_session(part["pid"] or -1))
    assert "raylet" in told
    assert [path.name for path in secrets if path.read_text() in told] == []


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""
