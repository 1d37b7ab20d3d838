"""A lead says how their own organisation is presented and reached; and what a name does to public pages and to agreements."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from core.audit import history
from fellowships import demo as fellowships_demo
from mou import actions as mou
from mou import documents
from partnerships import actions
from partnerships.models import Organisation
from tests.reading import buttons, names, page, problems, reason, said, soup

LIST = "/desk/organisations/"


def of(organisation, way: str = "") -> str:
    return f"{LIST}{organisation.ref}/{way}"


FACTS = {
    "presented_as": "Bridge Builders",
    "address": "5 Bridge Street",
    "notice_email": "law@ngo.example",
    "website": "https://ngo.example/",
}


def test_a_lead_corrects_their_own_and_the_timeline_says_who(client, cast):
    client.force_login(cast.nora)
    assert buttons(client.get(of(cast.ngo)))[0] == "Correct how it is presented and reached"
    answer = client.post(of(cast.ngo, "correct/"), FACTS, follow=True)
    assert said(answer) == ["The changes are saved."]
    kept = Organisation.objects.get(pk=cast.ngo.pk)
    assert {name: getattr(kept, name) for name in FACTS} == FACTS
    told = history(cast.ngo)[0]
    assert told.text == "Nora corrected present to government as, address, e-mail for notices, website."
    assert said(client.post(of(cast.ngo, "correct/"), FACTS, follow=True)) == ["Nothing was different."]


def test_nothing_else_of_the_register_is_theirs(client, cast):
    client.force_login(cast.nora)
    client.post(of(cast.ngo, "correct/"), FACTS | {"name": "Ministry", "kind": "agency", "sensitive": "yes", "parent": "x"})
    kept = Organisation.objects.get(pk=cast.ngo.pk)
    assert (kept.name, kept.kind, kept.sensitive, kept.parent) == ("NGO", "", False, None)
    assert client.get(of(cast.ngo, "edit/")).status_code == 403


def test_the_name_of_another_organisation_is_refused_to_a_lead_and_not_to_a_coordinator(client, cast):
    actions.edit_organisation(organisation=cast.agency, facts={"presented_as": "City Hall"}, by=cast.cora)
    client.force_login(cast.nora)
    for name in ("AGENCY", "city hall"):
        answer = client.post(of(cast.ngo, "correct/"), FACTS | {"presented_as": name})
        assert answer.status_code == 422
        assert problems(answer)[0].startswith("Present to government as: Another organisation of the register is called so.")
    actions.correct_organisation(organisation=cast.ngo, facts={"presented_as": "NGO"}, by=cast.nora)  # its own
    actions.edit_organisation(organisation=cast.ngo, facts={"presented_as": "City Hall"}, by=cast.cora)
    with pytest.raises(ValidationError):
        actions.correct_organisation(organisation=cast.ngo, facts={"presented_as": "Agency"}, by=cast.nora)


@pytest.mark.parametrize("name", ["a\u202eb", "a\x00b", "a\u200bb", "x" * 201])
def test_a_name_that_is_not_what_it_seems_is_refused(client, cast, name):
    client.force_login(cast.nora)
    assert client.post(of(cast.ngo, "correct/"), FACTS | {"presented_as": name}).status_code == 422
    assert Organisation.objects.get(pk=cast.ngo.pk).presented_as == ""


@pytest.mark.parametrize("who", ["sofia", "amir", "audrey"])
def test_who_is_no_lead_there_is_refused_and_an_outsider_finds_nothing(client, cast, who):
    client.force_login(getattr(cast, who))
    sentence = "Only a lead of the organisation, or a programme coordinator, says how it is presented."
    assert reason(client.get(of(cast.agency, "correct/"))) == sentence
    with pytest.raises(PermissionDenied):
        actions.correct_organisation(organisation=cast.agency, facts={"presented_as": "x"}, by=getattr(cast, who))
    client.force_login(cast.nora)
    assert client.get(of(cast.agency, "correct/")).status_code == 404


# ------------------------------------------------------------------------------------------------- where the name stands


@pytest.fixture
def signed(cast):
    made = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    mou.publish_agreement(agreement=made, by=cast.cora)
    return made


def test_public_pages_and_lists_show_the_label_and_the_page_the_registered_name(cast, signed):
    visitor = Client()
    facts = {"presented_as": "<b>Bridge</b> Builders", "short_name": "NG"}
    actions.edit_organisation(organisation=cast.ngo, facts=facts, by=cast.cora)
    assert names(visitor.get("/organisations/")) == ["<b>Bridge</b> Builders", "Agency"]  # sorted by what is read
    answer = visitor.get(f"/organisations/{cast.ngo.ref}/")
    assert soup(answer).h1.get_text(strip=True) == "<b>Bridge</b> Builders"
    assert "Registered name NGO" in page(answer)
    assert "<b>Bridge</b> Builders" in page(visitor.get("/agreements/"))
    first = visitor.get("/organisations/?format=json&words=builders").json()["organisations"][0]
    assert (first["name"], first["registered_name"]) == ("<b>Bridge</b> Builders", "NGO")
    assert visitor.get("/agreements/?format=json&q=builders").json()["count"] == 1


def test_an_agreement_prints_the_registered_name_and_what_it_is_presented_as(cast, agreement_ready):
    actions.edit_organisation(organisation=cast.ngo, facts={"presented_as": "Bridge\u00a0Builders"}, by=cast.cora)
    agreement_ready.refresh_from_db()
    parties = {party["name"]: party.get("presented_as") for party in documents.draft(agreement_ready)["parties"]}
    assert parties == {"Agency": None, "NGO": "Bridge Builders"}
    client = Client()
    client.force_login(cast.cora)
    assert "NGO presented as Bridge Builders" in page(client.get(f"/desk/agreements/{agreement_ready.ref}/text/"))


def test_no_name_that_changes_later_changes_what_was_signed(cast, signed):
    version = signed.version()
    before = version.document(), version.sha256, [s.organisation_name for s in version.signatures()]
    for organisation in (cast.agency, cast.ngo):
        facts = {"name": "Another", "presented_as": "Something else", "short_name": "S", "parent": cast.elsewhere}
        actions.edit_organisation(organisation=organisation, facts=facts, by=cast.cora)
    version = type(version).objects.get(pk=version.pk)
    assert (version.document(), version.sha256, [s.organisation_name for s in version.signatures()]) == before
    assert documents.canonical(version.document())[1] == version.sha256
    text = str(version.document())
    assert "Something else" not in text and "Another" not in text
