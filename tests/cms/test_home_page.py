"""The first page: presentable before anybody wrote anything, and with figures that are counted, never written."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Site

from cms.models import CaseStudyIndexPage, HomePage, on_record
from fellowships import actions as fellowships
from mou import actions as mou
from mou.models import Duty
from mou.states import DutyState
from tests.cms.stories import FIGURE, story


def plain(client, url="/") -> str:
    return re.sub(r"\s+", " ", client.get(url).content.decode())


def facts(client) -> dict[str, str]:
    """What stands in the box beside the headline."""
    box = plain(client).partition('<dl class="facts facts--even">')[2].partition("</dl>")[0]
    found = re.findall(r"<dt>(.*?)</dt> <dd>(.*?)</dd>", box)
    return {label: re.sub(r"<[^>]+>", "", value).strip() for label, value in found}


def test_a_place_is_looked_up_from_the_first_page_once_something_is_on_record(client, cast):
    assert 'role="search"' not in plain(client)
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    form = plain(client).partition('<form class="filters" role="search"')[2].partition("</form>")[0]
    assert 'action="/organisations/"' in form and "What was promised in your city, or by a public body?" in form
    assert cast.agency.name in plain(client, f"/organisations/?words={cast.agency.name}")
    assert client.get("/").cookies == {}


def test_a_fresh_installation_has_a_first_page(client, db):
    html = plain(client)
    assert "<h1>What public bodies and civic technologists promised each other, and what came of it.</h1>" in html
    assert "Both sides owe something" in html and "How a fellowship year goes" in html and "Part of this work?" in html
    assert "<title>What was promised, and what came of it – Common Ground</title>" in html
    assert "Welcome to your new Wagtail site" not in html
    assert facts(client) == {"Cycles": "none published yet", "Agreements": "none published yet"}
    assert "From the case studies" not in html and "More results" not in html and "All cycles" not in html


def test_a_fresh_installation_has_a_list_of_case_studies_and_one_site(client, db):
    assert client.get("/case-studies/").status_code == 200
    assert [(site.root_page.specific, site.is_default_site) for site in Site.objects.all()] == [(HomePage.objects.get(), True)]
    assert CaseStudyIndexPage.shown().get_parent().specific == HomePage.objects.get()
    assert Page.find_problems() == ([], [], [], [], [])
    call_command("fixtree", interactive=False)
    assert Page.objects.count() == 3


def test_the_masthead_leads_to_what_is_public_and_to_the_desk(client, cast):
    def menu() -> list[tuple[str, str]]:
        nav = plain(client).partition('<nav class="masthead__nav"')[2].partition("</nav>")[0]
        return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav)

    known = [
        ("/case-studies/", "Case studies"), ("/cycles/", "Cycles"), ("/agreements/", "Agreements"),
        ("/organisations/", "Organisations"), ("/hackathons/", "Hackathons"),
    ]  # fmt: skip
    assert menu() == [*known, ("/accounts/login/", "Sign in")]
    client.force_login(cast.felix)
    assert menu() == [*known, ("/desk/", "Your desk")]


def test_all_words_are_an_editors(client, db):
    home = HomePage.objects.get()
    home.headline, home.lead, home.aside_title = "Other words", "Another lead", ""
    home.steps = [("point", {"title": "First step", "text": "Begin."})]
    home.points = []
    home.save_revision().publish()
    client.cookies["messages"] = "x"  # past the cache: that has tests of its own
    html = plain(client)
    assert "<h1>Other words</h1>" in html and "Another lead" in html and "First step" in html
    assert "Both sides owe" not in html and "Part of this work" not in html


def test_figures_are_counted_from_what_is_published(client, cast, agreement_in_force):
    assert facts(client) == {"Cycles": "none published yet", "Agreements": "none published yet"}
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    found = facts(client)
    assert found == {"Cycles": "1", "Hosts": "1", "Fellows": "1 place, 1 person", "Agreements": "none published yet"}
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    found = facts(client)
    assert found["Agreements"] == "1 in force, 0 ended"
    fellowships.unpublish_cycle(cycle=cast.cycle, by=cast.cora)
    assert facts(client)["Cycles"] == "none published yet"


def test_who_leaves_and_who_follows_are_two_people_in_one_place(client, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    fellowships.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Moved", by=cast.cora)
    fellowships.replace_fellow(fellow=cast.fellow, person=cast.otto.person, by=cast.cora)
    assert facts(client)["Fellows"] == "1 place, 2 people"


def test_duties_count_once_they_are_due_and_late_only_when_nothing_came(client, cast, agreement_in_force):
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    today = timezone.localdate()
    Duty.objects.filter(state=DutyState.OPEN).update(due=today + timedelta(days=9))
    now = on_record(today)
    assert (now.due, now.accepted, now.late) == (0, 0, 0)
    client.cookies["messages"] = "x"
    assert facts(client)["Their duties due so far"] == "none due yet"
    first, second, third, fourth = Duty.objects.filter(state=DutyState.OPEN)[:4]
    for duty, state, days in ((first, "accepted", 3), (second, "sent", 3), (third, "open", 1), (fourth, "open", 0)):
        Duty.objects.filter(pk=duty.pk).update(state=state, due=today - timedelta(days=days))
    now = on_record(today)
    assert (now.due, now.accepted, now.late) == (4, 1, 1)
    assert facts(client)["Their duties due so far"] == "4, of which 1 accepted, 1 late"


def test_duties_of_agreements_that_are_not_public_are_not_counted(cast, agreement_in_force):
    Duty.objects.filter(state=DutyState.OPEN).update(due=timezone.localdate() - timedelta(days=9))
    assert on_record(timezone.localdate()).due == 0


@pytest.mark.parametrize(("count", "cards"), [(0, 0), (1, 1), (3, 3), (6, 4)])
def test_the_newest_stories_are_cards_the_first_of_them_large(client, db, count, cards):
    for n in range(count):
        story(title=f"Story {n}", **FIGURE)
    html = plain(client)
    titles = re.findall(r'card__title"><a href="/case-studies/story-\d/">([^<]+)<', html)
    assert titles == [f"Story {n}" for n in reversed(range(count))][:cards]
    assert html.count("card--lead") == min(count, 1)
    assert (f"All {count} case studies" in html) is (count > 1)


def test_cycles_show_their_days_and_hosts(client, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    bare = fellowships.open_cycle(programme=cast.programme, name="Old list", by=cast.cora)
    fellowships.publish_cycle(cycle=bare, by=cast.cora)
    html = plain(client)
    assert f'href="/cycles/{cast.cycle.ref}/">First cycle</a>' in html and "1 host" in html
    assert "days unknown" in html and "0 hosts" in html


def test_the_three_newest_cycles_are_shown_the_latest_first(client, cast):
    for year in (2031, 2033, 2030, 2032):
        cycle = fellowships.open_cycle(programme=cast.programme, name=f"Year {year}", starts=date(year, 1, 9), by=cast.cora)
        fellowships.publish_cycle(cycle=cycle, by=cast.cora)
    assert re.findall(r">(Year \d+)</a>", plain(client)) == ["Year 2033", "Year 2032", "Year 2031"]


@pytest.mark.parametrize("rows", [1, 4])
def test_it_takes_as_many_queries_whatever_is_on_it(client, cast, rows):
    for n in range(rows):
        cycle = fellowships.open_cycle(programme=cast.programme, name=f"Cycle {n}", by=cast.cora)
        fellowships.publish_cycle(cycle=cycle, by=cast.cora)
        story(title=f"Story {n}", cycle=cycle)
    client.get("/robots.txt")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert len(asked) == 20
