"""A case study on its way to the public: written by an editor in Wagtail's admin, a draft for nobody, then everywhere at once."""

import re
from xml.etree import ElementTree

from playwright.sync_api import expect

from tests.journeys.person import Person

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SAVED = re.compile("Page .* (created|updated)")
PARTS = ("The problem", "How we worked", "What we built", "What did not work")


def goes_to_the_case_studies(editor: Person) -> None:
    """From the first page of the site, by what can be seen, to the place where case studies are added."""
    editor.go("/").click("Your desk", within="body").click("Write and publish pages")
    menu = editor.page.get_by_role("navigation", name="Main menu")
    editor.press(menu.get_by_role("button", name="Pages"))
    editor.press(menu.get_by_role("link", name="View child pages of 'Home'"), stays=True)
    editor.press(menu.get_by_role("link", name="Case studies", exact=True))


def writes(editor: Person, title: str, cycle: str, agreement: str) -> None:
    """A draft with everything but an outcome, that tells of a cycle and picks an agreement by its number."""
    editor.click("Add child page")
    editor.fill(re.compile("^Title"), title).fill(re.compile("^Summary"), f"{title}, in a few words.")
    editor.fill(re.compile("^Partners"), "An agency and a trust").choose(re.compile("^Level"), "Participation and Engagement")
    editor.choose(re.compile("^Cycle"), cycle)
    for part in PARTS:
        types(editor, part, f"{part}: told by {title}.")
    editor.click("Add record", role="button").click("Choose an agreement", role="button")
    editor.click(re.compile(agreement), role="link", within="[role=dialog]").sees(re.compile(agreement))
    adds_a_paragraph(editor, f"Further on: told by {title}.")
    saves(editor)


def adds_a_paragraph(editor: Person, text: str) -> None:
    """A block of the part that takes any, and its text."""
    editor.click("Insert a block", role="button", within="[id=panel-child-content-more-section]")
    paragraph = editor.page.get_by_role("option", name="Paragraph")
    if editor.hand == "keyboard":  # Tab leads into the box over the list, the arrows into what it finds
        expect(paragraph).to_be_visible()
        editor.enter(editor.page.get_by_role("combobox", name=re.compile("^Search")))
        for key in ("p", "a", "r", "ArrowDown", "Enter"):
            editor.page.keyboard.press(key)
    else:
        editor.press(paragraph)
    types(editor, "More", text)


def types(editor: Person, part: str, text: str) -> None:
    """Running text, into the field of a part."""
    section = editor.page.get_by_role("region", name=re.compile(f"^{part}")).last
    editor.enter(section.get_by_role("textbox").last)
    editor.page.keyboard.type(text)
    # The field hands over what was typed a moment later.
    editor.page.wait_for_function("text => [...document.querySelectorAll('input')].some(e => e.value.includes(text))", arg=text)


def saves(editor: Person) -> None:
    editor.click("Save draft", role="button").sees(SAVED)
    assert editor.wrong == []


def publishes(editor: Person) -> None:
    editor.click("More actions", role="button").click("Publish", role="button")


def public_addresses(title: str) -> list[str]:
    """Where a case study could be seen or found."""
    words = title.replace(" ", "+")
    files = [f"/case-studies/?format={kind}" for kind in ("csv", "json")]
    return ["/", "/case-studies/", f"/case-studies/?q={words}", *files, "/case-studies.atom", "/sitemap.xml"]


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def is_nowhere(visitor: Person, title: str) -> None:
    """Not on a page of stories, not in the list, the search, the feed or the map, and not at its own address."""
    for address in public_addresses(title):
        text = visitor.reads(address).replace(f'value="{title}"', "")  # what was searched for stands in its field
        assert title not in text and slug(title) not in text, address
    assert visitor.status(f"/case-studies/{slug(title)}/") == 404
    visitor.go("/").goes("Case studies").fill("Words", title).click("Show", role="button")
    visitor.sees(re.compile("No case study (fits|yet)"))


def is_found(visitor: Person, title: str, cycle: str, programme: str, agreement: str) -> None:
    """From the first page, on the page of its cycle, by search, in the feed and in the map."""
    visitor.go("/").click(title).is_at(title).sees("No outcome yet").sees(re.compile(agreement))
    for part in (*PARTS, "Further on"):
        visitor.sees(f"{part}: told by {title}.")
    assert visitor.faults() == []
    visitor.click("Cycles", within="header").click(cycle, within=f"main li:has-text('{programme}')").is_at(cycle)
    assert visitor.faults() == []
    visitor.click(title).is_at(title).click(cycle).is_at(cycle)
    visitor.click("Case studies", within="header").fill("Words", title).click("Show", role="button").sees("1 case study")
    visitor.sees(title)
    feed = visitor.page.get_by_role("link", name=re.compile("as a feed")).get_attribute("href")
    assert feed
    entries = ElementTree.fromstring(visitor.reads(feed)).findall("a:entry", ATOM)
    (link,) = [entry.find("a:link", ATOM) for entry in entries if entry.findtext("a:title", namespaces=ATOM) == title]
    assert link is not None
    visitor.go(link.attrib["href"]).is_at(title)
    assert f"/case-studies/{slug(title)}/" in visitor.reads("/sitemap.xml")
