"""The configuration files that come with the package: what a service runs with in a folder that has none of its own."""

from pathlib import Path

CONFIGS = Path("configs")
_INSTALLED = Path(__file__).parent / "packaged"
_CHECKOUT = Path(__file__).parents[1] / CONFIGS


def packaged_configs() -> Path:
    """Return the folder: in an installed wheel beside this file, in a checkout the project's own."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def is_packaged(path: Path) -> bool:
    """Tell whether ``path`` came with an installed wheel. In a checkout they are the project's own."""
    return path.is_relative_to(_INSTALLED)


def own_or_packaged(path: Path) -> Path:
    """Return ``path``, or the packaged file in its place when it is one under ``configs/`` that is not there."""
    if path.exists() or path.parts[:1] != CONFIGS.parts:
        return path
    return packaged_configs() / path.relative_to(CONFIGS)
