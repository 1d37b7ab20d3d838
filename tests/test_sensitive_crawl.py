"""Somebody who is sensitive is in nothing that everybody can read.

An organisation that signed, hosted, held a hackathon, answers for an output and is told of, a person who works there, and two
fellows and an owner who agreed to be named: each is public, then marked, and gone from every address in every shape.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import actions as accounts
from cms.models import CaseStudyPage
from core.access import HOUSE
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from fellowships.models import Host
from mou import actions as mou
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from tests.cms.stories import FIGURE, story
from tests.conftest import build_cast, sign_in_for
from tests.test_anonymous_crawl import crawl

BODY = ("Markerhouse", "MKRH", "Oldmarker", "markertown", "Markershown", "Markerland")
PEOPLE = ("Markerfellow", "Markerowner", "Markerguide")
WHY = "Threatened."
SHAPES = ("format=csv", "format=json", ".atom", "sitemap.xml")


@pytest.fixture
def world(db):
    """Everything of the marker that can be public, beside the cast, of whom nothing is marked."""
    c = build_cast()
    c.body = partnerships.add_organisation(
        name=BODY[0],
        short_name=BODY[1],
        former_names=[BODY[2]],
        city=BODY[3],
        presented_as=f"{BODY[4]} {BODY[1]}",
        jurisdiction=BODY[5],
        legal_basis="Act",
        address="3 Hill Street",
        notice_email="law@body.example",
        by=HOUSE,
    )
    c.signer, c.owner, c.worker, c.elsewhere_fellow = (sign_in_for(name) for name in ("zed", PEOPLE[1], PEOPLE[0], PEOPLE[2]))
    partnerships.add_member(organisation=c.body, person=c.signer.person, role="signatory", by=HOUSE)
    partnerships.add_member(organisation=c.agency, person=c.owner.person, role="official", by=HOUSE)
    for user in (c.owner, c.worker, c.elsewhere_fellow, c.felix):
        for item in ("public_name", "case_study"):
            accounts.give_consent(person=user.person, item=item, by=user)
    partnerships.edit_organisation(organisation=c.ngo, facts={"parent": c.body}, by=HOUSE)  # what is above is named as well
    c.office = partnerships.add_organisation(name="Markerdepartment", parent=c.agency, by=HOUSE)
    _cycles(c)
    _hackathons(c)
    _pages(c)
    return c


def _cycles(c):
    fellowships.publish_cycle(cycle=c.cycle, by=c.cora)
    fellow = fellowships.add_fellow(cycle=c.cycle, person=c.elsewhere_fellow.person, by=c.cora)
    c.unnamed = fellowships.add_placement(fellow=fellow, host=c.host, by=c.cora)
    days = {"starts": c.starts, "ends": c.ends}
    c.scene = fellowships_demo.planned(c.programme, c.body, c.worker.person, **days, by=c.cora, name="Second cycle")
    fellowships.publish_cycle(cycle=c.scene.cycle, by=c.cora)
    c.agreement = fellowships_demo.agreement_in_force(c.scene.host, [c.signer, c.nora], by=c.cora)
    mou.publish_agreement(agreement=c.agreement, by=c.cora)
    c.plain = fellowships_demo.agreement_in_force(c.host, [c.sofia, c.nora], by=c.cora)
    mou.publish_agreement(agreement=c.plain, by=c.cora)


def _hackathons(c):
    for title, organiser, agency, owner in (
        ("Markerdays", c.body, c.agency, c.stella),
        ("Water days", c.ngo, c.agency, c.owner),
        ("Road days", c.ngo, c.body, c.signer),
    ):
        made = partnerships_demo.hackathon_open(
            c.programme, organiser, ends=c.today - timedelta(days=40), by=c.cora, titles=[f"{title} map"], title=title
        )
        partnerships_demo.hackathon_closed(made, agency, owner.person, by=c.cora)
        partnerships.publish_hackathon(hackathon=made, by=c.cora)
        c.output = made.output_set.get()


def _pages(c):
    c.stories = {
        "involved": story(title="Storyone Markertale", agencies=[c.body], **FIGURE),
        "record": story(title="Storytwo Markertale", records=[c.agreement]),
        "placement": story(title="Storythree Markertale", records=[c.scene.placement]),
        "in the text": story(title="Storyfour Markertale", more=[("output", c.output)]),
        "named": story(title="Storyfive Markertale", problem="<p>People of <b>MARKERHOUSE</b> queued.</p>"),
        "former": story(title="Storysix Markertale", partners="The Oldmarker"),
        "for search engines": story(title="Storyseven Markertale", search_description="With MKRH."),
        "presented as": story(title="Storynine Markertale", partners="With markershown MKRH."),
        "person": story(title="Storyeight Markertale", more=[("paragraph", "<p>Said markerfellow.</p>")]),
    }
    c.open = story(title="Opentale", cycle=c.cycle, records=[c.unnamed, c.plain, c.scene.cycle], agencies=[c.agency])


def hits(found: dict[str, tuple[int, str]]) -> set[tuple[str, str]]:
    """(marker, address) of everything that tells of a marker; addresses of the desk and of files are not followed."""
    folded = {address: f"{address} {text}".casefold() for address, (_status, text) in found.items()}
    return {
        (mark, address)
        for address, text in folded.items()
        for mark in (*BODY, *PEOPLE, "Markertale", "Markerdays")
        if re.search(mark.casefold(), text)
    }


def mark(c):
    partnerships.shield_organisation(organisation=c.body, reason=WHY, by=c.cora)
    for user in (c.owner, c.elsewhere_fellow):
        accounts.shield_person(person=user.person, reason=WHY, by=HOUSE)
    accounts.shield_person(person=c.worker.person, reason=WHY, by=c.worker)


@pytest.mark.slow
def test_what_is_marked_is_in_no_address_in_no_shape_and_was_there_before(world):
    before = crawl(Client())
    told = hits(before)
    assert {marker for marker, _address in told} == {*BODY, *PEOPLE, "Markertale", "Markerdays"}
    shapes = {shape for _mark, address in told for shape in SHAPES if shape in address}
    assert shapes == set(SHAPES)
    mark(world)
    after = crawl(Client())
    assert hits(after) == set()
    assert {address: status for address, (status, _text) in after.items() if status >= 400} == {}
    whole = "\n".join(text for _status, text in after.values())
    for left in ("Opentale", "Second cycle", "Water days map", world.plain.ref, "Felix", "Agency"):
        assert left in whole, left
    for gone in (world.body.ref, world.agreement.ref):
        assert gone not in whole


@pytest.mark.slow
def test_every_address_that_told_of_it_answers_like_what_is_not_there_or_without_it(world):
    """Bookmarked addresses, which no link leads to any more."""
    before = {address for _marker, address in hits(crawl(Client()))}
    mark(world)
    client = Client()
    answers = {address: client.get(address) for address in before}
    text = {a: (b"".join(r) if r.streaming else r.content).decode("utf-8-sig", "replace").casefold() for a, r in answers.items()}
    assert {answer.status_code for answer in answers.values()} == {200, 404}
    for address, said in text.items():
        assert not [m for m in (*BODY, *PEOPLE, "Markertale", "Markerdays") if m.casefold() in said], address
    for page in world.stories.values():
        assert client.get(page.url).status_code == 404
    assert client.get(f"/organisations/{world.body.ref}/").status_code == 404
    assert client.get(f"/agreements/{world.agreement.ref}/").status_code == 404


@pytest.mark.parametrize("place", ["/case-studies/", "/agreements/", "/organisations/", "/cycles/"])
def test_words_of_it_find_nothing(world, place):
    name = {"/case-studies/": "q", "/agreements/": "q"}.get(place, "words")
    client = Client()
    count = lambda words: client.get(place, {name: words, "format": "json"}).json()["count"]  # noqa: E731
    words = [*BODY[:1], "Markertale", "markertown"]
    if place != "/cycles/":
        assert sum(map(count, words)) > 0
    mark(world)
    assert sum(map(count, words)) == 0


def test_counts_leave_it_out(world):
    client = Client()

    def count() -> tuple[int, ...]:
        cycle = client.get(f"/cycles/{world.scene.cycle.ref}/", {"format": "json"}).json()
        cycles = client.get("/cycles/", {"format": "json"}).json()["cycles"]
        row = next(each for each in cycles if each["name"] == "Second cycle")
        listed = [client.get(place, {"format": "json"}).json()["count"] for place in ("/organisations/", "/agreements/")]
        return (cycle["count"], row["hosts"], row["fellows_placed"], *listed)

    assert count() == (1, 1, 1, 3, 2)
    mark(world)
    assert count() == (0, 0, 0, 2, 1)
    assert Host.objects.filter(organisation=world.body).exists()


@pytest.mark.slow
def test_lifted_everything_is_as_it_was(world):
    before = hits(crawl(Client()))
    mark(world)
    assert hits(crawl(Client())) == set()
    partnerships.unshield_organisation(organisation=world.body, reason="Over.", by=world.cora)
    for user in (world.owner, world.worker, world.elsewhere_fellow):
        accounts.unshield_person(person=user.person, reason="Over.", by=HOUSE)
    assert hits(crawl(Client())) == before
    assert CaseStudyPage.objects.kept_back() == {}
