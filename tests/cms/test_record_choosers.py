"""Where an editor picks a record: what is public and nothing else, and nobody is named by looking for them."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from accounts import actions as accounts
from cms.models import CaseStudyPage
from fellowships import actions as fellowships
from mou import actions as mou
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.models import Output
from tests.cms.stories import FACTS, story
from tests.cms.test_editor import add, form

pytestmark = pytest.mark.slow

KINDS = ("cycle", "placement", "agreement", "output", "organisation")


@pytest.fixture
def edna(client, cast) -> Client:
    client.force_login(cast.edna)
    return client


@pytest.fixture
def hidden(cast, agreement_in_force):
    """A record of each kind, and nothing of it is public."""
    ends = cast.today - timedelta(days=400)
    event = partnerships_demo.hackathon_open(
        cast.programme, cast.ngo, ends=ends, by=cast.cora, titles=["Ferry times"], title="Water days"
    )
    partnerships_demo.hackathon_closed(event, cast.agency, cast.stella.person, by=cast.cora)
    cast.event, cast.output, cast.signed = event, Output.objects.get(), agreement_in_force
    return cast


@pytest.fixture
def public(hidden):
    fellowships.publish_cycle(cycle=hidden.cycle, by=hidden.cora)
    mou.publish_agreement(agreement=hidden.signed, by=hidden.cora)
    partnerships.publish_hackathon(hackathon=hidden.event, by=hidden.cora)
    return hidden


def offered(client, kind, query="") -> str:
    """What the window shows, in words."""
    return json.loads(client.get(f"/cms/choose-{kind}/{query}").content)["html"]


def records(cast) -> dict:
    return {
        "cycle": cast.cycle,
        "placement": cast.placement,
        "agreement": cast.signed,
        "output": cast.output,
        "organisation": cast.agency,
    }


def test_before_anything_is_public_nothing_is_offered(edna, hidden):
    secrets = ("First cycle", "Felix", "Agency", hidden.signed.ref, "Permits without a queue", "Elsewhere", "Ferry", "Water")
    for kind in KINDS:
        html = offered(edna, kind)
        for secret in secrets:
            assert secret not in html, (kind, secret)
    for kind, record in records(hidden).items():
        for way in (f"chosen/{record.pk}/", "chosen/x/", "chosen/99999999999999999999/"):
            assert edna.get(f"/cms/choose-{kind}/{way}").status_code == 404
        many = edna.get(f"/cms/choose-{kind}/chosen-multiple/?id={record.pk}&id=x")
        assert json.loads(many.content)["result"] == []


def test_what_is_public_is_offered_and_handed_over(edna, public):
    named = {"cycle": "First cycle, Open city", "placement": "A fellow at Agency, First cycle", "organisation": "Agency"}
    named |= {"agreement": f"{public.signed.ref} {public.signed.title}", "output": "Ferry times, Water days"}
    assert records(public).keys() == named.keys() == set(KINDS)
    for kind, record in records(public).items():
        assert named[kind] in offered(edna, kind), kind
        chosen = json.loads(edna.get(f"/cms/choose-{kind}/chosen/{record.pk}/").content)["result"]
        assert chosen == {"id": str(record.pk), "title": named[kind], "edit_url": None}


def test_a_name_stands_there_with_consent_alone_and_finds_nothing(edna, public):
    assert "Felix" not in offered(edna, "placement")
    assert "A fellow at" not in offered(edna, "placement", "?q=felix")
    accounts.give_consent(person=public.felix.person, item="public_name", by=public.felix)
    assert "Felix at Agency" in offered(edna, "placement")
    assert "Felix at" not in offered(edna, "placement", "?q=felix")
    assert "Felix at Agency" in offered(edna, "placement", "?q=agency+queue")


def test_an_output_is_found_by_its_title_its_event_and_its_agency_and_not_by_its_owner(edna, public):
    for words in ("ferry", "water+days", "agency+ferry"):
        assert "Ferry times, Water days" in offered(edna, "output", f"?q={words}"), words
    assert "Ferry times" not in offered(edna, "output", "?q=stella")


def test_the_register_is_offered_to_who_sees_it(edna, public):
    assert "Elsewhere" not in offered(edna, "organisation")
    cora = Client()
    cora.force_login(public.cora)
    assert "Elsewhere" in offered(cora, "organisation")


@pytest.mark.parametrize("name", ["nora", "felix", "otto", "rita", "audrey"])
def test_who_writes_no_pages_finds_no_window(client, public, name):
    client.force_login(getattr(public, name))
    for kind in KINDS:
        for way in ("", "results/", "chosen/1/", "chosen-multiple/"):
            assert client.get(f"/cms/choose-{kind}/{way}").status_code == 404


def test_nothing_is_made_there(edna, public):
    for kind in KINDS:
        assert edna.post(f"/cms/choose-{kind}/create/", {"name": "x"}).status_code == 404
        assert edna.post(f"/cms/choose-{kind}/", {"name": "x"}).status_code == 405


def row(**picked) -> dict[str, str]:
    return {"cycle": "", "placement": "", "agreement": "", "output": "", "id": "", "ORDER": "1", "DELETE": ""} | picked


def test_picked_in_the_editor_and_published_it_is_on_the_page(edna, public):
    accounts.give_consent(person=public.felix.person, item="case_study", by=public.felix)
    posted = form(
        **FACTS,
        records=[row(agreement=public.signed.pk), row(placement=public.placement.pk), row(output=public.output.pk)],
        agencies=[{"organisation": public.agency.pk, "id": "", "ORDER": "1", "DELETE": ""}],
    )
    assert edna.post(add(), posted | {"action-publish": "1"}).status_code == 302
    html = Client().get(CaseStudyPage.objects.get().url).content.decode()
    assert public.signed.ref in html and "A fellow" in html and f"/organisations/{public.agency.ref}/" in html
    assert "Ferry times" in html and f"/hackathons/{public.event.ref}/" in html and "Stella" not in html


def test_an_output_in_the_middle_of_a_text_is_there_while_its_event_is_public(edna, public, django_capture_on_commit_callbacks):
    posted = form(**FACTS, more=[("output", str(public.output.pk))])
    assert edna.post(add(), posted | {"action-publish": "1"}).status_code == 302
    address = CaseStudyPage.objects.get().url
    assert "Ferry times" in Client().get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        partnerships.unpublish_hackathon(hackathon=public.event, by=public.cora)
    html = Client().get(address).content.decode()
    assert "Shorter queues" in html and "Ferry times" not in html and "Water days" not in html


def test_what_is_not_public_is_not_taken_from_the_form(edna, hidden):
    rows = {kind: record for kind, record in records(hidden).items() if kind != "organisation"}
    for kind, record in rows.items():
        assert edna.post(add(), form(**FACTS, records=[row(**{kind: record.pk})])).status_code == 200, kind
    agencies = [{"organisation": hidden.elsewhere.pk, "id": "", "ORDER": "1", "DELETE": ""}]
    assert edna.post(add(), form(**FACTS, agencies=agencies)).status_code == 200
    for kind, record in rows.items():
        answer = edna.post(add(), form(**FACTS, more=[(kind, str(record.pk))]))
        assert answer.status_code == 200 and "not public now" in answer.content.decode()
    assert not CaseStudyPage.objects.exists()


def test_two_records_in_one_line_are_refused_in_words(edna, public):
    both = row(cycle=public.cycle.pk, agreement=public.signed.pk)
    answer = edna.post(add(), form(**FACTS, records=[both]))
    assert answer.status_code == 200 and "Choose one record here." in answer.content.decode()


def test_what_was_picked_and_is_hidden_now_stays_picked_and_is_not_told(edna, public):
    page = story(records=[public.cycle], agencies=[public.agency])
    fellowships.unpublish_cycle(cycle=public.cycle, by=public.cora)
    html = edna.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert "First cycle" not in html and "A record that is not public now" in html
    kept = {"cycle": public.cycle.pk, "id": page.records.get().pk}
    agency = {"organisation": public.agency.pk, "id": page.agencies.get().pk, "ORDER": "1", "DELETE": ""}
    posted = form(**FACTS, slug=page.slug, records=[row(**kept)], agencies=[agency])
    posted |= {"records-INITIAL_FORMS": "1", "agencies-INITIAL_FORMS": "1", "action-publish": "1"}
    assert edna.post(f"/cms/pages/{page.pk}/edit/", posted).status_code == 302
    assert [record.key for record in CaseStudyPage.objects.get().records.all()] == [("cycle", public.cycle.pk)]


def test_the_editor_says_when_neither_year_nor_cycle_is_there(edna, cast):
    answer = edna.post(add(), form(**FACTS | {"year": ""}) | {"action-publish": "1"})
    assert "Give the year of the work, or choose a cycle that has one." in answer.content.decode()
