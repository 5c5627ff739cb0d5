"""How fast one person decides by keyboard through the browser, and how long the next case takes to be there."""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.console.browser import Console, chromium
from tests.measure.report import write
from tests.running import Running, images, running

CASES = 60
WAITING = 80


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as service, chromium() as browser:
        _fill(service)
        person = Console(browser, service).sign_in("ada")
        person.go("reviews/digits").page.locator("article").wait_for()
        write("bench/walk", {"walk": [_walk(person)]})


def _fill(service: Running) -> None:
    """No model serves, so that every case waits for a person."""
    with service.as_("client") as client:
        for at, (features, _) in enumerate(images(WAITING)):
            client.decide("digits", features, key=f"walk-{at}")


def _walk(person: Console) -> dict[str, Any]:
    page, waits_ms = person.page, []
    start = time.perf_counter()
    for at in range(CASES):
        before = page.locator("article").get_attribute("aria-label")
        page.keyboard.press(str(at % 10))
        sent = time.perf_counter()
        page.keyboard.press("Control+Enter")
        page.wait_for_function("before => document.querySelector('article')?.getAttribute('aria-label') !== before", arg=before)
        waits_ms.append(1000 * (time.perf_counter() - sent))
    minutes = (time.perf_counter() - start) / 60
    p50, p95 = (round(float(np.percentile(waits_ms, q)), 1) for q in (50, 95))
    return {
        "decisions": CASES,
        "decisions_per_minute": round(CASES / minutes, 1),
        "next_case_ms_p50": p50,
        "next_case_ms_p95": p95,
    }


if __name__ == "__main__":
    main()
