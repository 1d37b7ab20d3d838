"""Nobody signed in follows every link of the site in every shape, and finds nothing that is not public.

The world has a secret of each kind, named so that it can be looked for: drafts of pages, what a published page is to say next,
agreements in every state that their parties did not publish, a cycle in preparation, a fellow who left, somebody who never
agreed to be named and somebody who took it back, a hackathon that is not published, an organisation of which nothing is public.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from accounts import actions as accounts
from cms import actions as cms
from cms.models import CaseStudyIndexPage, CaseStudyPage
from core.access import HOUSE
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from tests import crawling
from tests.cms.stories import FACTS, FIGURE, story
from tests.conftest import PEOPLE, build_cast, sign_in_for
from tests.crawling import Found

pytestmark = pytest.mark.slow

START = ("/", "/robots.txt", "/sitemap.xml")
SIGNING_IN = ("/accounts/",)


@pytest.fixture
def world(db):
    """Everything that is public, and beside each thing its like that is not."""
    c = build_cast()
    c.hidden = []

    def secret(word: str) -> str:
        c.hidden.append(word)
        return word

    c.by = {"by": c.cora}
    fellowships.edit_project(project=c.project, facts={"title": "Open permits"}, by=c.cora)
    _agreements(c, secret)
    _cycles(c, secret)
    _people(c, secret)
    _hackathons(c, secret)
    _pages(c, secret)
    nowhere = partnerships.add_organisation(name=secret("Nowhere Bureau"), about=secret("aboutsecret"), by=HOUSE)
    partnerships.edit_organisation(organisation=c.agency, facts={"about": secret("innerwords"), "city": "Saltmere"}, by=c.cora)
    c.hidden += [nowhere.ref, "law@agency.example", "Quay Street", "Elsewhere"]
    c.hidden += [name.title() for name in PEOPLE if name != "felix"]
    return c


def _agreements(c, secret):
    days = {"starts": c.starts, "ends": c.ends}

    def draft(title):
        return mou_demo.agreement_draft(c.programme, c.ngo, c.agency, title=title, **days, by=c.cora)

    signed = fellowships_demo.agreement_in_force(c.host, [c.sofia, c.nora], by=c.cora)
    mou.publish_agreement(agreement=signed, by=c.cora)
    out = mou_demo.send(draft(secret("Outsecret")), by=c.cora)
    unpublished = mou_demo.sign(mou_demo.send(draft(secret("Forcesecret")), by=c.cora), [c.sofia, c.nora])
    taken = mou_demo.sign(mou_demo.send(draft(secret("Takensecret")), by=c.cora), [c.sofia, c.nora])
    mou.publish_agreement(agreement=taken, by=c.cora)
    mou.unpublish_agreement(agreement=taken, by=c.cora)
    declined = mou_demo.send(draft(secret("Declinedsecret")), by=c.cora)
    mou.decline_agreement(agreement=declined, reason=secret("whysecret"), by=c.sofia)
    c.signed = signed
    c.unsaid = [draft(secret("Draftsecret")), out, unpublished, taken, declined]
    c.hidden += [agreement.ref for agreement in c.unsaid]


def _cycles(c, secret):
    fellowships.publish_cycle(cycle=c.cycle, by=c.cora)
    c.preparing = fellowships.open_cycle(programme=c.programme, name=secret("Cyclesecret"), by=c.cora)
    host = partnerships.add_organisation(name=secret("Hostsecret"), by=HOUSE)
    fellowships.add_host(cycle=c.preparing, organisation=host, by=c.cora)
    c.hidden += [c.preparing.ref, host.ref]


def _people(c, secret):
    """Felix is named with his consent; the others were, or never were."""
    accounts.give_consent(person=c.felix.person, item="public_name", by=c.felix)
    for name, agrees, leaves in ((("Leaversecret"), True, True), ("Backsecret", True, False), ("Quietsecret", False, False)):
        user = sign_in_for(secret(name))
        if agrees:
            accounts.give_consent(person=user.person, item="public_name", by=user)
        fellow = fellowships.add_fellow(cycle=c.cycle, person=user.person, by=c.cora)
        fellowships.add_placement(fellow=fellow, host=c.host, by=c.cora)
        if leaves:
            c.left = fellow
            fellowships.withdraw_fellow(fellow=fellow, left_on=c.today, reason=secret("Reasonsecret"), by=c.cora)
        elif agrees:
            accounts.withdraw_consent(person=user.person, item="public_name", by=user)


def _hackathons(c, secret):
    ends = c.today - timedelta(days=40)
    for title, public in (("Water days", True), (secret("Eventsecret"), False)):
        titles = ["Ferry times"] if public else [secret("Outputsecret")]
        made = partnerships_demo.hackathon_open(c.programme, c.ngo, ends=ends, by=c.cora, titles=titles, title=title)
        partnerships_demo.hackathon_closed(made, c.agency, c.stella.person, by=c.cora)
        if public:
            partnerships.publish_hackathon(hackathon=made, by=c.cora)
        else:
            c.hidden.append(made.ref)


def _pages(c, secret):
    records = [c.cycle, c.placement, c.signed]
    more = [("quote", {"text": "It went well.", "by": "a nurse", "consent": secret("consentnote")})]
    page = story(cycle=c.cycle, agencies=[c.agency, c.ngo], records=[*records, c.preparing, *c.unsaid], more=more, **FIGURE)
    page.summary = secret("Nextsecret") + " is what it will say."
    page.save_revision()
    CaseStudyIndexPage.shown().add_child(instance=CaseStudyPage(live=False, **FACTS | {"title": secret("Storysecret")}))
    gone = story(title=secret("Gonesecret"))
    gone.unpublish()
    cms.draft_story(record=c.signed, by=c.cora)


def everywhere(path: str, query: str) -> bool:
    """Not where one has to sign in first."""
    return not path.startswith(("/static/", "/desk/", "/cms/", *SIGNING_IN))


def crawl(client: Client) -> Found:
    """All that can be reached, each list in every shape it offers; other hosts are left alone."""
    return crawling.crawl(client, START, everywhere)


def test_nobody_signed_in_finds_what_is_not_public_by_following_every_link(world):
    found = crawl(Client())
    assert {address: status for address, (status, _text) in found.items() if status >= 400} == {}
    told = [(secret, address) for address, (_status, text) in found.items() for secret in world.hidden if secret in text]
    assert told == []
    assert len(world.hidden) > 30 and len(found) > 40
    shapes = Counter(
        shape for address in found for shape in ("format=csv", "format=json", ".atom", ".xml", ".txt") if shape in address
    )
    assert shapes.keys() == {"format=csv", "format=json", ".atom", ".xml", ".txt"} and shapes["format=csv"] >= 6


def test_the_crawl_reads_what_is_public(world):
    """A crawl that finds nothing proves nothing."""
    whole = "\n".join(text for _status, text in crawl(Client()).values())
    for public in ("Felix", "Agency", "NGO", "First cycle", "Open permits", "Shorter queues", "Ferry times", world.signed.ref):
        assert public in whole, public


SEARCHED = {"/case-studies/": "q", "/agreements/": "q", "/organisations/": "words", "/cycles/": "words"}


@pytest.mark.parametrize("place", SEARCHED)
def test_words_that_are_hidden_find_nothing(world, place):
    client = Client()
    assert client.get(place, {"format": "json"}).json()["count"] > 0
    found = [secret for secret in world.hidden if client.get(place, {SEARCHED[place]: secret, "format": "json"}).json()["count"]]
    assert found == []


def test_what_is_hidden_answers_like_what_is_not_there(world):
    client = Client()
    for place, hidden in (
        ("agreements", world.unsaid[0].ref),
        ("cycles", world.preparing.ref),
        ("organisations", world.elsewhere.ref),
    ):
        answers = {client.get(f"/{place}/{ref}/").status_code for ref in (hidden, "22222ABSENT")}
        assert answers == {404}
    assert client.get("/case-studies/storysecret/").status_code == 404
