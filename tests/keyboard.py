"""Somebody who never touches the mouse, in a real browser."""

import os
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.chromium import assert_accessible

PICTURES = Path(__file__).parents[1] / "docs" / "images"
MOST_TABS = 400


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, what: Locator) -> None:
        """Tab until it has the focus."""
        for _ in range(MOST_TABS):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{what} cannot be reached by keyboard.")

    def follow(self, name: str) -> None:
        self.reach(self.page.get_by_role("link", name=name, exact=True).first)
        self.enter()

    def enter(self, key: str = "Enter") -> None:
        """Press it, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state("networkidle")

    def see(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)

    def picture(self, name: str) -> None:
        assert_accessible(self.page)
        if os.environ.get("PICTURES"):
            self.page.set_viewport_size({"width": 1280, "height": 900})
            self.page.screenshot(path=PICTURES / f"{name}.png")
