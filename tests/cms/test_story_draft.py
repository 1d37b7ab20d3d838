"""A case study is begun from a record in one step: a draft with what is public of it, and nobody's name."""

from datetime import timedelta

import pytest

from accounts import actions as accounts
from cms import actions
from cms.models import CaseStudyIndexPage, CaseStudyPage
from core import audit
from fellowships import actions as fellowships
from mou import actions as mou
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.models import Output
from tests.cms.stories import story
from tests.reading import buttons, page, said, soup

KINDS = ("cycles", "placements", "agreements", "outputs")


@pytest.fixture
def public(cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    accounts.give_consent(person=cast.felix.person, item="public_name", by=cast.felix)
    return cast


@pytest.fixture
def signed(public, agreement_in_force):
    mou.publish_agreement(agreement=agreement_in_force, by=public.cora)
    return agreement_in_force


@pytest.fixture
def output(cast) -> Output:
    """Made at an event that is closed and not published; Stella of the agency answers for it."""
    ends = cast.today - timedelta(days=400)
    event = partnerships_demo.hackathon_open(cast.programme, cast.ngo, ends=ends, by=cast.cora, titles=["Ferry times"])
    partnerships_demo.hackathon_closed(event, cast.agency, cast.stella.person, by=cast.cora)
    return Output.objects.get()


@pytest.fixture
def made(public, output) -> Output:
    partnerships.publish_hackathon(hackathon=output.hackathon, by=public.cora)
    return output


def begin(client, kind, record):
    return client.post(f"/desk/{kind}/{record.ref}/case-study/")


def test_from_a_cycle(client, public):
    client.force_login(public.cora)
    answer = begin(client, "cycles", public.cycle)
    draft = CaseStudyPage.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/cms/pages/{draft.pk}/edit/")
    assert (draft.title, draft.live, draft.cycle, draft.level) == ("First cycle, Open city", False, public.cycle, "")
    assert draft.partners == "Agency" and [row.organisation for row in draft.agencies.all()] == [public.agency]
    assert [row.key for row in draft.records.all()] == [("cycle", public.cycle.pk)]
    assert client.get(answer["Location"]).status_code == 200


def test_from_a_placement_it_names_the_work_and_nobody(client, public):
    client.force_login(public.cora)
    begin(client, "placements", public.placement)
    draft = CaseStudyPage.objects.get()
    assert (draft.title, draft.cycle, draft.partners) == ("Permits without a queue", public.cycle, "Agency")
    assert [row.key for row in draft.records.all()] == [("placement", public.placement.pk)]
    assert "Felix" not in str(draft.get_latest_revision().content)


def test_from_an_agreement_it_has_the_parties_and_the_year(client, public, signed):
    client.force_login(public.cora)
    begin(client, "agreements", signed)
    draft = CaseStudyPage.objects.get()
    assert (draft.title, draft.cycle, draft.year) == (signed.title, None, signed.starts.year)
    assert draft.partners == "NGO, Agency"
    assert [row.organisation for row in draft.agencies.all()] == [public.ngo, public.agency]


def test_from_an_output_it_has_the_agency_the_organiser_and_the_year_of_the_event(client, public, made):
    client.force_login(public.cora)
    answer = begin(client, "outputs", made)
    draft = CaseStudyPage.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/cms/pages/{draft.pk}/edit/")
    assert (draft.title, draft.live, draft.cycle, draft.year) == ("Ferry times", False, None, made.hackathon.starts.year)
    assert draft.partners == "Agency, NGO"
    assert [row.organisation for row in draft.agencies.all()] == [public.agency, public.ngo]
    assert [row.key for row in draft.records.all()] == [("output", made.pk)]
    assert "Stella" not in str(draft.get_latest_revision().content)
    assert client.get(answer["Location"]).status_code == 200


def test_asked_twice_it_leads_to_the_draft_that_is_there(client, public):
    client.force_login(public.cora)
    first, second = begin(client, "cycles", public.cycle), begin(client, "cycles", public.cycle)
    assert first["Location"] == second["Location"] and CaseStudyPage.objects.count() == 1
    assert "This draft was begun before." in client.get(second["Location"]).content.decode()
    assert [line.verb for line in audit.history(CaseStudyPage.objects.get())] == ["page.drafted"]


def test_a_new_one_is_begun_once_the_first_is_published(public):
    story(records=[public.cycle])
    assert actions.draft_story(record=public.cycle, by=public.cora)[1] is True


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_begun_from_what_is_not_public(client, cast, agreement_in_force, output, kind):
    """A draft is read by the editors of every programme."""
    records = {"cycles": cast.cycle, "placements": cast.placement, "agreements": agreement_in_force, "outputs": output}
    record = records[kind]
    client.force_login(cast.cora)
    answer = begin(client, kind, record)
    assert answer.status_code == 403 and "Only what is public is told of in a case study." in page(answer)
    assert not CaseStudyPage.objects.exists()
    assert "Make a case study" not in client.get(f"/desk/{kind}/{record.ref}/").content.decode()


def test_only_who_writes_pages_begins_one(client, public, signed, made):
    for user, status in ((public.audrey, 403), (public.nora, 403), (public.otto, 404), (public.edna, 404)):
        client.force_login(user)
        assert [begin(client, "agreements", signed).status_code, begin(client, "outputs", made).status_code] == [status] * 2
    client.force_login(public.stella)  # the owner of the output
    assert begin(client, "outputs", made).status_code == 403
    client.logout()
    assert begin(client, "agreements", signed).status_code == begin(client, "outputs", made).status_code == 302
    assert not CaseStudyPage.objects.exists()


def panel(client, kind, record) -> tuple[list[str], list[str]]:
    """(What the part "Case studies" leads to, what can be pressed there) on the page of a record."""
    sections = soup(client.get(f"/desk/{kind}/{record.ref}/")).select("main section")
    found = [each for each in sections if each.h2 and each.h2.get_text(strip=True) == "Case studies"]
    links = [link.get_text(strip=True) for each in found for link in each.select("a")]
    return links, [press.get_text(strip=True) for each in found for press in each.select("button")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_record_offers_it_then_the_draft_then_the_story(client, public, signed, made, kind):
    record = {"cycles": public.cycle, "placements": public.placement, "agreements": signed, "outputs": made}[kind]
    client.force_login(public.cora)
    assert panel(client, kind, record) == ([], ["Make a case study"])
    begin(client, kind, record)
    draft = CaseStudyPage.objects.get()
    assert panel(client, kind, record) == ([draft.title], [])
    client.force_login(public.nora)
    assert panel(client, kind, record) == ([], [])
    CaseStudyPage.objects.all().delete()
    story(records=[record])
    assert panel(client, kind, record) == (["Shorter queues"], [])
    client.force_login(public.cora)
    assert panel(client, kind, record) == (["Shorter queues"], ["Make a case study"])


def test_a_draft_is_not_on_a_public_page(client, public, signed, made):
    actions.draft_story(record=signed, by=public.cora)
    actions.draft_story(record=made, by=public.cora)
    actions.draft_story(record=public.cycle, by=public.cora)
    for user in (None, public.cora):
        if user:
            client.force_login(user)
        for address in (
            f"/cycles/{public.cycle.ref}/",
            f"/agreements/{signed.ref}/",
            f"/organisations/{public.agency.ref}/",
            f"/hackathons/{made.hackathon.ref}/",
        ):
            html = client.get(address).content.decode()
            assert "Case studies</h2>" not in html and "Make a case study" not in html and "/cms/pages/" not in html, address


def test_many_hosts_are_counted_where_they_do_not_fit(public):
    for number in range(12):
        board = partnerships.add_organisation(name=f"Board of the district number {number}", by=public.cora)
        fellowships.add_host(cycle=public.cycle, organisation=board, by=public.cora)
    draft, _new = actions.draft_story(record=public.cycle, by=public.cora)
    assert len(draft.partners) <= 200 and draft.partners.endswith(" others")
    assert draft.agencies.count() == 13


def test_without_the_list_none_is_begun(client, public, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        CaseStudyIndexPage.shown().unpublish()
    client.force_login(public.cora)
    assert "Publish the list of case studies first" in page(begin(client, "cycles", public.cycle))


def test_who_begins_one_is_told_what_it_holds(client, public):
    client.force_login(public.cora)
    answer = client.post(f"/desk/cycles/{public.cycle.ref}/case-study/", follow=True)
    assert "nobody reads it before you publish it" in answer.content.decode()
    assert said(answer) == [] and buttons(answer) == []  # it is Wagtail's page


def test_what_was_begun_waits_on_the_desk_of_those_who_write_until_it_is_public(client, public):
    client.force_login(public.cora)
    begin(client, "cycles", public.cycle)
    draft = CaseStudyPage.objects.get()
    waits = f"Finish “{draft.title}” and publish it Nobody but those who write pages sees it."
    for who in (public.cora, public.edna):
        client.force_login(who)
        answer = client.get("/desk/")
        assert waits in page(answer) and f"/cms/pages/{draft.pk}/edit/" in [
            link["href"] for link in soup(answer).select("main a")
        ]
    for who in (public.audrey, public.sofia, public.felix, public.otto):
        client.force_login(who)
        assert draft.title not in page(client.get("/desk/"))
    draft.delete()
    live = story(title="Told", cycle=public.cycle)
    client.force_login(public.edna)
    assert "Told" not in page(client.get("/desk/"))
    live.title = "Another title"
    live.save_revision()
    assert "Publish the changes of “Another title” Visitors still read the page without them." in page(client.get("/desk/"))
    live.refresh_from_db()
    live.unpublish()
    assert "title”" not in page(client.get("/desk/"))
