"""The register of organisations at the desk: the list with its filters and file, one organisation, add and change."""

import pytest

from accounts import actions as accounts
from core.access import HOUSE
from core.models import Event
from partnerships import actions
from partnerships.models import Organisation
from tests.reading import buttons, names, next_of, options, page, problems, rows, said, table_of, title, typed

LIST = "/desk/organisations/"
NEW = "/desk/organisations/new/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def add(name: str, **facts) -> Organisation:
    return actions.add_organisation(name=name, by=HOUSE, **facts)


# ------------------------------------------------------------------------------------------------- the list


def test_a_coordinator_sees_the_whole_register_and_a_member_what_they_belong_to(client, cast):
    seen = {}
    for who in ("cora", "sofia", "felix", "otto", "rita"):
        client.force_login(getattr(cast, who))
        seen[who] = names(client.get(LIST))
    assert seen == {"cora": ["Agency", "Elsewhere", "NGO"], "sofia": ["Agency"], "felix": [], "otto": ["Elsewhere"], "rita": []}


def test_who_belongs_to_nothing_reads_what_has_to_happen_first(client, cast):
    client.force_login(cast.rita)
    answer = client.get(LIST)
    assert "You belong to no organisation at present" in page(answer)
    assert buttons(answer) == []


def test_an_empty_register_offers_to_add_and_to_import(cora, cast, monkeypatch):
    monkeypatch.setattr(type(Organisation.objects.all()), "visible_to", lambda self, *args: self.none())
    answer = cora.get(LIST)
    assert "The register is empty" in page(answer)
    assert buttons(answer) == ["Add an organisation", "Import a list"] * 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?words=har+bo", ["Harbour Board"]),
        ("?words=tiefwasser", ["Tidewater"]),  # a former name
        ("?words=salt", ["Harbour Board", "Tidewater"]),
        ("?kind=agency", ["Harbour Board"]),
        ("?kind=unknown", ["Agency", "Elsewhere", "NGO", "Tidewater"]),
        ("?country=Orvella", ["Tidewater"]),
        ("?country=unknown", ["Agency", "Elsewhere", "Harbour Board", "NGO"]),
        ("?kind=agency&words=tide", []),
        ("?words=%25", []),
        ("?words=_", []),
    ],
)
def test_filters_live_in_the_address_and_the_file_has_the_same_lines(cora, asked, found):
    add("Harbour Board", kind="agency", city="Saltmere")
    add("Tidewater", former_names=["Tiefwasser"], city="Saltmere", country="Orvella")
    assert names(cora.get(LIST + asked)) == found
    assert [line[1] for line in table_of(cora.get(LIST + asked + "&format=csv"))[1:]] == found


@pytest.mark.parametrize("asked", ["?kind=zebra", "?country=Atlantis", "?words=" + "x" * 300, "?words=%00"])
def test_a_filter_that_cannot_be_understood_shows_nothing_and_never_everything(cora, asked):
    answer = cora.get(LIST + asked)
    assert (answer.status_code, names(answer), title(answer)) == (200, [], "Error: Organisations – Common Ground")
    assert len(table_of(cora.get(LIST + asked + "&format=csv"))) == 1


def test_nothing_found_offers_the_way_back(cora):
    answer = cora.get(LIST + "?words=zzz")
    assert "No organisation fits" in page(answer)
    assert "0 organisations of 3 on the register" in page(answer)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("", ["Agency", "Elsewhere", "NGO"]),
        ("?sort=-name", ["NGO", "Elsewhere", "Agency"]),
        ("?sort=-people", ["Agency", "Elsewhere", "NGO"]),
        ("?sort=membership__person__user__password", ["Agency", "Elsewhere", "NGO"]),
        ("?sort=--name", ["Agency", "Elsewhere", "NGO"]),
        ("?page=99999999999999999999", ["Agency", "Elsewhere", "NGO"]),
    ],
)
def test_it_is_sorted_by_its_columns_and_by_nothing_else(cora, asked, order):
    answer = cora.get(LIST + asked)
    if "people" in asked:
        assert [(row[0], row[-1]) for row in rows(answer)] == [("Agency", "3"), ("Elsewhere", "1"), ("NGO", "1")]
    else:
        assert names(answer) == order


def test_the_file_says_everything_a_lawyer_asks_for_and_starts_no_formula(cora, cast):
    actions.edit_organisation(organisation=cast.ngo, facts={"name": "=NGO"}, by=cast.cora)
    hostile = {
        "name": "=cmd|' /C calc'!A0",
        "kind": "company",
        "presented_as": "+cmd",
        "parent": cast.ngo,
        "jurisdiction": "@law",
    }
    actions.edit_organisation(organisation=cast.elsewhere, facts=hostile, by=cast.cora)
    lines = table_of(cora.get(LIST + "?kind=company&format=csv"))
    assert lines == [
        [
            "Reference", "Registered name", "Short name", "Present to government as", "Kind", "Part of", "Level of jurisdiction",
            "Jurisdiction", "Legal form", "Registration number", "Legal basis", "Address", "E-mail for notices", "City", "Region",
            "Country", "Website", "People", "Second entry of", "Sensitive",
        ],
        [
            cast.elsewhere.ref, "'=cmd|' /C calc'!A0", "", "'+cmd", "Company", "'=NGO", "", "'@law", "", "", "", "", "", "", "",
            "", "", "1", "", "no",
        ],
    ]  # fmt: skip


@pytest.mark.parametrize("more", [0, 2])
def test_a_list_asks_as_often_for_one_organisation_as_for_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        add(f"Harbour {number}")
    with django_assert_num_queries(13):
        cora.get(LIST)


# ------------------------------------------------------------------------------------------------- one organisation


def test_what_an_agreement_still_needs_stands_at_the_top(cora, cast):
    assert next_of(cora.get(f"/desk/organisations/{cast.elsewhere.ref}/")) == [
        "An agreement cannot be sent yet",
        "Not known: address, e-mail for notices, legal basis.",
    ]
    assert next_of(cora.get(f"/desk/organisations/{cast.agency.ref}/")) == []
    assert next_of(cora.get(f"/desk/organisations/{cast.ngo.ref}/")) == []  # it signs for a programme: legal form, registration


def test_without_a_signatory_who_can_sign_in_an_agreement_cannot_be_sent(cora, cast):
    for member in cast.agency.membership_set.filter(person=cast.sofia.person):
        actions.end_membership(membership=member, by=cast.cora)
    paper = accounts.add_person(name="Paper", by=HOUSE)  # holds the role and cannot sign in
    actions.add_member(organisation=cast.agency, person=paper, role="signatory", by=HOUSE)
    answer = cora.get(f"/desk/organisations/{cast.agency.ref}/")
    assert next_of(answer)[1] == "Not known: a signatory who can sign in."
    assert buttons(answer)[-2:] == ["Name a signatory", "Add a department"]  # beside those of the head
    assert buttons(cora.get(f"/desk/organisations/{cast.elsewhere.ref}/"))[3:] == [
        "Keep it off public pages",
        "Fill it in",
        "Add a department",
    ]


def test_people_with_their_roles_and_ended_ones_as_history(cora, cast):
    answer = cora.get(f"/desk/organisations/{cast.agency.ref}/")
    assert [row[:2] for row in rows(answer)] == [
        ["Amir amir@example.org", "Legal reviewer"],
        ["Sofia sofia@example.org", "Signatory"],
        ["Stella stella@example.org", "Site supervisor"],
    ]
    assert "Roles that have ended Rita, Signatory" in page(answer)


def test_a_member_sees_the_people_and_cannot_change_anything(client, cast):
    client.force_login(cast.stella)
    answer = client.get(f"/desk/organisations/{cast.agency.ref}/")
    assert buttons(answer) == []
    assert [len(row) for row in rows(answer)] == [3, 3, 3]  # no column to end a role
    assert [row[0] for row in rows(answer)] == ["Amir", "Sofia", "Stella"]  # and nobody's address


def test_it_shows_the_cycles_it_hosts_in_and_its_agreements(cora, cast, agreement):
    text = page(cora.get(f"/desk/organisations/{cast.agency.ref}/"))
    assert "Cycles it hosts in First cycle, Open city 1 person" in text
    assert agreement.ref in text


def test_of_an_organisation_that_is_not_theirs_somebody_learns_nothing(client, cast):
    client.force_login(cast.otto)
    for path in ("", "edit/", "members/new/", f"members/{cast.ritas.pk}/end/"):
        for ask in (client.get, client.post):
            assert ask(f"/desk/organisations/{cast.agency.ref}/{path}").status_code == 404


def test_an_ended_role_closes_the_page_in_an_open_session(client, cast):
    client.force_login(cast.sofia)
    url = f"/desk/organisations/{cast.agency.ref}/"
    assert client.get(url).status_code == 200
    for member in cast.agency.membership_set.filter(person=cast.sofia.person):
        actions.end_membership(membership=member, by=cast.cora)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("more", [1, 3])
def test_one_organisation_asks_as_often_with_one_role_as_with_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        person = accounts.add_person(name=f"Person {number}", by=HOUSE)
        actions.add_member(organisation=cast.elsewhere, person=person, role="official", by=HOUSE)
    with django_assert_num_queries(28):
        cora.get(f"/desk/organisations/{cast.elsewhere.ref}/")


# ------------------------------------------------------------------------------------------------- add and change

FACTS = {
    "name": "Harbour Board",
    "short_name": "Harbour",
    "presented_as": "Harbour Services",
    "jurisdiction_level": "region",
    "jurisdiction": "Coast",
    "kind": "agency",
    "legal_form": "agency",
    "registration": "H-1",
    "legal_basis": "Harbour Act",
    "address": "Quay 4",
    "notice_email": "law@harbour.example",
    "website": "harbour.example/start",
    "city": "Saltmere",
    "region": "Coast",
    "country": "Orvella",
    "about": "Ships.\nAnd tides.",
    "tags": "ships\ntides",
    "former_names": "Port Office",
}


def test_an_organisation_is_added_with_everything_that_was_typed(cora):
    answer = cora.post(NEW, FACTS, follow=True)
    made = Organisation.objects.get(name="Harbour Board")
    assert answer.redirect_chain == [(f"/desk/organisations/{made.ref}/", 302)]
    assert said(answer) == ["Harbour Board is in the register."]
    kept = {name: getattr(made, name) for name in FACTS}
    assert kept == FACTS | {
        "website": "https://harbour.example/start",
        "tags": ["ships", "tides"],
        "former_names": ["Port Office"],
    }


def test_what_was_typed_stays_when_something_has_to_be_changed(cora):
    answer = cora.post(NEW, FACTS | {"name": "", "notice_email": "law", "kind": "zebra", "address": "x" * 301})
    assert (answer.status_code, title(answer)) == (422, "Error: Add an organisation – Common Ground")
    assert problems(answer) == [
        "Registered name: Fill this in.",
        "Kind: Choose one of the list.",
        "Address: Write at most 300 characters; there are 301.",
        "E-mail for notices: Write an e-mail address such as name@example.org.",
    ]
    assert typed(answer, "legal_basis") == "Harbour Act"
    assert typed(answer, "notice_email") == "law"
    assert typed(answer, "about") == "Ships.\r\nAnd tides.".replace("\r\n", "\n")
    assert typed(answer, "tags") == "ships\ntides"
    assert not Organisation.objects.filter(short_name="Harbour").exists()


def test_a_second_click_adds_no_second_organisation_but_a_namesake_can_be_meant(cora):
    cora.post(NEW, {"name": "Harbour Board"})
    again = cora.post(NEW, {"name": "harbour board", "city": "Saltmere"})
    assert (again.status_code, problems(again)) == (
        422,
        ["I mean another organisation: add it all the same: The register has an organisation of this name already."],
    )
    assert "I mean another organisation: add it all the same" in page(again)
    assert typed(again, "city") == "Saltmere"
    assert Organisation.objects.filter(name__iexact="harbour board").count() == 1
    cora.post(NEW, {"name": "harbour board", "city": "Elsewhere", "namesake": "on"})
    assert Organisation.objects.filter(name__iexact="harbour board").count() == 2


def test_nothing_but_the_facts_of_the_form_is_taken_from_a_post(cora, cast):
    cora.post(NEW, FACTS | {"ref": "MINE", "id": cast.agency.pk, "pk": cast.agency.pk, "state": "x"})
    assert Organisation.objects.get(name="Harbour Board").ref != "MINE"
    cast.agency.refresh_from_db()
    assert cast.agency.name == "Agency"


def test_a_change_is_stored_and_told_in_the_words_of_the_form(cora, cast):
    url = f"/desk/organisations/{cast.agency.ref}/"
    before = {name: typed(cora.get(url + "edit/"), name) for name in FACTS}
    assert before["legal_basis"] == "Agency Act, section 4"
    answer = cora.post(url + "edit/", before | {"address": "3 Quay Street", "former_names": "Old Agency"}, follow=True)
    assert said(answer) == ["The changes are saved."]
    assert "Cora changed address, former names." in page(answer)
    cast.agency.refresh_from_db()
    assert (cast.agency.address, cast.agency.former_names) == ("3 Quay Street", ["Old Agency"])


def test_saving_what_was_there_records_nothing(cora, cast):
    url = f"/desk/organisations/{cast.agency.ref}/edit/"
    before = {name: typed(cora.get(url), name) for name in FACTS}
    count = Event.objects.count()
    assert said(cora.post(url, before, follow=True)) == ["Nothing was different."]
    assert Event.objects.count() == count


def test_a_change_that_is_refused_leaves_the_record_and_the_title_of_the_page(cora, cast):
    answer = cora.post(f"/desk/organisations/{cast.agency.ref}/edit/", {"name": "x" * 100_000, "address": "9 Quay"})
    assert answer.status_code == 422
    assert problems(answer) == ["Registered name: Write at most 200 characters; there are 100000."]
    assert title(answer) == "Error: Change Agency – Common Ground"
    assert typed(answer, "address") == "9 Quay"
    cast.agency.refresh_from_db()
    assert cast.agency.address == "1 Quay Street"


def test_the_kinds_to_choose_from_begin_with_not_known(cora):
    assert options(cora.get(NEW), "kind") == [
        "Public agency",
        "Civil society organisation",
        "Community group",
        "Company",
        "University or school",
        "Funder",
        "Citizens' body",
    ]
