"""Each defect of the first console has a test that is still there."""

import ast
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
FOUND = 37


def names_in(file: str) -> set[str]:
    tree = ast.parse((FOLDER / file).read_text(encoding="utf-8"))
    return {f"{file}::{each.name}" for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_defect_names_tests_that_are_there() -> None:
    defects = yaml.safe_load((FOLDER / "defects.yaml").read_text(encoding="utf-8"))
    named = [test for each in defects for test in each["tests"]]
    gone = [test for test in named if test not in names_in(test.split("::")[0])]
    assert (len(defects), [each["defect"] for each in defects if not each["tests"]], gone) == (FOUND, [], [])
