"""How fast one person decides by keyboard through the browser, and how long the next case takes to be there.

Timed inside the page, from the key that submits to the next case: the service's durable yes, and what the page adds to it.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.console.browser import Console, chromium
from tests.measure.command_line import no_options
from tests.measure.report import write
from tests.running import Running, images, running

CASES = 60
WAITING = 80
WATCH = """() => {
    performance.setResourceTimingBufferSize(5000);
    window.walked = [];
    let pressed = 0, label = "";
    const seen = () => document.querySelector("article")?.getAttribute("aria-label") ?? "";
    addEventListener("keydown", event => {
        if (event.ctrlKey && event.key === "Enter") { pressed = performance.now(); label = seen(); }
    }, true);
    new MutationObserver(() => {
        if (pressed && seen() && seen() !== label) { window.walked.push(performance.now() - pressed); pressed = 0; }
    }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""
ANSWERED = """() => performance.getEntriesByType("resource")
    .filter(each => each.name.endsWith("/decision")).map(each => each.duration)"""


def main() -> None:
    no_options(__doc__)
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
    page = person.page
    page.evaluate(WATCH)
    start = time.perf_counter()
    for at in range(CASES):
        page.keyboard.press(str(at % 10))
        page.keyboard.press("Control+Enter")
        page.wait_for_function("count => window.walked.length === count", arg=at + 1)
    minutes = (time.perf_counter() - start) / 60
    whole, service = np.array(page.evaluate("window.walked")), np.array(page.evaluate(ANSWERED))
    return {
        "decisions": CASES,
        "decisions_per_minute": round(CASES / minutes, 1),
        **_percentiles("next_case", whole),
        **_percentiles("service", service),
        **_percentiles("page", whole - service),
    }


def _percentiles(name: str, milliseconds: Any) -> dict[str, float]:
    return {f"{name}_ms_p{q}": round(float(np.percentile(milliseconds, q)), 1) for q in (50, 95)}


if __name__ == "__main__":
    main()
