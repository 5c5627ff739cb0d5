"""Pages in forced colours, as Windows' contrast themes show them: nothing is told by a background or a shade alone."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.console.browser import Console
from tests.console.defined import Defined
from tests.console.near import Near, near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

SCHEMES = ["light forced", "dark forced"]
PAGES = [
    "overview",
    "inbox",
    "reviews",
    "reviews/digits",
    "reviews/digits/list",
    "cases",
    "models/digits",
    "approvals",
    "workflows",
    "analytics/digits",
    "staffing/digits",
    "policies/digits",
    "tasks/digits",
    "settings",
    "console/components",
]

# Of each element that can have the focus and is in view: whether its focus shows, by a line that is not the page's ground.
FOCUS = """() => {
  const seen = [];
  const reached = ["a[href]", "button", "select", "input", "textarea", "summary"].map((kind) => `main ${kind}`);
  for (const each of document.querySelectorAll([...reached, "nav a"].join())) {
    if (!each.checkVisibility() || each.disabled) continue;
    each.focus({ focusVisible: true });
    if (document.activeElement !== each) continue;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(each);
    const ground = getComputedStyle(document.body).backgroundColor;
    const isShown = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && outlineColor !== ground;
    if (!isShown) seen.push(each.outerHTML.slice(0, 120));
  }
  return seen;
}"""

# What is told by a colour elsewhere, and must be told by a line here.
LINES = """() => [...document.querySelectorAll(".chip, .badge")].filter((each) => each.checkVisibility()).filter((each) => {
  const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(each);
  const ground = getComputedStyle(document.body).backgroundColor;
  return borderTopStyle === "none" || parseFloat(borderTopWidth) < 1 || borderTopColor === ground;
}).map((each) => each.outerHTML.slice(0, 120))"""

# Strokes and fills of pictures are not forced by the browser: each must be one of the person's own colours, and not the ground.
SHAPES = """() => {
  const probe = document.createElement("i");
  document.body.append(probe);
  const own = ["CanvasText", "LinkText", "Highlight", "GrayText", "ButtonText", "HighlightText", "VisitedText"].map((name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  const ground = getComputedStyle(document.body).backgroundColor;
  const wrong = [];
  const ofPlots = [".line", ".whisker", ".dot", ".marker line", ".rule"].map((kind) => `.plot ${kind}`);
  const others = ["nav svg path", ".copy svg path", ".range-line .track", ".range-line .thumb"];
  for (const shape of document.querySelectorAll([...ofPlots, ...others].join())) {
    if (!shape.checkVisibility()) continue;
    const { stroke, fill } = getComputedStyle(shape);
    const shown = stroke !== "none" ? stroke : fill;
    if (shown === ground || !own.includes(shown)) wrong.push(`${shown}: ${shape.outerHTML.slice(0, 100)}`);
  }
  return wrong;
}"""


@pytest.fixture(scope="module")
def world() -> Any:
    with near(Defined(guidelines={"7": {"text": "One bar on top."}})) as found:
        found.cases(3)
        yield found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_focus_states_and_shapes_are_told_without_a_background(world: Near, person: Person, scheme: str) -> None:
    eve, operator = person("eve", scheme), person("operator", scheme)
    found: dict[str, Any] = {}
    for place in PAGES:
        page = (eve if place == "reviews/digits" else operator).page
        page.goto(f"{world.url}/{place}")
        page.locator("main h1").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        wrong = [*page.evaluate(FOCUS), *page.evaluate(LINES), *page.evaluate(SHAPES)]
        found[place] = wrong[:5]
    assert found == {place: [] for place in PAGES}


def outlined(page: Page, selector: str) -> bool:
    """Whether a line around the element shows which one is meant."""
    style = "e => { const { outlineStyle, borderBottomWidth } = getComputedStyle(e); return [outlineStyle, borderBottomWidth]; }"
    outline, border = page.locator(selector).first.evaluate(style)
    return bool(outline != "none" or float(border.removesuffix("px")) >= 2)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_chosen_has_a_line_around_it(world: Near, person: Person, scheme: str) -> None:
    eve, operator = person("eve", scheme), person("operator", scheme)
    eve.go("reviews/digits").page.locator("article").wait_for()
    eve.page.keyboard.press("7")
    assert outlined(eve.page, ".labels .chosen")
    assert outlined(eve.page, "nav a[aria-current]")
    page = operator.page
    page.goto(f"{world.url}/reviews/digits/list")
    page.locator("tbody tr").first.wait_for()
    page.keyboard.press("j")
    assert outlined(page, "tr.current td")
    operator.palette().wait_for()
    assert outlined(page, ".palette li[aria-selected='true']")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_two_series_differ_by_their_line_and_words_by_theirs(world: Near, person: Person, scheme: str) -> None:
    page = person("operator", scheme).page
    page.goto(f"{world.url}/console/components")
    page.locator(".plot .second .line").first.wait_for()
    dashes = "selector => getComputedStyle(document.querySelector(selector)).strokeDasharray"
    assert page.evaluate(dashes, ".plot .first .line") != page.evaluate(dashes, ".plot .second .line")
    decorated = "selector => getComputedStyle(document.querySelector(selector)).textDecorationLine"
    assert [page.evaluate(decorated, kind) for kind in ("ins", "del")] == ["underline", "line-through"]


def settled(shown: Locator) -> bytes:
    """A picture of it once it no longer moves: what is drawn later above it pushes it down between its place and its picture."""
    shown.page.wait_for_load_state("networkidle")
    before = shown.screenshot()
    for _ in range(50):
        shown.page.wait_for_timeout(100)
        after = shown.screenshot()
        if after == before:
            return after
        before = after
    raise AssertionError("it goes on moving")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_how_far_a_bar_reaches_can_be_seen(world: Near, person: Person, scheme: str) -> None:
    page = person("operator", scheme).page
    page.goto(f"{world.url}/console/components")
    page.locator("meter, progress").first.wait_for()
    half = page.locator("meter").nth(1)
    assert half.get_attribute("value") == "0.5"
    picture = Image.open(BytesIO(settled(half))).convert("RGB")
    middle = picture.height // 2
    assert picture.getpixel((picture.width // 4, middle)) != picture.getpixel((3 * picture.width // 4, middle))
