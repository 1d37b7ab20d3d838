"""Departments: what an organisation is part of, who may say so, what the database refuses; and no access follows the tree."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from core.access import HOUSE
from core.audit import history
from fellowships import demo as fellowships_demo
from fellowships.models import Placement
from mou import actions as mou
from mou.models import Agreement
from partnerships import actions
from partnerships.models import Organisation
from tests.reading import buttons, names, options, page, problems, said, table_of
from tests.threads import at_once

LIST = "/desk/organisations/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def add(name: str, parent: Organisation | None = None, **facts) -> Organisation:
    return actions.add_organisation(name=name, parent=parent, by=HOUSE, **facts)


def line(*names: str) -> list[Organisation]:
    """Each a department of the one before it."""
    made: list[Organisation] = []
    for name in names:
        made.append(add(name, made[-1] if made else None))
    return made


def of(organisation: Organisation, way: str = "") -> str:
    return f"{LIST}{organisation.ref}/{way}"


def facts_of(organisation: Organisation, **changed: str) -> dict[str, str]:
    return {"name": organisation.name, "parent": organisation.parent.ref if organisation.parent else "", **changed}


# ------------------------------------------------------------------------------------------------- saying so


def test_a_department_is_added_from_the_page_of_its_agency_and_both_pages_show_the_place(cora, cast):
    answer = cora.post(LIST + "new/", {"name": "Harbour Office", "parent": cast.agency.ref}, follow=True)
    assert said(answer) == ["Harbour Office is in the register."]
    office = Organisation.objects.get(name="Harbour Office")
    assert office.parent == cast.agency and "Part of: Agency" in page(answer)
    above = page(cora.get(of(cast.agency)))
    assert "Departments below it" in above and "Harbour Office" in above and "1 placement" not in above
    assert "A role in one gives no access to what is above or below it." in above
    assert history(cast.agency)[0].verb != "organisation.edited"


def test_what_runs_in_a_department_stands_on_the_page_of_the_agency(cora, cast):
    city = add("City")
    actions.edit_organisation(organisation=cast.agency, facts={"parent": city}, by=cast.cora)
    fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    assert "1 agreement in force, 1 placement" in page(cora.get(of(city)))
    change = history(cast.agency)[0]
    assert change.text == "Cora changed part of."


def test_an_organisation_is_no_part_of_itself_however_long_the_way(cora, cast):
    top, middle, low = line("Top", "Middle", "Low")
    answer = cora.post(of(top, "edit/"), facts_of(top, parent=low.ref))
    assert (answer.status_code, problems(answer)) == (
        422,
        ["Part of: Low is part of Top. An organisation cannot be part of itself."],
    )
    answer = cora.post(of(top, "edit/"), facts_of(top, parent=top.ref))
    assert answer.status_code == 422
    assert Organisation.objects.get(pk=top.pk).parent is None
    actions.edit_organisation(organisation=middle, facts={"parent": None}, by=cast.cora)
    actions.edit_organisation(organisation=top, facts={"parent": low}, by=cast.cora)  # by now it is a way up
    assert Organisation.objects.get(pk=top.pk).path() == "Middle › Low"


def test_a_tree_has_six_levels_wherever_the_seventh_would_be_put(cast):
    levels = line("1", "2", "3", "4", "5", "6")
    with pytest.raises(ValidationError, match="more than 6 levels"):
        add("7", levels[-1])
    head, _foot = line("Head", "Foot")
    with pytest.raises(ValidationError, match="more than 6 levels"):
        actions.edit_organisation(organisation=head, facts={"parent": levels[4]}, by=cast.cora)
    actions.edit_organisation(organisation=head, facts={"parent": levels[3]}, by=cast.cora)
    assert Organisation.objects.get(name="Foot").path() == "1 › 2 › 3 › 4 › Head"


def test_who_only_belongs_to_it_says_nothing_of_its_place(client, cast):
    with pytest.raises(PermissionDenied):
        actions.edit_organisation(organisation=cast.agency, facts={"parent": cast.ngo}, by=cast.sofia)
    with pytest.raises(ValueError, match="not for its leads"):
        actions.correct_organisation(organisation=cast.ngo, facts={"parent": cast.agency}, by=cast.nora)


# ------------------------------------------------------------------------------------------------- the database


@pytest.mark.postgres
def test_the_database_refuses_a_circle_and_a_seventh_level_past_every_action(cast):
    levels = line("1", "2", "3", "4", "5", "6")
    head, _foot = line("Head", "Foot")
    for row, parent in ((levels[0], levels[0]), (levels[0], levels[1]), (levels[0], levels[5]), (head, levels[4])):
        with pytest.raises(DatabaseError), transaction.atomic():
            Organisation.objects.filter(pk=row.pk).update(parent=parent)
    with pytest.raises(DatabaseError), transaction.atomic():
        Organisation.objects.create(name="7", parent=levels[5])
    Organisation.objects.filter(pk=head.pk).update(parent=levels[3])
    Organisation.objects.filter(pk=levels[0].pk).update(name="One")  # what is not the tree goes its way


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_action", [True, False])
def test_two_at_once_make_no_circle_that_neither_sees(cast, by_action):
    """A part of B and C of D stand; B under C and D under A are said at the same moment: each alone is right."""
    b, d = add("B"), add("D")
    a, c = add("A", b), add("C", d)

    def put(child: Organisation, parent: Organisation):
        keys = child.pk, parent.pk

        def write() -> None:
            row, above = (Organisation.objects.get(pk=key) for key in keys)
            if by_action:
                actions.edit_organisation(organisation=row, facts={"parent": above}, by=HOUSE)
            else:
                with transaction.atomic():
                    Organisation.objects.filter(pk=row.pk).update(parent=above)

        return write

    errors = at_once(put(b, c), put(d, a))
    assert [type(error) for error in errors] == [ValidationError] if by_action else len(errors) == 1
    for each in Organisation.objects.all():
        assert each not in each.parents()
    assert Organisation.objects.filter(pk__in=[b.pk, d.pk], parent=None).count() == 1


# ------------------------------------------------------------------------------------------------- access


def test_no_access_goes_up_or_down(client, cast):
    """Nora leads the NGO above, Otto signs for the department below; neither reads the other's by that."""
    actions.edit_organisation(organisation=cast.elsewhere, facts={"parent": cast.ngo}, by=cast.cora)
    seen = {}
    for who in (cast.nora, cast.otto):
        client.force_login(who)
        seen[who.pk] = (
            names(client.get(LIST)),
            client.get(of(cast.ngo)).status_code,
            client.get(of(cast.elsewhere)).status_code,
            Agreement.objects.visible_to(who).count(),
            Placement.objects.visible_to(who).count(),
        )
    placements = Placement.objects.count()
    assert seen == {
        cast.nora.pk: (["NGO"], 200, 404, 0, placements),
        cast.otto.pk: (["Elsewhere"], 404, 200, 0, 0),
    }
    below = client.get(of(cast.elsewhere))
    assert "Part of: NGO" in page(below) and of(cast.ngo) not in below.content.decode()
    client.force_login(cast.nora)
    assert "Elsewhere" not in page(client.get(of(cast.ngo)))


# ------------------------------------------------------------------------------------------------- lists


def test_the_register_is_filtered_by_an_organisation_with_its_departments(cora, cast):
    city, office, _desk = line("City of Pell", "Office of Roads", "Desk for Bridges")
    assert options(cora.get(LIST), "within") == ["City of Pell", "Office of Roads"]
    assert names(cora.get(f"{LIST}?within={city.ref}")) == ["City of Pell", "Desk for Bridges", "Office of Roads"]
    assert names(cora.get(f"{LIST}?within={office.ref}&words=bridges")) == ["Desk for Bridges"]
    assert names(cora.get(f"{LIST}?within={cast.agency.ref}")) == []  # it has none: no such choice
    lines = table_of(cora.get(f"{LIST}?within={city.ref}&format=csv"))
    place = lines[0].index("Part of")
    assert [row[place] for row in lines[1:]] == ["", "City of Pell › Office of Roads", "City of Pell"]


def test_other_lists_are_filtered_with_departments_too(cora, cast, agreement_in_force):
    city = add("City of Pell")
    actions.edit_organisation(organisation=cast.agency, facts={"parent": city}, by=cast.cora)
    for address, name in (
        ("/desk/agreements/", "party"),
        ("/desk/placements/", "host"),
        ("/desk/duties/", "party"),
        ("/desk/projects/", "organisation"),
    ):
        answer = cora.get(address)
        assert "City of Pell, with its departments" in options(answer, name), address
        whole = len(table_of(cora.get(f"{address}?format=csv&{name}={city.ref}*")))
        alone = len(table_of(cora.get(f"{address}?format=csv&{name}={cast.agency.ref}")))
        assert whole == alone > 1, address
        assert len(table_of(cora.get(f"{address}?format=csv&{name}={city.ref}"))) == 1, address


def test_jurisdiction_is_shown_and_filtered(cora, cast):
    facts = {"jurisdiction_level": "city", "jurisdiction": "Pell"}
    actions.edit_organisation(organisation=cast.agency, facts=facts, by=cast.cora)
    assert "Pell (City or municipality)" in page(cora.get(of(cast.agency)))
    assert names(cora.get(LIST + "?level=city")) == names(cora.get(LIST + "?jurisdiction=Pell")) == ["Agency"]
    assert names(cora.get(LIST + "?level=unknown")) == ["Elsewhere", "NGO"]
    assert names(cora.get(LIST + "?level=village")) == []


@pytest.mark.parametrize("number", [3, 1000])
def test_a_thousand_departments_ask_as_often_as_three(cora, cast, number, django_assert_num_queries):
    city = add("City")
    Organisation.objects.bulk_create([Organisation(name=f"Office {n:04}", parent=city) for n in range(number)])
    with django_assert_num_queries(PAGE):
        answer = cora.get(of(city))
    assert f"All {number} departments in the register" in page(answer)
    with django_assert_num_queries(LISTED):
        cora.get(f"{LIST}?within={city.ref}")


PAGE, LISTED = 29, 13


# ------------------------------------------------------------------------------------------------- the public


@pytest.fixture
def public(cast):
    signed = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    mou.publish_agreement(agreement=signed, by=cast.cora)
    return Client()


def test_public_pages_name_what_it_is_part_of_and_link_what_is_public(public, cast):
    country, ministry = line("Country", "Ministry")
    actions.edit_organisation(organisation=cast.agency, facts={"parent": ministry}, by=cast.cora)
    actions.edit_organisation(organisation=cast.ngo, facts={"parent": cast.agency}, by=cast.cora)
    answer = public.get(f"/organisations/{cast.ngo.ref}/")
    assert "Part of Country › Ministry › Agency" in page(answer)
    text = answer.content.decode()
    assert (f"/organisations/{cast.agency.ref}/" in text, ministry.ref in text, country.ref in text) == (True, False, False)
    assert "Departments NGO" in page(public.get(f"/organisations/{cast.agency.ref}/"))
    row = next(each for each in public.get("/organisations/?format=json").json()["organisations"] if each["name"] == "NGO")
    assert row["part_of"] == [{"name": "Country"}, {"name": "Ministry"}, {"name": "Agency"}]


def test_a_sensitive_parent_or_department_is_not_named_on_the_page_of_the_other(public, cast):
    _above, shelter = line("Motherland", "Shelterhouse")
    actions.edit_organisation(organisation=cast.ngo, facts={"parent": shelter}, by=cast.cora)
    addresses = [f"/organisations/{cast.ngo.ref}/", "/organisations/", "/organisations/?format=json", "/agreements/"]
    assert "Shelterhouse" in page(public.get(addresses[0]))
    actions.shield_organisation(organisation=shelter, reason="Threatened.", by=cast.cora)
    for address in addresses:
        text = public.get(address).content.decode()
        assert ("Shelterhouse" in text, "Motherland" in text, shelter.ref in text) == (False, False, False), address
    found = public.get(f"/organisations/?within={shelter.ref}&format=json").json()["count"]
    assert found == 0


def test_who_marks_an_agency_reads_which_departments_are_not_marked(cora, cast):
    shelter, _house = line("Shelterhouse", "Shelterhouse North")
    assert "Not marked: Shelterhouse North" in page(cora.get(of(shelter, "shield/")))
    assert "Add a department" in buttons(cora.get(of(shelter)))
