"""The locked requirements: all of pyproject's, each at one version with hashes; the bill of materials names them."""

import json
import re
import runpy
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs"
FILES = (
    "locked.txt",
    "locked-image.txt",
    "locked-torch-cpu.txt",
    "locked-torch-cuda.txt",
    "locked-node.txt",
    "locked-tools.txt",
    "locked-site.txt",
)

OF_CLIENTS = frozenset({"langgraph", "mcp", "openai-agents"})
"""Extras for programs of others, in environments of their own: `make setup` installs none, and `make test-wide` pins them."""


def locked(file: str) -> dict[str, tuple[str, list[str]]]:
    """Version and hashes of each package in ``file``."""
    rows = re.findall(r"^([\w.-]+)==(\S+)(.*\n(?:    .*\n?)*)", (CONFIGS / file).read_text(), re.MULTILINE)
    return {canonicalize_name(name): (number, re.findall(r"sha256:[0-9a-f]{64}\b", rest)) for name, number, rest in rows}


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours = [extra for name, extra in project["optional-dependencies"].items() if name not in OF_CLIENTS]
    texts = [*project["dependencies"], *(text for extra in ours for text in extra)]
    return [need for need in map(Requirement, texts) if need.name != project["name"]]


@pytest.mark.parametrize("need", wanted(), ids=str)
def test_every_requirement_is_locked_at_a_version_that_it_allows(need: Requirement) -> None:
    number, _ = {**locked("locked.txt"), **locked("locked-torch-cuda.txt")}[canonicalize_name(need.name)]
    assert need.specifier.contains(number), "run make lock"


@pytest.mark.parametrize("file", FILES)
def test_every_locked_package_has_hashes(file: str) -> None:
    text = (CONFIGS / file).read_text()
    assert [name for name, (_, hashes) in locked(file).items() if not hashes] == []
    assert len(locked(file)) == len(re.findall(r"^[A-Za-z]", text, re.MULTILINE)), "a line that is no pinned package"


def test_the_locked_versions_are_those_of_the_constraints() -> None:
    pins = dict(line.split("==") for line in (CONFIGS / "constraints.txt").read_text().split())
    found = {**locked("locked.txt"), **locked("locked-node.txt"), **locked("locked-torch-cuda.txt")}
    differ = {name: number for name, number in pins.items() if found.get(canonicalize_name(name), (number,))[0] != number}
    assert differ == {}, "run make lock"


def test_the_image_has_what_the_service_needs_at_the_same_versions_and_no_tool() -> None:
    image, all_of_it = locked("locked-image.txt"), locked("locked.txt")
    assert {name: all_of_it[name] for name in image} == image
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    assert needed - {"torch"} <= image.keys()
    assert image.keys().isdisjoint({"pytest", "mypy", "ruff", "playwright", "hypothesis"})


def test_torch_comes_without_cuda_or_with_all_that_it_needs() -> None:
    (number, hashes), with_cuda = locked("locked-torch-cpu.txt")["torch"], locked("locked-torch-cuda.txt")
    assert number == f"{with_cuda['torch'][0]}+cpu"
    assert not set(hashes) & set(with_cuda["torch"][1])
    assert "triton" in with_cuda
    assert not {"torch", *with_cuda} & set(locked("locked.txt"))


def test_what_is_locked_is_what_these_tests_run_with() -> None:
    for name in ("ray", "fastapi", "cryptography", "redis"):
        assert version(name) == locked("locked.txt")[name][0]


def test_nothing_is_installed_without_a_hash_or_runs_a_script_of_its_package() -> None:
    recipe = (ROOT / "Makefile").read_text()
    installs = [line for line in recipe.splitlines() if "pip install" in line]
    assert [
        line for line in installs if "--require-hashes" not in line and "--no-deps --no-build-isolation -e ." not in line
    ] == []
    assert "ci --ignore-scripts" in recipe


def test_the_bill_of_materials_names_every_part_with_its_hashes() -> None:
    bill = runpy.run_path(str(ROOT / "docs" / "make_sbom.py"))["bill"]()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = bill["components"]
    assert len({part["bom-ref"] for part in parts}) == len(parts)
    assert {"ray", "torch", "fastapi", "preact", "esbuild"} <= {part["name"] for part in parts}
    assert all(part["hashes"] and part["purl"].startswith("pkg:") for part in parts)
    assert all(re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{128}", digest["content"]) for part in parts for digest in part["hashes"])
    json.dumps(bill)


def test_an_audit_that_could_not_be_made_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    made = runpy.run_path(str(ROOT / "docs" / "audit_dependencies.py"))
    report, read = made["report"], made["read_pip_audit"]
    assert read({"dependencies": [{"name": "ray", "skip_reason": "not found"}]}) is None
    assert read({"dependencies": [{"name": "ray", "version": "1", "vulns": []}]}) == []
    assert report("Python", None) == 0
    assert "NOT AUDITED" in capsys.readouterr().out
    assert report("npm", ["left-pad: high"]) == 1
