"""The automatic accessibility rules (WCAG 2.2 A and AA), run on a page as it stands."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # what passes is not written down node by node
}


def faults_of(page: Page) -> list[str]:
    """What the rules find wrong: the rule, the page, and where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url} {fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]


class Watched:
    """A window in which every page that was visited is held to the rules."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def visit(self, path: str) -> Page:
        self.page.goto(path)
        return self.check()

    def press(self, role: str, name: str) -> Page:
        """Press a link or a button by its visible words, then check the page that it leads to."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        return self.check()

    def check(self) -> Page:
        assert faults_of(self.page) == []
        return self.page
