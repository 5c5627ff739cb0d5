"""Write build/sbom.json: everything that the product is made of, as a CycloneDX 1.6 document (``make sbom``).

Python packages are those of this environment that configs/locked*.txt name, with the hashes of their files there; packages of the
console are those of its package-lock.json. It asks nobody.
"""

import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "serve_app" / "console" / "web" / "package-lock.json"

Component = dict[str, Any]


def bill() -> dict[str, Any]:
    """The document."""
    components = [*_python(), *_node()]
    about = {"type": "application", "name": "ray-hitl", "bom-ref": "ray-hitl", "version": _version()}
    uses = [{"ref": "ray-hitl", "dependsOn": [each["bom-ref"] for each in components]}]
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": about}}
    return {**head, "components": components, "dependencies": uses}


def _python() -> Iterator[Component]:
    here = {_plain(each.name): each for each in distributions()}
    for name, version, digests in _locked():
        found = here.get(_plain(name))
        if found is not None and found.version == version:
            hashes = [{"alg": "SHA-256", "content": digest} for digest in digests]
            yield {
                **_component(f"pkg:pypi/{_plain(name)}@{found.version}", name, found.version),
                **_licence(found),
                "hashes": hashes,
            }


def _locked() -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 digests of each locked package."""
    found = {}
    for file in sorted((ROOT / "configs").glob("locked*.txt")):
        if file.name not in ("locked-tools.txt", "locked-site.txt"):
            for name, version, rest in re.findall(r"^([\w.-]+)==(\S+)(.*\n(?:    .*\n?)*)", file.read_text(), re.MULTILINE):
                found[name, version] = re.findall(r"sha256:(\w{64})", rest)
    yield from ((name, version, digests) for (name, version), digests in found.items())


def _node() -> Iterator[Component]:
    """Those for other platforms are there as well: the lock does not say which are installed."""
    for place, each in json.loads(LOCK.read_text())["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            algorithm, _, digest = each["integrity"].partition("-")
            hashes = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": b64decode(digest).hex()}]
            purl = f"pkg:npm/{name.replace('@', '%40', 1)}@{each['version']}"
            licence = {"licenses": [{"expression": each["license"]}]} if "license" in each else {}
            yield {**_component(purl, name, each["version"]), **licence, "hashes": hashes}


def _component(purl: str, name: str, version: str) -> Component:
    return {"type": "library", "bom-ref": purl, "purl": purl, "name": name, "version": version}


def _licence(found: Distribution) -> Component:
    expression, text = found.metadata.get("License-Expression"), found.metadata.get("License")
    if expression:
        return {"licenses": [{"expression": expression}]}
    return {"licenses": [{"license": {"name": text.splitlines()[0][:100]}}]} if text and text.strip() else {}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version() -> str:
    from hitl import __version__

    return __version__


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "sbom.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    document = bill()
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    sys.stdout.write(f"{target}: {len(document['components'])} components\n")
