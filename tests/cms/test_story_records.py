"""A case study picks records and shows them as they are when somebody reads it; what is not public is not there."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from accounts import actions as accounts
from cms.models import CaseStudyIndexPage, CaseStudyPage, CaseStudyRecord
from core.access import HOUSE
from fellowships import actions as fellowships
from mou import actions as mou
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.jobs import ask_follow_ups
from partnerships.models import FollowUp, Output
from tests.cms.stories import FACTS, story
from tests.reading import page as text_of
from tests.reading import soup, words


@pytest.fixture
def public(cast: SimpleNamespace) -> SimpleNamespace:
    """The cycle is published, and Felix agrees to be named and told of."""
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    for item in ("public_name", "case_study"):
        accounts.give_consent(person=cast.felix.person, item=item, by=cast.felix)
    return cast


def facts(client, story: CaseStudyPage) -> dict[str, str]:
    """What the page shows of its records: label to text."""
    shown = soup(client.get(story.url)).select("section[aria-labelledby=records] dl div")
    return {words(each.dt): words(each.dd) for each in shown}


def unsaved(story: CaseStudyPage) -> bool:
    """Nobody has touched the page: it has the one revision that published it."""
    fresh = CaseStudyPage.objects.get(pk=story.pk)
    return fresh.latest_revision_id == story.latest_revision_id and fresh.last_published_at == story.last_published_at


def test_a_cycle_is_shown_as_it_is_now(client, public):
    page = story(records=[public.cycle])
    assert facts(client, page)["Cycle"] == "First cycle , Open city"
    assert facts(client, page)["Hosts"] == "1"
    fellowships.edit_cycle(cycle=public.cycle, facts={"name": "Renamed"}, by=public.cora)
    fellowships.add_host(cycle=public.cycle, organisation=public.elsewhere, by=public.cora)
    assert facts(client, page)["Cycle"] == "Renamed , Open city"
    assert facts(client, page)["Hosts"] == "2"
    assert unsaved(page)


def test_a_placement_is_shown_as_it_is_now(client, public, agreement_in_force):
    page = story(records=[public.placement])
    assert facts(client, page)["Placement"] == "Felix at Agency , First cycle"
    assert facts(client, page)["State"] == "Planned"
    fellowships.start_placement(placement=public.placement, by=public.cora)
    assert facts(client, page)["State"] == "Active"
    partnerships.edit_organisation(organisation=public.agency, facts={"name": "Ministry of Ships"}, by=public.cora)
    assert facts(client, page)["Placement"] == "Felix at Ministry of Ships , First cycle"
    assert unsaved(page)


def test_who_takes_their_consent_back_is_no_longer_named(client, public):
    page = story(records=[public.placement])
    assert "Felix" in text_of(client.get(page.url))
    accounts.withdraw_consent(person=public.felix.person, item="public_name", by=public.felix)
    assert facts(client, page)["Placement"] == "A fellow at Agency , First cycle"
    assert "Felix" not in client.get(page.url).content.decode()


def test_an_agreement_is_shown_as_it_is_now(client, public, agreement_in_force):
    mou.publish_agreement(agreement=agreement_in_force, by=public.cora)
    page = story(records=[agreement_in_force])
    assert facts(client, page)["Agreement"].startswith(agreement_in_force.ref)
    assert facts(client, page)["State"].startswith("In force")
    mou.expire_agreement(agreement=agreement_in_force, today=public.ends.replace(year=public.ends.year + 1), by=HOUSE)
    assert facts(client, page)["State"].startswith("Ended")
    assert unsaved(page)


@pytest.fixture
def output(public) -> Output:
    """An output of a published hackathon, that Stella answers for at the agency; the question after 30 days is open."""
    ends = public.today - timedelta(days=31)
    hackathon = partnerships_demo.hackathon_open(public.programme, public.ngo, ends=ends, by=public.cora, titles=["Ferry times"])
    partnerships_demo.hackathon_closed(hackathon, public.agency, public.stella.person, by=public.cora)
    partnerships.publish_hackathon(hackathon=hackathon, by=public.cora)
    ask_follow_ups(public.today.isoformat())
    return Output.objects.get(hackathon=hackathon)


def test_an_output_is_shown_in_its_present_state(client, public, output):
    page = story(records=[output])
    assert facts(client, page)["Hackathon output"] == "Ferry times"
    assert facts(client, page)["Present state"] == "Not asked yet"
    question = FollowUp.objects.get(output=output, state="asked")
    partnerships.answer_follow_up(follow_up=question, outcome="adopted", evidence="https://ferries.example/", by=public.stella)
    assert facts(client, page)["Present state"] == "Adopted after 30 days"
    assert unsaved(page)


LEAVING = {
    "cycle": lambda c: fellowships.unpublish_cycle(cycle=c.cycle, by=c.cora),
    "placement": lambda c: fellowships.withdraw_placement(
        placement=c.placement, ended_on=c.today, reason="A secret reason.", by=c.cora
    ),
    "agreement": lambda c: mou.unpublish_agreement(agreement=c.signed, by=c.cora),
    "output": lambda c: partnerships.unpublish_hackathon(hackathon=c.output.hackathon, by=c.cora),
}


@pytest.mark.parametrize("kind", LEAVING)
def test_a_record_that_is_not_public_any_more_leaves_the_page_and_the_story_stays(
    client, public, agreement_in_force, output, kind
):
    mou.publish_agreement(agreement=agreement_in_force, by=public.cora)
    public.signed, public.output = agreement_in_force, output
    record = {"cycle": public.cycle, "placement": public.placement, "agreement": agreement_in_force, "output": output}[kind]
    page = story(records=[record], more=[(kind, record)])
    before = client.get(page.url).content.decode()
    assert facts(client, page) != {} and len(soup(client.get(page.url)).select("dl.facts--wide")) == 2
    LEAVING[kind](public)
    after = client.get(page.url)
    assert facts(client, page) == {} and soup(after).select("dl.facts--wide") == []
    assert "Shorter queues" in text_of(after) and "secret" not in after.content.decode()
    assert before != after.content.decode() and unsaved(page)


def test_what_was_never_public_is_not_shown_although_it_was_picked(client, cast, agreement_in_force):
    page = story(records=[cast.cycle, cast.placement, agreement_in_force])
    html = client.get(page.url).content.decode()
    assert facts(client, page) == {}
    for secret in ("First cycle", agreement_in_force.ref, "Permits without a queue", "Felix"):
        assert secret not in html


def test_a_line_picks_exactly_one_record(public, agreement_in_force):
    page = story()
    for picked in ({}, {"cycle": public.cycle, "agreement": agreement_in_force}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseStudyRecord.objects.create(page=page, **picked)


def test_the_organisations_involved_lead_to_their_pages(client, public):
    page = story(agencies=[public.agency, public.ngo, public.agency])
    links = soup(client.get(page.url)).select('main a[href^="/organisations/"]')
    assert [(words(link), link["href"]) for link in links] == [
        ("Agency", f"/organisations/{public.agency.ref}/"),
        ("NGO", f"/organisations/{public.ngo.ref}/"),
    ]


def test_a_page_that_names_an_organisation_twice_stands_once_on_its_page(client, public):
    page = story(agencies=[public.agency, public.agency])
    links = soup(client.get(f"/organisations/{public.agency.ref}/")).select(f'main a[href="{page.url}"]')
    assert len(links) == 1


def test_the_free_part_has_words_figures_quotations_and_records_in_its_order(client, public):
    page = story(
        more=[
            ("heading", "What else"),
            ("figure", {"number": "12", "unit": "people", "label": "Came", "day": "2026-03-02", "source": "The door list"}),
            ("quote", {"text": "It was worth it.", "by": "a nurse", "consent": "By letter, 3 March 2026"}),
            ("cycle", public.cycle),
        ]
    )
    shown = text_of(client.get(page.url))
    parts = ["What else", "12", "Came", "2 March 2026", "The door list", "It was worth it.", "a nurse", "First cycle"]
    places = [shown.index(part, shown.index("What did not work")) for part in parts]
    assert places == sorted(places)
    assert "By letter" not in client.get(page.url).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_asks_as_often_for_one_record_as_for_three(client, public, django_assert_num_queries, rows):
    cycles = [public.cycle]
    for number in range(rows - 1):
        cycles.append(fellowships.open_cycle(programme=public.programme, name=f"Cycle {number}", by=public.cora))
        fellowships.publish_cycle(cycle=cycles[-1], by=public.cora)
    page = story(
        records=cycles, agencies=[public.agency, public.ngo, public.elsewhere][:rows], more=[("cycle", each) for each in cycles]
    )
    client.get("/case-studies/")
    with django_assert_num_queries(19):
        client.get(page.url)


def test_a_draft_change_of_its_records_is_not_shown(client, public, agreement_in_force):
    mou.publish_agreement(agreement=agreement_in_force, by=public.cora)
    page = story(records=[public.cycle])
    page.records = [CaseStudyRecord(agreement=agreement_in_force)]
    page.save_revision()
    assert "Agreement" not in facts(client, page)


def test_years_come_from_the_days_of_the_cycle_or_are_given(client, public):
    given, cycle = story(title="Given", year=2019), story(title="Of a cycle", cycle=public.cycle, year=None)
    assert list(given.told_years) == [2019]
    assert list(cycle.told_years) == sorted({public.starts.year, public.ends.year})
    fellowships.unpublish_cycle(cycle=public.cycle, by=public.cora)
    assert list(CaseStudyPage.objects.get(pk=cycle.pk).told_years) == []


def test_drafts_lie_beside_the_published_ones(public):
    index = CaseStudyIndexPage.shown()
    draft = index.add_child(instance=CaseStudyPage(live=False, **FACTS | {"title": "Draft"}))
    assert draft.words == "" and story().words.startswith("shorter queues patients used to ring")
