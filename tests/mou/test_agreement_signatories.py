"""Who signs for each party: only those whose role it is, and what to do where there is nobody."""

from accounts import actions as accounts
from core.access import HOUSE
from mou import demo, rules
from partnerships import actions as partnerships
from tests.conftest import sign_in_for


def text(response) -> str:
    return " ".join(response.content.decode().split())


def signatory(agreement, role: str) -> str:
    return agreement.party_set.get(role=role).signatory.name


def test_one_of_the_signatories_is_chosen(client, cast, agreement_draft):
    other = sign_in_for("second")
    partnerships.add_member(organisation=cast.agency, person=other.person, role="signatory", by=HOUSE)
    client.force_login(cast.cora)
    address = f"/desk/agreements/{agreement_draft.ref}/signatories/"
    assert "Second" in text(client.get(address))
    answers = {"party-host": other.person.ref, "party-programme": cast.nora.person.ref}
    assert client.post(address, answers).status_code == 302
    assert (signatory(agreement_draft, "host"), signatory(agreement_draft, "programme")) == ("Second", "Nora")


def test_nobody_signs_who_is_not_a_signatory_there(client, cast, agreement_draft):
    client.force_login(cast.cora)
    for person in (cast.otto.person, cast.amir.person, cast.cora.person, cast.rita.person):
        answers = {"party-host": person.ref, "party-programme": cast.nora.person.ref}
        response = client.post(f"/desk/agreements/{agreement_draft.ref}/signatories/", answers)
        assert response.status_code == 422 and "Choose one of the people listed here." in text(response)
    assert signatory(agreement_draft, "host") == "Sofia"


def test_an_organisation_without_a_signatory_leads_to_where_one_is_added(client, cast):
    facts = {"starts": cast.starts, "ends": cast.ends, "by": cast.cora}
    empty = partnerships.add_organisation(name="Empty Office", by=HOUSE)
    made = demo.agreement_draft(cast.programme, cast.ngo, empty, title="Empty", **facts)
    client.force_login(cast.cora)
    page = text(client.get(f"/desk/agreements/{made.ref}/signatories/"))
    assert "Empty Office has no signatory yet." in page
    assert f'href="/desk/organisations/{empty.ref}/members/new/?role=signatory"' in page
    sentences = [row.sentence for row in rules.obstacles_to_sending(made) if row.mend == "signatories"]
    assert sentences == ["Nobody is named to sign for Empty Office."]


def test_a_signatory_whose_sign_in_was_closed_holds_the_sending_up(client, cast, agreement_ready):
    accounts.close_sign_in(user=cast.sofia, by=HOUSE)
    client.force_login(cast.cora)
    page = text(client.get(f"/desk/agreements/{agreement_ready.ref}/signatories/"))
    assert "Sofia cannot sign for Agency now" in page
    sentences = [row.sentence for row in rules.obstacles_to_sending(agreement_ready)]
    assert sentences == ["Sofia is not a signatory of Agency with a sign-in at present."]


def test_nobody_else_names_a_signatory(client, cast, agreement_draft):
    answers = {"party-host": cast.sofia.person.ref}
    for name, status in [("audrey", 403), ("sofia", 404), ("otto", 404)]:
        client.force_login(getattr(cast, name))
        assert client.post(f"/desk/agreements/{agreement_draft.ref}/signatories/", answers).status_code == status
