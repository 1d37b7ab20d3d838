"""Hosts of a cycle: one is added from the register, and its agreement is drafted and brought up to the records."""

import pytest

from core.models import Event
from fellowships import actions
from fellowships.models import Host
from mou import demo as mou_demo
from mou.models import Agreement
from partnerships import actions as partnerships
from tests.conftest import sign_in_for
from tests.reading import options, page, problems, reason, said


def add_to(cycle) -> str:
    return f"/desk/cycles/{cycle.ref}/hosts/new/"


def agreement_of(host) -> str:
    return f"/desk/hosts/{host.ref}/agreement/"


def test_an_organisation_of_the_register_becomes_a_host(cora, cast):
    assert options(cora.get(add_to(cast.cycle)), "organisation") == ["Elsewhere", "NGO"]  # the agency is one
    answer = cora.post(add_to(cast.cycle), {"organisation": cast.elsewhere.ref}, follow=True)
    assert answer.redirect_chain == [(f"/desk/cycles/{cast.cycle.ref}/", 302)]
    assert said(answer) == ["Elsewhere is a host of this cycle."]


def test_a_second_click_adds_no_second_host_and_is_no_mistake(cora, cast):
    for _click in range(2):
        answer = cora.post(add_to(cast.cycle), {"organisation": cast.elsewhere.ref}, follow=True)
        assert said(answer) == ["Elsewhere is a host of this cycle."]
    assert Host.objects.filter(cycle=cast.cycle, organisation=cast.elsewhere).count() == 1
    assert Event.objects.filter(verb="host.added", data__name="Elsewhere").count() == 1


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ("", "Organisation: Choose one."),
        ("2222222222", "Organisation: Choose one of the list."),
        ("1", "Organisation: Choose one of the list."),
        ("x" * 100_000, "Organisation: Choose one of the list."),
        ("\x00", "Organisation: Choose one of the list."),
    ],
)
def test_what_is_no_organisation_is_no_choice(cora, cast, chosen, sentence):
    answer = cora.post(add_to(cast.cycle), {"organisation": chosen})
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert Host.objects.count() == 1


def test_without_another_organisation_the_page_says_where_one_is_added(cora, cast):
    for organisation in (cast.elsewhere, cast.ngo):
        actions.add_host(cycle=cast.cycle, organisation=organisation, by=cast.cora)
    assert "No other organisation is in the register" in page(cora.get(add_to(cast.cycle)))


def test_the_agreement_is_drafted_from_the_records_after_it_was_asked(cora, cast):
    asked = page(cora.get(agreement_of(cast.host)))
    assert "Draft the agreement with Agency?" in asked
    assert "NGO Agency" in asked
    assert "Felix, Permits without a queue" in asked
    answer = cora.post(agreement_of(cast.host))
    made = Agreement.objects.get()
    assert answer["Location"] == f"/desk/agreements/{made.ref}/"
    cast.host.refresh_from_db()
    assert cast.host.agreement == made
    assert [unit["label"] for unit in made.units] == ["Felix"]


def test_a_second_click_drafts_no_second_agreement(cora, cast):
    first = cora.post(agreement_of(cast.host))["Location"]
    assert cora.post(agreement_of(cast.host))["Location"] == first
    assert Agreement.objects.count() == 1


def test_a_draft_is_brought_up_to_the_records(cora, cast, agreement_draft):
    ada = actions.invite_fellow(cycle=cast.cycle, name="Ada", by=cast.cora)
    actions.add_placement(fellow=ada, host=cast.host, by=cast.cora)
    assert f"Bring {agreement_draft.ref} up to the records?" in page(cora.get(agreement_of(cast.host)))
    cora.post(agreement_of(cast.host))
    agreement_draft.refresh_from_db()
    assert [unit["label"] for unit in agreement_draft.units] == ["Felix", "Ada"]


def test_a_draft_takes_over_who_signs_and_supervises_once_they_are_on_record(cora, cast, harbour):
    draft = actions.draft_host_agreement(host=harbour.host, by=cast.cora)
    assert draft.party_set.get(role="host").signatory is None and "host.sponsor_name" not in draft.terms
    people = {role: sign_in_for(role).person for role in ("signatory", "sponsor")}
    for role, person in people.items():
        partnerships.add_member(organisation=harbour.host.organisation, person=person, role=role, by=cast.cora)
    assert said(cora.post(agreement_of(harbour.host), follow=True)) == ["The draft is brought up to the records."]
    draft.refresh_from_db()
    assert draft.party_set.get(role="host").signatory == people["signatory"]
    assert draft.terms["host.sponsor_name"] == "Sponsor"
    assert said(cora.post(agreement_of(harbour.host), follow=True)) == ["Nothing was different."]


def test_the_page_of_a_draft_brings_it_up_to_the_records_for_who_writes_it(cora, client, cast, agreement_draft):
    action, address = f'action="{agreement_of(cast.host)}"', f"/desk/agreements/{agreement_draft.ref}/"
    assert action in cora.get(address).content.decode()
    client.force_login(cast.audrey)
    assert client.get(address).status_code == 200 and action not in client.get(address).content.decode()


def test_once_it_is_out_nothing_of_it_is_brought_up(cora, cast, agreement):
    assert agreement_of(cast.host) not in cora.get(f"/desk/agreements/{agreement.ref}/").content.decode()


def obstacle(cora, host) -> str:
    answers = [cora.get(agreement_of(host)), cora.post(agreement_of(host))]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert Agreement.objects.filter(state="draft").count() == 0
    return reason(answers[0])


def test_what_stands_in_the_way_of_a_draft_is_said(cora, cast):
    actions.edit_cycle(cycle=cast.cycle, facts={"starts": None}, by=cast.cora)
    days = "The cycle has no first and last day yet. Set them first; the agreement covers them."
    assert obstacle(cora, cast.host) == days
    actions.edit_cycle(cycle=cast.cycle, facts={"starts": cast.starts}, by=cast.cora)
    partnerships.edit_programme(programme=cast.programme, organisation=None, calendar="", time_zone="UTC", by=cast.cora)
    assert obstacle(cora, cast.host) == "The programme has no organisation that signs for it yet. Choose it first."
    partnerships.edit_programme(programme=cast.programme, organisation=cast.agency, calendar="", time_zone="UTC", by=cast.cora)
    nobody = "The host is the organisation that signs for the programme; nobody agrees with themselves."
    assert obstacle(cora, cast.host) == nobody


def test_while_one_is_out_or_in_force_no_other_is_drafted(cora, cast, agreement):
    assert obstacle(cora, cast.host) == f"Agreement {agreement.ref} with this host stands already."
    mou_demo.sign(agreement, [cast.sofia, cast.nora])
    assert obstacle(cora, cast.host) == f"Agreement {agreement.ref} with this host stands already."


def test_who_does_not_run_the_cycle_drafts_nothing(client, cast, harbour):
    for who, status in [(cast.stella, 403), (cast.audrey, 403), (cast.felix, 403), (harbour.hugo, 404), (cast.otto, 404)]:
        client.force_login(who)
        assert client.get(agreement_of(cast.host)).status_code == status
        assert client.post(agreement_of(cast.host)).status_code == status
    assert Agreement.objects.count() == 0
