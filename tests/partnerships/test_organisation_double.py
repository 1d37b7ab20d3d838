"""The same organisation twice in the register: what looks alike is told, and two entries are tied without moving anything."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from core.access import HOUSE
from core.audit import history
from fellowships import demo as fellowships_demo
from mou import actions as mou
from mou.models import Agreement
from partnerships import actions
from partnerships.kinds import traits
from partnerships.models import Membership, Organisation
from tests.reading import names, options, page, problems, reason, said

LIST = "/desk/organisations/"
NEW = f"{LIST}new/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def add(name: str, **facts) -> Organisation:
    return actions.add_organisation(name=name, by=HOUSE, **facts)


def of(organisation: Organisation, way: str = "") -> str:
    return f"{LIST}{organisation.ref}/{way}"


def alike(one: str, other: str) -> bool:
    return bool(traits([one]) & traits([other]))


# ------------------------------------------------------------------------------------------------- what looks alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Health", "Health Ministry"),
        ("The Harbour Board", "harbour board, Inc."),
        ("Code for Münster e.V.", "Code for Munster"),
        ("Pell Water Board", "Pell Watre Board".replace("Watre", "Wate")),  # a letter was lost
        ("Orvella Revenue Office", "Orvella Revenue Offize"),
    ],
)
def test_spellings_of_one_organisation_look_alike(one, other):
    assert alike(one, other) and alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Health", "Ministry of Justice"),
        ("Code for Nashville", "Code for Asheville"),
        ("ABC", "ABD"),
        ("School District 12", "School District 13"),
        ("The", "Of"),
        ("", ""),
        ("健康部", "司法部"),
    ],
)
def test_two_organisations_do_not(one, other):
    assert not alike(one, other)


def test_who_adds_one_that_looks_like_another_reads_which_and_may_mean_it(cora):
    board = add("Harbour Board", former_names=["Port Office"])
    for name in ("The Board of Harbour", "port office"):
        answer = cora.post(NEW, {"name": name})
        assert answer.status_code == 422
        assert "It looks like Harbour Board. Is it another organisation?" in problems(answer)[0]
        assert of(board) in answer.content.decode()
        assert not Organisation.objects.filter(name=name).exists()
    answer = cora.post(NEW, {"name": "Port Office", "namesake": "on"}, follow=True)
    assert said(answer) == ["Port Office is in the register."]
    assert "It looks like: Harbour Board" in page(answer)


def test_the_list_tells_and_finds_what_looks_alike(cora, client, cast):
    add("Harbour Board", registration="R 7", country="Orvella")
    add("Board of the Harbour")
    add("Port Authority", registration="r7".upper().replace("R", "R "), country="Orvella")
    assert names(cora.get(f"{LIST}?entry=alike")) == ["Board of the Harbour", "Harbour Board", "Port Authority"]
    assert "Looks like: Board of the Harbour, Port Authority" in page(cora.get(LIST))
    client.force_login(cast.audrey)
    assert "Looks like:" not in page(client.get(LIST))  # who cannot do anything about it


def test_a_department_does_not_look_like_its_agency_nor_a_known_second_entry_like_the_first(cora, cast):
    board = add("Harbour Board")
    add("Board of the Harbour", parent=board)
    double = add("Harbour Board Inc.")
    actions.supersede_organisation(organisation=double, kept=board, reason="Same.", by=cast.cora)
    assert Organisation.objects.all().like([board]) == {}


def test_the_real_register_has_few_that_look_alike(db, real_data):
    call_command("import_organisations", str(real_data / "organizations-brigade.csv"), verbosity=0)
    found = set(Organisation.objects.all().looking_alike().values_list("name", flat=True))
    assert found == {"Code for Kanazawa", "Code for Kanagawa"}


# ------------------------------------------------------------------------------------------------- two entries are one


def tie(cora, double: Organisation, kept: Organisation, reason: str = "Same number."):
    return cora.post(of(double, "supersede/"), {"kept": kept.ref, "reason": reason}, follow=True)


def test_both_pages_say_that_they_are_one_and_only_the_kept_one_is_offered(cora, cast):
    kept = add("Agency of Things")
    answer = tie(cora, cast.agency, kept)
    assert said(answer) == ["Agency is a second entry of Agency of Things from now on."]
    assert "This organisation stands in the register twice" in page(answer)
    assert "under other entries as well" in page(cora.get(of(kept)))
    assert history(cast.agency)[0].text.startswith("Cora said that this is the same organisation as Agency of Things")
    assert history(kept)[0].text == "Cora said that Agency is a second entry of this organisation: Same number."
    assert names(cora.get(f"{LIST}?entry=double")) == ["Agency"]
    assert "Agency" not in options(cora.get(NEW), "parent")
    assert "Agency" not in options(cora.get(f"/desk/cycles/{cast.cycle.ref}/hosts/new/"), "organisation")
    assert "Agency of Things" in options(cora.get(f"/desk/cycles/{cast.cycle.ref}/hosts/new/"), "organisation")
    answer = cora.post(of(cast.agency, "reinstate/"), {"reason": "Two offices."}, follow=True)
    assert said(answer) == ["Agency is an organisation of its own again."]
    assert Organisation.objects.get(pk=cast.agency.pk).same_as is None


def test_nothing_moves(cora, cast):
    signed = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    version = signed.version()
    before = (
        list(Membership.objects.order_by("pk").values()),
        list(signed.party_set.order_by("pk").values()),
        version.sha256,
        version.document(),
        {who.pk: list(Agreement.objects.visible_to(who)) for who in (cast.sofia, cast.amir, cast.otto)},
    )
    tie(cora, cast.agency, cast.elsewhere)
    version = signed.version()
    after = (
        list(Membership.objects.order_by("pk").values()),
        list(signed.party_set.order_by("pk").values()),
        version.sha256,
        version.document(),
        {who.pk: list(Agreement.objects.visible_to(who)) for who in (cast.sofia, cast.amir, cast.otto)},
    )
    assert after == before


def test_no_chains_and_nobody_stands_for_themselves(cora, cast):
    third = add("Third")
    tie(cora, cast.agency, cast.elsewhere)
    for double, kept in ((cast.elsewhere, third), (third, cast.agency), (third, third), (cast.agency, third)):
        assert tie(cora, double, kept).status_code == 422
    assert set(Organisation.objects.exclude(same_as=None)) == {cast.agency}


@pytest.mark.postgres
def test_the_database_refuses_a_second_entry_of_a_second_entry(cast):
    third = add("Third")
    Organisation.objects.filter(pk=cast.agency.pk).update(same_as=cast.elsewhere)
    for double, kept in ((cast.elsewhere, third), (third, cast.agency), (third, third)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Organisation.objects.filter(pk=double.pk).update(same_as=kept)


def test_being_sensitive_is_a_fact_of_both_entries(cora, cast):
    actions.shield_organisation(organisation=cast.elsewhere, reason="x", by=cast.cora)
    answer = tie(cora, cast.agency, cast.elsewhere)
    assert problems(answer) == ["One of the two is sensitive. Mark both, or neither, first: they would name each other."]
    actions.unshield_organisation(organisation=cast.elsewhere, reason="x", by=cast.cora)
    tie(cora, cast.agency, cast.elsewhere)
    actions.shield_organisation(organisation=cast.agency, reason="x", by=cast.cora)
    assert set(Organisation.objects.filter(sensitive=True)) == {cast.agency, cast.elsewhere}
    actions.unshield_organisation(organisation=cast.elsewhere, reason="x", by=cast.cora)
    assert not Organisation.objects.filter(sensitive=True).exists()


def test_the_public_pages_of_two_entries_name_each_other(cora, cast):
    signed = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    mou.publish_agreement(agreement=signed, by=cast.cora)
    tie(cora, cast.agency, cast.ngo)
    visitor = Client()
    assert "Also on record as NGO" in page(visitor.get(f"/organisations/{cast.agency.ref}/"))
    assert "Also on record as Agency" in page(visitor.get(f"/organisations/{cast.ngo.ref}/"))


@pytest.mark.parametrize("who", ["sofia", "audrey", "nora"])
def test_only_a_coordinator_ties_and_unties(client, cast, who):
    user = getattr(cast, who)
    organisation = cast.ngo if who == "nora" else cast.agency
    client.force_login(user)
    sentence = "Only a programme coordinator says that two entries are one organisation."
    for way in ("supersede/", "reinstate/"):
        assert reason(client.get(of(organisation, way))) == sentence
    with pytest.raises(PermissionDenied, match=sentence):
        actions.supersede_organisation(organisation=organisation, kept=cast.elsewhere, reason="x", by=user)
    with pytest.raises(PermissionDenied, match=sentence):
        actions.reinstate_organisation(organisation=organisation, reason="x", by=user)
