"""skops.io without its list of every estimator, which imports all of scikit-learn, and torch with it, when skops is imported.

That list says which types skops takes for harmless by itself. Here our own list does (hitl.inference.sklearn_model), and no
200 MiB of memory and seconds of a start are paid for it.
"""

from typing import Any

import sklearn.utils

_every_estimator = sklearn.utils.all_estimators


def _none(*_: Any, **__: Any) -> list[tuple[str, type]]:
    return []


sklearn.utils.all_estimators = _none
try:
    from skops.io import dumps, loads
finally:
    sklearn.utils.all_estimators = _every_estimator

__all__ = ["dumps", "loads"]
