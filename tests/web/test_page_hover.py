"""What the pointer is over stays legible: axe looks at nothing that is hovered."""

from __future__ import annotations

from typing import Any

import pytest

from driving import Served, at_rest

pytestmark = pytest.mark.browser

LEAST = 4.5
CONTRAST = """one => {
  const light = text => text.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
    .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  let ground = one;
  const isClear = at => /rgba\\(.*, 0\\)/.test(getComputedStyle(at).backgroundColor);
  while (isClear(ground)) ground = ground.parentElement;
  const [a, b] = [getComputedStyle(one).color, getComputedStyle(ground).backgroundColor].map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_button_under_the_pointer_can_be_read(browser: Any, server: Served, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(server.address)
    at_rest(page)
    buttons = page.locator("button:not(:disabled):visible")
    found = {}
    for number in range(buttons.count()):
        button = buttons.nth(number)
        button.hover()
        page.wait_for_timeout(250)  # a transition, if there is one
        found[button.inner_text()] = button.evaluate(CONTRAST)
    assert len(found) > 8
    assert {name: ratio for name, ratio in found.items() if ratio < LEAST} == {}
    context.close()
