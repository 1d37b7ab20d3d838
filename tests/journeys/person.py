"""Somebody at a browser, who only clicks and types what is visible: by mouse, by keyboard alone, or without JavaScript."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

Hand = Literal["mouse", "keyboard", "no-script"]
Scheme = Literal["light", "dark"]
Look = tuple[Scheme, int]
AXE = {"preload": False, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS: list[Look] = [("light", 1280), ("light", 320), ("dark", 1280), ("dark", 320)]
BY_AXE = "options => axe.run(document, options)"
expect.set_options(timeout=15_000)  # a crowded machine is slow, not wrong
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Person:
    """One browser profile. Names of links, buttons and fields are those that a screen reader says."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        hand: Hand,
        width: int = 1280,
        scheme: Scheme = "light",
        looks: Sequence[Look] = LOOKS,
    ) -> None:
        self.hand, self.url, self.scheme = hand, url, scheme
        self.looks = [] if hand == "no-script" else looks
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=hand != "no-script"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.wrong: list[str] = []
        self.page.on(
            "console", lambda m: self.wrong.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
        )
        self.page.on("request", lambda r: None if r.url.startswith((url, "data:")) else self.wrong.append(f"elsewhere: {r.url}"))
        self.page.on("response", lambda r: self.wrong.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    # Acts

    def go(self, address: str = "/") -> "Person":
        """Only where somebody would type an address: the start of a journey, or a link of a mail."""
        self.page.goto(address if address.startswith("http") else self.url + address)
        return self

    def click(self, name: str | re.Pattern[str], *, role: Any = None, within: str = "main", exact: bool = False) -> "Person":
        """A link or a button by its name, the first that is visible."""
        place = self.page.locator(within)
        roles = [role] if role else ["link", "button"]
        target = place.get_by_role(roles[0], name=name, exact=exact)
        for other in roles[1:]:
            target = target.or_(place.get_by_role(other, name=name, exact=exact))
        self.press(target.first)
        return self

    def goes(self, name: str) -> "Person":
        """An entry of the menu, which a narrow page keeps behind a button."""
        button = self.page.get_by_role("button", name="Menu", exact=True)
        if button.is_visible():
            self.press(button)
        return self.click(name, within="nav", exact=True)

    def fill(self, label: str | re.Pattern[str], text: str) -> "Person":
        """Type into a field."""
        field = self.page.get_by_label(label).first
        if self.hand == "keyboard":
            self._focus(field)
            self.page.keyboard.press("Control+a")
            if field.get_attribute("type") == "date":
                year, month, day = text.split("-")
                self.page.keyboard.type(f"{month}{day}{year}")  # the browser of the tests writes dates as Americans do
            else:
                self.page.keyboard.type(text)
        else:
            field.fill(text)
        return self

    def choose(self, label: str | re.Pattern[str], option: str) -> "Person":
        """Choose in a select."""
        field = self.page.get_by_label(label).and_(self.page.locator("select")).first
        if self.hand == "keyboard":
            self._focus(field)
        field.select_option(label=option)
        return self

    def gives(self, label: str, file: Path) -> "Person":
        """Choose a file. The window in which one does it is the browser's own."""
        field = self.page.get_by_label(label).first
        if self.hand == "keyboard":
            self._focus(field)
        field.set_input_files(file)
        return self

    def tick(self, label: str | re.Pattern[str]) -> "Person":
        """Tick a box or choose a button of a group."""
        box = self.page.get_by_label(label).first
        if self.hand != "keyboard":
            box.check()
        elif box.get_attribute("type") == "radio":  # Tab reaches the group, the arrows its buttons
            self._focus(self.page.locator(f"input[type=radio][name={box.get_attribute('name')}]"))
            for _ in range(40):
                if box.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
            expect(box).to_be_checked()
        else:
            self._focus(box)
            self.page.keyboard.press("Space")
        return self

    def opens(self, name: str) -> "Person":
        """Open a list of further acts."""
        self.press(self.page.locator("main summary", has_text=name).first)
        return self

    def sign_in(self, email: str, password: str) -> "Person":
        self.fill("E-mail", email).fill(re.compile("^Password"), password).click("Sign in", role="button")
        return self

    # What is there

    def sees(self, text: str | re.Pattern[str]) -> "Person":
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()
        return self

    def does_not_see(self, text: str) -> "Person":
        expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    def is_at(self, title: str) -> "Person":
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)
        return self

    def status(self, address: str) -> int:
        """What an address answers to this person."""
        answer = self.page.request.get(self.url + address, max_redirects=0)
        return answer.status

    def reads(self, address: str) -> str:
        """The text at an address that is there, whatever its kind."""
        answer = self.page.request.get(address if address.startswith("http") else self.url + address)
        assert answer.status == 200, f"{answer.status} {address}"
        return answer.text()

    def faults(self) -> list[str]:
        """axe in this person's looks, sideways scroll, the console, and requests elsewhere, on the page that is open."""
        found = list(self.wrong)
        size = self.page.viewport_size
        if self.looks:
            self.page.evaluate(Axe().axe_script)
        for scheme, width in self.looks:
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": 900})
            look = f"{self.page.url} {scheme} {width}"
            found += [f"{look}: {v['id']} {v['help']}" for v in self.page.evaluate(BY_AXE, AXE)["violations"]]
            if self.page.evaluate(SIDEWAYS):
                found.append(f"{look}: scrolls sideways")
        if size:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=self.scheme)
            if self.page.evaluate(SIDEWAYS):
                found.append(f"{self.page.url} {size['width']}: scrolls sideways")
        self.wrong.clear()
        return found

    def is_well(self) -> "Person":
        found = self.faults()
        assert not found, found
        return self

    def counted(self) -> int:
        """How many a list says that it has."""
        line = self.page.locator("main p").filter(has_text=re.compile(r"^\s*[\d,]+ [a-z]")).first
        return int(line.inner_text().split()[0].replace(",", ""))

    def takes(self, name: str | re.Pattern[str]) -> str:
        """The file behind a link that can be seen."""
        link = self.page.locator("main").get_by_role("link", name=name).first
        expect(link).to_be_visible()
        return self.reads(urljoin(self.page.url, link.get_attribute("href"))).removeprefix("\ufeff")

    def takes_rows(self, name: str | re.Pattern[str]) -> list[dict[str, str]]:
        """The rows of a CSV file behind a link that can be seen."""
        return list(csv.DictReader(self.takes(name).splitlines(keepends=True)))

    # Hands

    def press(self, target: Locator, *, stays: bool = False) -> None:
        """A thing that a journey has found by its name. A link that `stays` opens something on the same page."""
        expect(target).to_be_visible()
        if self.hand == "keyboard":
            self._focus(target)
            if not stays and target.evaluate(
                "e => (e.href || e.type === 'submit') && !(e.getAttribute('href') || '').startsWith('#')"
            ):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
            else:
                self.page.keyboard.press("Enter")
        else:
            target.click()
        self.page.wait_for_load_state("domcontentloaded")  # a click waits for the answer, not for what is in it

    def enter(self, target: Locator) -> None:
        """Put the cursor into a field."""
        if self.hand == "keyboard":
            self._focus(target)
        else:
            target.click()

    def _focus(self, target: Locator) -> None:
        """By Tab alone, as far as there is anything to reach; what has the focus must be seen."""
        expect(target.first).to_be_visible()
        for _ in range(400):
            if any(target.evaluate_all("them => them.map(e => e === document.activeElement)")):
                box = self.page.locator("*:focus").bounding_box()
                assert box and box["width"] > 0, "what has the focus cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by Tab on {self.page.url}")
