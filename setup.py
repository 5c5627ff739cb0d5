"""The part of the build that is code: the wheel brings the console and the configuration files, or there is no wheel."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
CONSOLE = ROOT / "serve_app" / "console" / "dist" / "index.html"
CONFIGS = ROOT / "configs"
TASKS = ("digits", "breast_cancer")
"""Those whose rows come inside scikit-learn."""

FILES = ("approvals.yaml", "limits.yaml", "notifications.yaml", "targets.yaml", "tracking.yaml")


class BuildWithData(build_py):
    """Copies ``configs/`` to ``hitl/packaged/``. An editable installation reads both where they stand."""

    def run(self) -> None:
        if not self.editable_mode and not CONSOLE.is_file():
            raise SystemExit(f"{CONSOLE} is not there: `make console` builds it, and a wheel without it has no pages")
        super().run()
        if not self.editable_mode:
            self._copy(Path(self.build_lib) / "hitl" / "packaged")

    def _copy(self, target: Path) -> None:
        for name in (*FILES, *(f"tasks/{task}.yaml" for task in TASKS)):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CONFIGS / name, target / name)


setup(cmdclass={"build_py": BuildWithData})
