"""What everybody reads of an organisation: what is public of its records, and no page where nothing is."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from cms.models import CaseStudyIndexPage, CaseStudyPage
from core.access import HOUSE
from fellowships import actions as fellowships
from mou import actions as mou
from partnerships import actions, demo
from tests.cms.stories import FACTS, story
from tests.reading import names, options, page, rows, soup, words

LIST = "/organisations/"


def one(organisation) -> str:
    return f"{LIST}{organisation.ref}/"


def shown(client, organisation) -> dict[str, list[str]]:
    """Title of each part -> what stands in it."""
    sections = soup(client.get(one(organisation))).select("main section")
    return {words(each.h2): [words(line) for line in each.select("li")] for each in sections}


@pytest.fixture
def signed(cast, agreement_in_force):
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    return agreement_in_force


def test_without_anything_public_there_is_no_page_and_the_list_says_what_will_be_there(client, cast, agreement_in_force):
    absent = client.get(f"{LIST}22222ABSENT/")
    for organisation in (cast.agency, cast.ngo, cast.elsewhere):
        hidden = client.get(one(organisation))
        assert (hidden.status_code, page(hidden)) == (404, page(absent))
    assert "No organisation is public yet" in page(client.get(LIST))
    assert client.get(f"{LIST}%00/").status_code == 404


def test_a_published_cycle_makes_the_page_of_its_host_and_unpublishing_takes_it_away(client, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    assert shown(client, cast.agency) == {"Cycles it hosts in": [f"First cycle, Open city {cast.starts.year}"]}
    assert client.get(one(cast.ngo)).status_code == 404
    fellowships.unpublish_cycle(cycle=cast.cycle, by=cast.cora)
    assert client.get(one(cast.agency)).status_code == 404


def test_beside_an_agreement_stands_what_came_of_its_promises(client, cast, signed):
    first, second = signed.duty_set.filter(state="open").order_by("due")[:2]
    with time_machine.travel(second.due + timedelta(days=1), tick=False):
        mou.report_duty(duty=first, evidence="x", by=HOUSE)
        mou.accept_duty(duty=first, by=HOUSE)
        today = second.due + timedelta(days=1)
        past = signed.duty_set.filter(due__lte=today)
        late = past.filter(state="open").count()
        said = f"{past.count()} dates of its duties are past: 1 accepted, {late} late"
        assert shown(client, cast.agency) == {"Agreements": [f"{signed.ref} {signed.title} {said} In force"]}


def test_a_published_agreement_stands_with_both_parties_and_no_other(client, cast, signed, agreements):
    hidden = agreements(2)
    for organisation in (cast.agency, cast.ngo):
        assert shown(client, organisation) == {"Agreements": [f"{signed.ref} {signed.title} No duty is due yet In force"]}
        assert [each.ref for each in hidden if each.ref in client.get(one(organisation)).content.decode()] == []
    assert client.get(one(cast.elsewhere)).status_code == 404
    mou.unpublish_agreement(agreement=signed, by=cast.cora)
    assert client.get(one(cast.ngo)).status_code == 404


def test_a_published_case_study_stands_there_and_a_draft_does_not(client, cast, django_capture_on_commit_callbacks):
    draft = CaseStudyPage(live=False, **FACTS | {"title": "Secret draft"})
    draft.agencies = [CaseStudyPage.agencies.rel.related_model(organisation=cast.agency)]
    CaseStudyIndexPage.shown().add_child(instance=draft)
    assert client.get(one(cast.agency)).status_code == 404
    told = story(agencies=[cast.agency, cast.elsewhere])
    assert shown(client, cast.elsewhere) == {"Case studies": ["Shorter queues Participation and Engagement"]}
    assert "Secret" not in client.get(one(cast.agency)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        told.unpublish()
    assert client.get(one(cast.elsewhere)).status_code == 404


def test_a_published_hackathon_stands_with_who_held_it_and_who_answers_for_its_outputs(client, cast):
    ends = cast.today - timedelta(days=3)
    hackathon = demo.hackathon_open(cast.programme, cast.ngo, ends=ends, by=cast.cora, titles=["Ferry times"], title="Water days")
    demo.hackathon_closed(hackathon, cast.agency, cast.stella.person, by=cast.cora)
    assert [client.get(one(each)).status_code for each in (cast.agency, cast.ngo)] == [404, 404]
    actions.publish_hackathon(hackathon=hackathon, by=cast.cora)
    assert shown(client, cast.ngo) == {"Hackathons it held": [f"Water days {hackathon.starts.year}"]}
    assert shown(client, cast.agency) == {"Outputs of hackathons": ["Ferry times (Water days) Not asked yet"]}
    actions.unpublish_hackathon(hackathon=hackathon, by=cast.cora)
    assert [client.get(one(each)).status_code for each in (cast.agency, cast.ngo)] == [404, 404]


def test_it_tells_nothing_else_of_the_register(client, cast, signed):
    facts = {"about": "Internal words.", "tags": ["tagged"], "former_names": ["Old name"], "website": "https://agency.example/"}
    actions.edit_organisation(organisation=cast.agency, facts=facts, by=cast.cora)
    html = client.get(one(cast.agency)).content.decode()
    for secret in ("Internal", "tagged", "Old name", "Quay Street", "law@agency.example", "Agency Act", "Sofia", "Amir", "Felix"):
        assert secret not in html, secret
    assert 'href="https://agency.example/"' in html


def test_the_list_has_who_is_public_with_how_much(client, cast, signed):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    story(agencies=[cast.agency])
    assert names(client.get(LIST)) == ["Agency", "NGO"]
    assert [row[3] for row in rows(client.get(LIST))] == ["Agreements: 1 Cycles it hosts in: 1 Case studies: 1", "Agreements: 1"]
    assert "2 organisations" in page(client.get(LIST)) and "Elsewhere" not in page(client.get(LIST))


def test_page_csv_and_json_count_the_same_and_say_the_same(client, cast, signed):
    data = client.get(f"{LIST}?format=json").json()
    lines = list(csv.DictReader(io.StringIO(client.get(f"{LIST}?format=csv").content.decode("utf-8-sig"))))
    assert data["count"] == len(lines) == len(rows(client.get(LIST))) == 2
    assert data["licence"]["name"] == "CC BY 4.0"
    first = data["organisations"][0]
    assert (first["name"], first["agreements"], first["cycles_hosted"]) == ("Agency", 1, 0)
    assert first["address"] == f"http://127.0.0.1:8000{one(cast.agency)}"
    assert first.pop("part_of") == [] and lines[0].pop("part_of") == ""
    assert lines[0] == {name: str(value) for name, value in first.items()}


def test_filters_and_sorting_live_in_the_address(client, cast, signed):
    actions.edit_organisation(organisation=cast.agency, facts={"kind": "agency", "city": "Saltmere"}, by=cast.cora)
    assert options(client.get(LIST), "kind") == ["Public agency", "Not known"]
    assert names(client.get(f"{LIST}?kind=agency")) == ["Agency"]
    assert names(client.get(f"{LIST}?words=saltmere")) == ["Agency"]
    assert names(client.get(f"{LIST}?sort=-name")) == ["NGO", "Agency"]
    assert "No organisation fits" in page(client.get(f"{LIST}?words=zebra"))
    for odd in ("?kind=secret", "?country=%00", "?page=1e9", "?sort=notice_email", "?words=" + "a" * 999):
        assert client.get(f"{LIST}{odd}").status_code == 200


def test_a_new_name_is_there_at_the_next_request_and_no_cookie_is_set(cast, signed):
    visitor = Client()
    assert "Agency" in page(visitor.get(LIST)) and "Agency" in page(visitor.get(one(cast.agency)))
    actions.edit_organisation(organisation=cast.agency, facts={"name": "Ministry of Ships"}, by=cast.cora)
    for address in (LIST, one(cast.agency)):
        answer = visitor.get(address)
        assert "Ministry of Ships" in page(answer) and not answer.cookies
        assert visitor.post(address).status_code == 405


@pytest.mark.parametrize("more", [0, 2])
def test_the_pages_ask_as_often_for_one_as_for_three(client, cast, signed, more, django_assert_num_queries):
    story(agencies=[cast.agency])
    for number in range(more):
        story(title=f"Story {number}", agencies=[cast.agency, cast.ngo, cast.elsewhere])
    client.get("/case-studies/")
    for address, queries in ((LIST, LISTED), (f"{LIST}?format=csv", WRITTEN), (one(cast.agency), SHOWN)):
        with django_assert_num_queries(queries):
            client.get(address)


LISTED, WRITTEN, SHOWN = 25, 22, 21
