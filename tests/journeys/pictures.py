"""Takes the pictures of docs/pictures from a new demo: `script/pictures`. Everybody and everything on them is invented."""

import signal
import sys
from collections.abc import Callable
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from core.demo import PASSWORD
from tests.browser import FLAGS
from tests.journeys.person import Person
from tests.journeys.site import ROOT, Site

PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 960}
MOST = 200 * 1024  # bytes of one picture
CORA, INES = "cora-lindqvarne@bridgeworks.example", "ines-varrenholt@revenue.orvella.example"
HOST, CYCLE = "Ministry of Public Health", "Cohort 5"
READY = 900  # seconds in which the worker makes the PDFs of a new demo


def desk(browser: Browser, site: Site) -> Person:
    return signed_in(browser, site, CORA)


def agreement(browser: Browser, site: Site) -> Person:
    """One in force, with its PDFs."""
    cora = signed_in(browser, site, CORA).click("Agreements", within="body")
    return with_files(cora.click("Host placement", within=f"main tr:has-text('{HOST}')").is_at(HOST))


def sign(browser: Browser, site: Site) -> Person:
    """The text, as a signatory reads it before signing."""
    ines = signed_in(browser, site, INES)
    return with_files(ines.click("Sign or decline").sees("Read the text"))


def with_files(person: Person) -> Person:
    """The same page as soon as the worker has made what it speaks of."""
    for _try in range(READY // 3):
        if not person.page.get_by_text("being made").count():
            return person
        person.page.wait_for_timeout(3000)
        person.page.reload()
    raise AssertionError(f"the worker made no PDF in {READY} seconds")


def home(browser: Browser, site: Site) -> Person:
    return visitor(browser, site)


def cycle(browser: Browser, site: Site) -> Person:
    """The one under way."""
    return visitor(browser, site).click("Cycles", within="header").click(CYCLE, role="link").is_at(CYCLE)


SHOTS: dict[str, Callable[[Browser, Site], Person]] = {
    "desk": desk,
    "agreement": agreement,
    "sign": sign,
    "home": home,
    "cycle": cycle,
}


def visitor(browser: Browser, site: Site) -> Person:
    person = Person(browser, site.url, "mouse")
    person.page.set_default_timeout(120_000)  # the worker is busy with PDFs meanwhile
    person.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    person.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return person.go("/")


def signed_in(browser: Browser, site: Site, email: str) -> Person:
    return visitor(browser, site).click("Sign in", within="header").sign_in(email, PASSWORD)


def compressed(shot: bytes) -> bytes:
    """As a PNG of at most 256 colours. Raises AssertionError when it is still too large."""
    small = BytesIO()
    image = Image.open(BytesIO(shot)).convert("RGB")
    image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    assert small.tell() <= MOST, f"{small.tell()} bytes are more than {MOST}"
    return small.getvalue()


def main(names: list[str]) -> None:
    # However it ends, what was started here ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    site = Site()
    try:
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["demo"]):
            site.manage(*command)
        site.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for name in names or SHOTS:
                person = SHOTS[name](browser, site)
                person.page.evaluate("document.fonts.ready")
                shot = compressed(person.page.screenshot())
                PICTURES.mkdir(exist_ok=True)
                path = PICTURES / f"{name}.png"
                path.write_bytes(shot)
                print(f"{path.relative_to(ROOT)}  {len(shot) // 1024} kB")
                person.context.close()
            browser.close()
    finally:
        site.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
