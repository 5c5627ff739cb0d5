"""What the site does to the pages: it takes in those of the repository's top, and names files that it does not hold as text."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]

TOP = {"README.md": "overview.md", "CONTRIBUTING.md": "CONTRIBUTING.md", "CHANGELOG.md": "CHANGELOG.md"}
"""Pages of the top by their names on the site; README.md is the index of docs/ there."""

LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    for name, place in TOP.items():
        files.append(File.generated(config, place, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Links are those of the repository; on the site they lead to its pages."""
    held = {file.src_uri for file in files}
    here = next((top for top, place in TOP.items() if place == page.file.src_uri), f"docs/{page.file.src_uri}")
    return LINK.sub(lambda found: _link(found, here, page.file.src_uri, held), markdown)


def _link(found: re.Match[str], here: str, place: str, held: set[str]) -> str:
    mark, text, target, anchor = found[1], found[2], found[3], found[4] or ""
    in_repository = normpath(join(dirname(here), target))
    if not (ROOT / in_repository).exists():
        return found[0]  # broken: the strict build says so
    on_site = TOP.get(in_repository, in_repository.removeprefix("docs/"))
    if on_site in held and (in_repository in TOP or in_repository.startswith("docs/")):
        return f"{mark}[{text}]({'../' * place.count('/')}{on_site}{anchor})"
    return text
