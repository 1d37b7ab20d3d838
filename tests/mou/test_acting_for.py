"""Tess works for two organisations: on each record she reads for which, and she never acts for both sides of one agreement."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from core import sharing
from core.access import HOUSE
from mou import actions, demo, rules
from mou.models import Agreement, Duty, Party, Signature
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.conftest import sign_in_for
from tests.reading import buttons, page, problems, reason, soup, words


@pytest.fixture
def tess(cast: SimpleNamespace):
    """Signatory of the agency and of another organisation, and lead of that one."""
    user = sign_in_for("tess")
    for organisation, role in ((cast.agency, "signatory"), (cast.elsewhere, "signatory"), (cast.elsewhere, "lead")):
        partnerships.add_member(organisation=organisation, person=user.person, role=role, by=HOUSE)
    return user


def standing(client, user, url: str) -> list[str]:
    client.force_login(user)
    said = [words(each) for each in soup(client.get(url)).select("main .sees li, main .sees p, main .sees > *")]
    return list(dict.fromkeys(each for each in said if each.startswith(("You ", "“")) or "shared with you" in each))


def between(cast, organisation, signatory) -> Agreement:
    days = {"starts": cast.starts, "ends": cast.ends}
    draft = demo.fill(demo.agreement_draft(cast.programme, cast.ngo, organisation, **days, by=cast.cora), by=cast.cora)
    actions.name_signatory(party=draft.party_set.get(role="host"), signatory=signatory.person, by=cast.cora)
    return demo.send(draft, by=cast.cora)


@pytest.fixture
def both(cast, tess) -> tuple[Agreement, Agreement]:
    """One agreement for each of her organisations, both to be signed by her."""
    facts = {"legal_basis": "Charter", "address": "3 Quay", "notice_email": "law@elsewhere.example"}
    partnerships.edit_organisation(organisation=cast.elsewhere, facts=facts, by=cast.cora)
    return between(cast, cast.agency, tess), between(cast, cast.elsewhere, tess)


def test_the_desk_and_each_record_say_for_whom_one_acts_there(client, cast, tess, both):
    ours, theirs = both
    assert standing(client, tess, "/desk/") == [
        "You act for Agency as Signatory.",
        "You act for Elsewhere as Lead, Signatory.",
    ]
    assert standing(client, tess, f"/desk/agreements/{ours.ref}/") == ["You act here for Agency as Signatory."]
    assert standing(client, tess, f"/desk/agreements/{theirs.ref}/") == [
        "You act here for Elsewhere as Signatory.",
        "You act here for Elsewhere as Lead.",
    ]
    assert standing(client, cast.cora, f"/desk/agreements/{ours.ref}/") == [
        "You act here for Open city as Programme coordinator."
    ]
    assert standing(client, cast.felix, f"/desk/placements/{cast.placement.ref}/") == ["You are here in your own name: fellow."]
    assert standing(client, tess, f"/desk/cycles/{cast.cycle.ref}/") == ["You act here for Agency as Signatory."]


def test_where_one_signs_it_says_for_whom_beside_the_button(client, tess, both):
    client.force_login(tess)
    for agreement, name in zip(both, ("Agency", "Elsewhere"), strict=True):
        told = page(client.get(f"/desk/agreements/{agreement.ref}/sign/"))
        assert f"You sign for {name}, as its signatory, and for nobody else." in told


def test_one_who_may_sign_for_two_signs_each_for_its_own(cast, tess, both):
    for agreement, organisation in zip(both, (cast.agency, cast.elsewhere), strict=True):
        demo.sign(agreement, [tess])
        signature = Signature.objects.get(version__agreement=agreement)
        assert (signature.party.organisation, signature.organisation_name) == (organisation, organisation.name)


# ------------------------------------------------------------------------------------------------- nobody is both sides


@pytest.fixture
def on_both_sides(cast):
    """Nora signs for the NGO; she gets the same role at the agency."""
    partnerships.add_member(organisation=cast.agency, person=cast.nora.person, role="signatory", by=HOUSE)
    return cast.nora


def test_who_is_named_by_default_is_somebody_else_for_each_side(cast, on_both_sides):
    days = {"starts": cast.starts, "ends": cast.ends}
    draft = demo.agreement_draft(cast.programme, cast.ngo, cast.agency, **days, by=cast.cora)
    assert [party.signatory for party in draft.parties()] == [cast.nora.person, cast.sofia.person]


def test_naming_one_person_for_both_sides_is_refused_and_so_is_sending(client, cast, on_both_sides, agreement_ready):
    client.force_login(cast.cora)
    nora = cast.nora.person
    names = {"party-programme": nora.ref, "party-host": nora.ref}
    answer = client.post(f"/desk/agreements/{agreement_ready.ref}/signatories/", names)
    assert answer.status_code == 422
    assert problems(answer) == ["Nobody signs for both sides. Choose somebody else for one of them."]
    Party.objects.filter(agreement=agreement_ready).update(signatory=nora)
    with pytest.raises(PermissionDenied, match="Nora is named to sign for both sides"):
        actions.send_agreement(agreement=Agreement.objects.get(pk=agreement_ready.pk), by=cast.cora)


def test_who_came_to_be_named_for_both_signs_for_neither(client, cast, on_both_sides, agreement):
    Party.objects.filter(agreement=agreement).update(signatory=cast.nora.person)
    client.force_login(cast.nora)
    for act in ("sign", "decline"):
        refused = client.get(f"/desk/agreements/{agreement.ref}/{act}/")
        assert refused.status_code == 403 and reason(refused).startswith("You are named to sign for both sides: NGO, Agency.")
    with pytest.raises(PermissionDenied, match="both sides"):
        actions.sign_agreement(agreement=agreement, shown=agreement.version().sha256, by=cast.nora)
    assert "Read and sign" not in buttons(client.get(f"/desk/agreements/{agreement.ref}/"))
    assert Signature.objects.count() == 0


@pytest.mark.postgres
def test_the_database_refuses_two_signatures_of_one_person_under_one_text(cast, agreement):
    demo.sign(agreement, [cast.nora])
    version, host = agreement.version(), agreement.party_set.get(role="host")
    Party.objects.filter(pk=host.pk).update(signatory=cast.nora.person)
    facts = {"person": cast.nora.person, "name": "Nora", "organisation_name": "Agency", "shown": version.sha256}
    with pytest.raises(DatabaseError, match="signature_for_one_side"), transaction.atomic():
        Signature.objects.create(
            version=version, party=host, **facts, consent="Yes.", method="password", signed_at=timezone.now()
        )


@pytest.fixture
def duty(agreement_in_force) -> Duty:
    return Duty.objects.filter(state="open", obligation__debtor__role="host").first()


def test_reporting_and_answering_say_for_which_side(client, cast, duty):
    client.force_login(cast.amir)
    told = page(client.get(f"/desk/duties/{duty.ref}/report/"))
    assert "You do this for Agency, as Legal reviewer." in told
    actions.report_duty(duty=duty, evidence="Done.", by=cast.amir)
    for user, roles in ((cast.nora, "Lead, Signatory"), (cast.cora, "Programme coordinator")):
        client.force_login(user)
        assert f"You do this for NGO, as {roles}." in page(client.get(f"/desk/duties/{duty.ref}/answer/"))


def test_nobody_who_acts_for_the_side_that_owes_it_accepts_it(client, cast, on_both_sides, duty):
    actions.report_duty(duty=duty, evidence="Done.", by=cast.nora)
    client.force_login(cast.nora)
    refused = client.get(f"/desk/duties/{duty.ref}/answer/")
    sentence = "You act for Agency, who owes it, as well. Somebody else of NGO answers."
    assert refused.status_code == 403 and reason(refused) == sentence
    with pytest.raises(PermissionDenied, match="You act for Agency"):
        actions.accept_duty(duty=duty, by=cast.nora)


def test_nor_does_who_reported_it_when_the_other_role_has_ended(cast, on_both_sides, duty):
    actions.report_duty(duty=duty, evidence="Done.", by=cast.nora)
    row = Membership.objects.get(person=cast.nora.person, organisation=cast.agency)
    partnerships.end_membership(membership=row, by=HOUSE)
    verdict = rules.accept_duty(cast.nora, Duty.objects.get(pk=duty.pk))
    assert (bool(verdict), verdict.reason) == (False, "You reported it yourself. Somebody else of NGO answers.")
    assert rules.accept_duty(cast.cora, Duty.objects.get(pk=duty.pk))


def test_whom_one_acts_for_ends_with_the_role(cast, tess, both):
    assert [each.where for each in sharing.standing(both[0], tess)] == ["Agency"]
    row = Membership.objects.get(person=tess.person, organisation=cast.agency)
    partnerships.end_membership(membership=row, by=HOUSE)
    assert sharing.standing(both[0], tess) == []
