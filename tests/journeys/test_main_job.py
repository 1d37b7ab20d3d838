"""The whole job in a real browser: from an imported cycle to the public page, as five people, by every kind of hand.

Each hand has a programme, people and a host of its own on one site, so that one journey is not another's help.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import story
from tests.journeys.person import Hand, Person
from tests.journeys.site import Site, link_in

pytestmark = pytest.mark.browser
PASSWORD = "a long enough pass phrase"
HOSTS = {
    "mouse": "General Services Administration",
    "keyboard": "Department of Veterans Affairs",
    "no-script": "Department of Energy",
}


@dataclass(frozen=True)
class Scene:
    """What one hand works on."""

    hand: Hand
    programme: str
    cycle: str
    host: str

    @property
    def trust(self) -> str:
        """The organisation that signs for the programme."""
        return f"Fellows Trust {self.hand}"

    def address(self, name: str) -> str:
        return f"{name}.{self.hand}@example.org"


@pytest.fixture(scope="module")
def site(real_data: Path) -> Iterator[Site]:
    site = Site()
    try:
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--noinput", "-v0")
        for hand in HOSTS:
            site.manage("import_cohort", str(real_data / "cohorts-pif"), "--programme", f"Fellows by {hand}")
            site.manage(
                "grant", f"cora.{hand}@example.org", "coordinator", "--programme", f"Fellows by {hand}", "--name", "Cora Lind"
            )
        site.manage("import_organisations", str(real_data / "organizations-brigade.csv"))
        for hand in HOSTS:
            address = f"otto.{hand}@example.org"
            site.manage("grant", address, "signatory", "--organisation", "Code for Japan", "--name", "Otto Brook")
        site.manage("grant", "edna.mouse@example.org", "editor", "--programme", "Fellows by mouse", "--name", "Edna Field")
        yield site.start()
    finally:
        site.stop()


def comes_in(browser: Browser, site: Site, scene: Scene, name: str, *, width: int = 1280) -> Person:
    """Somebody with an address and no password yet: from the front page by the mailed link to the desk."""
    address = scene.address(name)
    person = Person(browser, site.url, scene.hand, width)
    person.go("/").click("Sign in", within="body").click("Set or forgot password")
    before = len(site.mails_to(address))
    person.fill("E-mail", address).click("Mail me the link", role="button")
    person.go(link_in(site.wait_for_mail(address, "password", after=before)))
    person.fill("New password", PASSWORD).fill("The same password again", PASSWORD).click("Set this password", role="button")
    person.click("Sign in").sign_in(address, PASSWORD)
    return person


@pytest.mark.parametrize("hand", HOSTS)
def test_from_the_imported_cycle_to_the_public_page(browser: Browser, site: Site, hand: Hand):
    scene = Scene(hand, f"Fellows by {hand}", "PIF 2024", HOSTS[hand])
    cora = comes_in(browser, site, scene, "cora")
    prepares(cora, scene)
    number = drafts_and_sends(cora, scene)

    otto = comes_in(browser, site, scene, "otto")
    agreement = f"/desk/agreements/{number}/"
    assert [otto.status(agreement), otto.status(f"{agreement}sign/"), otto.status("/desk/agreements/CG-1999-0001/")] == [404] * 3

    cannot_start(cora, scene, "is not signed yet")
    for name, width in (("sofia", 320), ("nora", 1280)):
        reads_and_signs(browser, site, scene, name, number, width)
    for name in ("sofia", "nora"):
        copy = site.wait_for_mail(scene.address(name), "Your copy", seconds=120)
        assert [part.get_filename() for part in copy.iter_attachments()] == [f"{number}.pdf"]
        assert next(copy.iter_attachments()).get_content()[:5] == b"%PDF-"

    starts_and_publishes(cora, scene, number)
    visitor = Person(browser, site.url, hand)
    visitor.go("/").click("Cycles", within="body").click(scene.cycle, within=f"main li:has-text('{scene.programme}')")
    visitor.is_at(scene.cycle).sees(scene.host).sees(number)
    assert visitor.faults() == []
    visitor.click(re.compile(number)).sees(scene.host)
    visitor.does_not_see("Sofia").does_not_see("example.org")
    assert visitor.faults() == []
    if hand == "mouse":  # Wagtail's admin is a program in the browser and wants a pointer
        tells_the_story(browser, site, scene, number, visitor=visitor, coordinator=cora, outsider=otto)


def tells_the_story(
    browser: Browser, site: Site, scene: Scene, number: str, *, visitor: Person, coordinator: Person, outsider: Person
) -> None:
    """An editor writes what came of the cycle. Nobody reads a draft, and nobody else gets in, coordinators excepted."""
    title = "Fewer forms at the counter"
    edna = comes_in(browser, site, scene, "edna")
    assert edna.status(f"/desk/agreements/{number}/") == 404
    story.goes_to_the_case_studies(edna)
    story.writes(edna, title, f"{scene.cycle}, {scene.programme}", number)
    story.is_nowhere(visitor, title)

    story.publishes(edna)
    edna.sees("Give a figure, or tick “there is no outcome yet”.")
    story.is_nowhere(visitor, title)
    edna.tick("There is no outcome yet")
    story.publishes(edna)
    edna.sees("has been published")
    assert edna.wrong == []
    story.is_found(visitor, title, scene.cycle, scene.programme, number)

    edna.click(re.compile("^Edit"), within="main").fill(re.compile("^Summary"), "Words for nobody yet.")
    story.saves(edna)
    assert [address for address in story.public_addresses(title) if "nobody yet" in visitor.reads(address)] == []

    outsider.go("/").click("Your desk", within="body").does_not_see("Write and publish pages")
    assert [person.status("/cms/") for person in (edna, coordinator, outsider, visitor)] == [200, 200, 404, 302]


def prepares(cora: Person, scene: Scene) -> None:
    """The organisation that signs for the programme, the host's facts, both signatories, and the days of the cycle."""
    cora.click("Organisations", within="body").click("Add an organisation")
    cora.fill("Registered name", scene.trust).fill("Legal form", "charity").fill("Registration number", f"R-{scene.hand}")
    cora.fill("Address", "2 Bridge Street").fill("E-mail for notices", scene.address("office")).fill(
        "Legal basis", "Its statutes"
    )
    cora.click("Add the organisation", role="button").is_at(scene.trust)
    assert cora.faults() == []
    names_signatory(cora, scene, "nora", "Nora Vale")

    cora.click("Cycles", within="body").click(f"{scene.cycle}", within="main")
    pick_own(cora, scene)
    cora.click("Change the programme").choose("Organisation that signs", scene.trust).fill("Holiday calendar", "US")
    cora.click("Save the changes", role="button").is_at(scene.cycle)
    cora.click("Change", exact=True).fill("First day", "2027-01-04").fill("Last day", "2027-12-17")
    cora.click("Save the changes", role="button").is_at(scene.cycle)
    assert cora.faults() == []

    cora.click(scene.host).is_at(scene.host).click("Change", exact=True)
    cora.fill("Address", "1 Main Street").fill("Legal basis", "Act of 1949").fill("E-mail for notices", scene.address("law"))
    cora.click("Save the changes", role="button").is_at(scene.host)
    names_signatory(cora, scene, "sofia", "Sofia Lund")


def pick_own(cora: Person, scene: Scene) -> None:
    """Three programmes imported the same cohort; each coordinator sees one of them."""
    cora.is_at(scene.cycle).sees(scene.programme)


def names_signatory(cora: Person, scene: Scene, name: str, whole: str) -> None:
    cora.click("Add a person").fill("Name", whole).fill("E-mail address", scene.address(name))
    cora.tick(re.compile("^Signatory")).click("Add the person", role="button").sees(whole)


def drafts_and_sends(cora: Person, scene: Scene) -> str:
    cora.click("Cycles", within="body").click(scene.cycle, within="main").is_at(scene.cycle)
    row = f"tr:has-text('{scene.host}')"
    cora.click("Draft agreement", within=row)
    cora.sees("missing before it can be sent")
    number = re.search(r"CG-\d{4}-\d{4}", cora.page.url)
    assert number
    assert cora.faults() == []
    cora.click("Fill in terms")
    for label, text in {
        "Site supervisor": "Stella Marsh",
        "Executive sponsor": "Una Reed",
        "Hours a week": "38",
        "Number of instalments": "4",
        "Law that applies": "the law of the District",
        "Courts that decide": "the courts of the District",
        "Language that prevails": "English",
    }.items():
        cora.fill(label, text)
    for label in ("Upper limit of liability", "Fee for each place", "Most that the host can be asked to pay"):
        group = cora.page.get_by_role("group", name=re.compile(label)).first
        for part, text in (("Amount", "24000"), ("Currency", "USD")):
            field = group.get_by_label(part).first
            field.fill(text)
    cora.click("Save", role="button", exact=True)
    assert cora.faults() == []
    cora.click("Send", exact=True).sees("Sofia Lund")
    assert cora.faults() == []
    cora.click(re.compile("^Freeze and send"), role="button").sees("Out for signature")
    return number[0]


def finds_placement(cora: Person, scene: Scene) -> None:
    """One of 162, by the words of its host."""
    cora.click("Placements", within="body").fill("Fellow, host or project", scene.host).click("Show", role="button")
    cora.click(re.compile("PIF-2024"), within="main table")


def cannot_start(cora: Person, scene: Scene, why: str) -> None:
    """The gate, seen at the desk: the placement says what is missing and who."""
    finds_placement(cora, scene)
    cora.is_at("PIF-2024")
    if cora.page.get_by_role("link", name="Plan it").count():
        cora.click("Plan it").click("Plan the placement", role="button")
    cora.sees("cannot start").sees(re.compile(why)).sees(re.compile("Sofia Lund"))
    assert cora.faults() == []


def reads_and_signs(browser: Browser, site: Site, scene: Scene, name: str, number: str, width: int) -> None:
    signatory = comes_in(browser, site, scene, name, width=width)
    signatory.go(link_in(site.wait_for_mail(scene.address(name), "To sign"))).sees("Read the text")
    assert signatory.faults() == []
    signatory.tick(re.compile("I have read this agreement")).click("Sign the agreement", role="button")
    signatory.sees("You have signed")
    assert signatory.faults() == []
    signatory.context.close()


def starts_and_publishes(cora: Person, scene: Scene, number: str) -> None:
    finds_placement(cora, scene)
    cora.click("Start the placement").click("Start the placement", role="button").sees("Active")
    cora.click("Agreements", within="body").click(re.compile("Host placement"), within=f"tr:has-text('{number}')")
    cora.sees("In force")
    cora.opens("More")
    cora.click("Publish in the register").sees(re.compile("register"))
    assert cora.faults() == []
    cora.click("Cycles", within="body").click(scene.cycle, within="main")
    cora.click("Publish").click("Publish the cycle", role="button").sees("Published")
    assert cora.faults() == []
