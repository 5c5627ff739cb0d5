"""Read the product's modules as syntax trees."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("hitl", "serve_app", "training")


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its dotted name, its text and its syntax tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module
    is_package: bool

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def is_generated(self) -> bool:
        """Tell whether a script in docs/ writes the file: it repeats what stands elsewhere, and nobody edits it."""
        return (ast.get_docstring(self.tree) or "").find("Written by `python docs/") >= 0

    @property
    def package(self) -> str:
        """The package that holds the module; the module itself at the top level, where files stand beside packages."""
        holder = self.name if self.is_package else self.name.rpartition(".")[0]
        return self.name if "." not in holder and not self.is_package else holder


def read_modules(root: Path) -> dict[str, Module]:
    """Every module of the product by its dotted name."""
    found = (read_module(root, path) for package in PACKAGES for path in sorted((root / package).rglob("*.py")))
    return {module.name: module for module in found}


def read_module(root: Path, path: Path) -> Module:
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    text = path.read_text(encoding="utf-8")
    return Module(".".join(parts[:-1] if is_package else parts), path, text, ast.parse(text), is_package)


def documented_events(root: Path) -> set[str]:
    """The names of the events that docs/journal.md describes, from the first column of its tables."""
    rows = re.findall(r"^\| ((?:`[A-Z]\w+`(?:, )?)+) \|", (root / "docs" / "journal.md").read_text(encoding="utf-8"), re.M)
    return {name for row in rows for name in re.findall(r"\w+", row)}


def comments_of(module: Module) -> int:
    """Lines with a comment, directives to tools apart."""
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    directives = ("# noqa", "# type:", "# fmt:", "# pragma", "#!")
    return sum(token.type == tokenize.COMMENT and not token.string.startswith(directives) for token in tokens)
