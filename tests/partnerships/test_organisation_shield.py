"""An organisation is marked as sensitive, and the mark is lifted: by a coordinator, with a reason, in force at once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.access import HOUSE
from core.audit import history
from core.public import generation
from fellowships import demo as fellowships_demo
from mou import actions as mou
from partnerships import actions
from partnerships import demo as partnerships_demo
from partnerships.models import Organisation
from tests.reading import buttons, names, page, problems, reason, rows, said, table_of

LIST = "/desk/organisations/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def of(organisation, way: str = "") -> str:
    return f"{LIST}{organisation.ref}/{way}"


def test_it_is_asked_with_what_is_public_and_done_with_a_reason(cora, cast):
    signed = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    mou.publish_agreement(agreement=signed, by=cast.cora)
    asked = page(cora.get(of(cast.agency, "shield/")))
    assert "Keep Agency off every public page?" in asked and signed.ref in asked
    answer = cora.post(of(cast.agency, "shield/"), {"sensitive": "yes", "reason": "Staff threatened."}, follow=True)
    assert said(answer) == ["Agency is on no public page from now on."]
    assert "Sensitive: on no public page" in page(answer) and "Let it be public again" in buttons(answer)
    assert history(cast.agency)[0].text == "Cora marked the organisation as sensitive: Staff threatened."
    assert Client().get(f"/organisations/{cast.agency.ref}/").status_code == 404
    answer = cora.post(of(cast.agency, "shield/"), {"sensitive": "no", "reason": "It is over."}, follow=True)
    assert said(answer) == ["Agency is not sensitive any more. What was published of it is public again."]
    assert history(cast.agency)[0].text == "Cora lifted the mark “sensitive”: It is over."
    assert Client().get(f"/organisations/{cast.agency.ref}/").status_code == 200


def test_without_a_reason_nothing_happens(cora, cast):
    answer = cora.post(of(cast.agency, "shield/"), {"sensitive": "yes", "reason": " "})
    assert answer.status_code == 422 and len(problems(answer)) == 1
    assert not Organisation.objects.get(pk=cast.agency.pk).sensitive


def test_a_second_click_changes_nothing_and_records_nothing(cora, cast):
    for _click in range(2):
        cora.post(of(cast.agency, "shield/"), {"sensitive": "yes", "reason": "Staff threatened."})
    assert Organisation.objects.get(pk=cast.agency.pk).sensitive
    assert [line.verb for line in history(cast.agency)].count("organisation.shielded") == 1


def test_every_stored_page_is_out_of_date(cast):
    before = generation()
    actions.shield_organisation(organisation=cast.agency, reason="x", by=cast.cora)
    actions.unshield_organisation(organisation=cast.agency, reason="x", by=cast.cora)
    assert generation() == before + 2


@pytest.mark.parametrize("who", ["amir", "sofia", "audrey"])
def test_who_reads_it_and_does_not_coordinate_is_refused(client, cast, who):
    client.force_login(getattr(cast, who))
    sentence = "Only a programme coordinator says whether an organisation is sensitive."
    assert reason(client.get(of(cast.agency, "shield/"))) == sentence
    assert client.post(of(cast.agency, "shield/"), {"sensitive": "yes", "reason": "x"}).status_code == 403
    assert "Keep it off public pages" not in buttons(client.get(of(cast.agency)))
    for act in (actions.shield_organisation, actions.unshield_organisation):
        with pytest.raises(PermissionDenied, match=sentence):
            act(organisation=cast.agency, reason="x", by=getattr(cast, who))


def test_the_list_says_so_filters_by_it_and_writes_it_into_the_file(cora, cast):
    actions.shield_organisation(organisation=cast.agency, reason="x", by=cast.cora)
    assert names(cora.get(f"{LIST}?sensitive=yes")) == ["Agency"]
    assert [line[0].split()[-1] for line in rows(cora.get(LIST))] == ["Sensitive", "Elsewhere", "NGO"]
    lines = table_of(cora.get(f"{LIST}?format=csv"))
    assert lines[0][-1] == "Sensitive" and [line[-1] for line in lines[1:]] == ["yes", "no", "no"]


def test_what_names_it_is_not_published_and_the_desk_says_that_nobody_reads_it(cora, cast):
    signed = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    made = partnerships_demo.hackathon_open(cast.programme, cast.ngo, ends=cast.today, by=cast.cora, titles=["Map"])
    for organisation in (cast.agency, cast.ngo):
        actions.shield_organisation(organisation=organisation, reason="x", by=cast.cora)
    with pytest.raises(PermissionDenied, match="A party is sensitive: an agreement that names it"):
        mou.publish_agreement(agreement=signed, by=cast.cora)
    with pytest.raises(PermissionDenied, match="NGO is sensitive: nothing that names it can"):
        actions.publish_hackathon(hackathon=made, by=cast.cora)
    for organisation in (cast.agency, cast.ngo):
        actions.unshield_organisation(organisation=organisation, reason="x", by=cast.cora)
    mou.publish_agreement(agreement=signed, by=cast.cora)
    actions.publish_hackathon(hackathon=made, by=cast.cora)
    actions.shield_organisation(organisation=cast.ngo, reason="x", by=cast.cora)
    assert "Published, and shown to nobody: a party is sensitive." in page(cora.get(f"/desk/agreements/{signed.ref}/"))
    assert "Published, and shown to nobody: who held it is sensitive" in page(cora.get(f"/desk/hackathons/{made.ref}/"))
    mou.unpublish_agreement(agreement=signed, by=cast.cora)  # what is hidden can be taken off
    actions.unpublish_hackathon(hackathon=made, by=cast.cora)


def test_no_import_and_no_edit_sets_or_lifts_it(cast):
    with pytest.raises(ValueError, match="not fields of an organisation"):
        actions.edit_organisation(organisation=cast.agency, facts={"sensitive": True}, by=HOUSE)
