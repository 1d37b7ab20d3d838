"""What is on record of a fellow is corrected: skills, home, and the name where it is this programme's to change."""

import pytest

from accounts.models import Person
from core.access import HOUSE
from core.models import Event, Head
from fellowships import actions
from fellowships.models import Fellow
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.conftest import sign_in_for
from tests.reading import buttons, page, problems, reason, said, soup, typed


def one(fellow, path: str = "edit/") -> str:
    return f"/desk/fellows/{fellow.ref}/{path}"


def test_name_skills_and_home_are_changed_and_told_in_words(cora, cast, harbour):
    shown = cora.get(one(harbour.fellow))
    assert (typed(shown, "name"), typed(shown, "home"), typed(shown, "skills")) == ("Hana", "Pier", "tides")
    facts = {"name": "Hana Sørby", "home": "Saltmere", "skills": "tides\nSQL"}
    answer = cora.post(one(harbour.fellow), facts, follow=True)
    assert answer.redirect_chain == [(one(harbour.fellow, ""), 302)]
    assert said(answer) == ["The changes are saved."]
    assert "Cora changed name, skills, home." in page(answer)
    fellow = Fellow.objects.get(pk=harbour.fellow.pk)
    assert (fellow.person.name, fellow.home, fellow.skills) == ("Hana Sørby", "Saltmere", ["tides", "SQL"])
    assert said(cora.post(one(harbour.fellow), facts, follow=True)) == ["Nothing was different."]


def test_the_person_finds_the_new_name_and_who_changed_it_on_their_own_record(client, cast, harbour):
    actions.edit_fellow(fellow=harbour.fellow, facts={"name": "Hana Sørby"}, by=cast.cora)
    client.force_login(harbour.hana)
    assert "Cora changed the name from “Hana” to “Hana Sørby”." in page(client.get("/desk/me/"))
    (event,) = Event.objects.filter(verb="person.renamed")
    assert event.subject == f"accounts.person:{harbour.hana.person.ref}"


def test_public_pages_are_made_anew_for_a_new_name(cast, harbour):
    before = Head.objects.get(pk=1).generation
    actions.edit_fellow(fellow=harbour.fellow, facts={"name": "Hana Sørby"}, by=cast.cora)
    assert Head.objects.get(pk=1).generation > before


def test_a_draft_with_the_old_name_is_said_to_be_behind_and_what_is_signed_keeps_it(cora, cast, agreement):
    cora.post(one(cast.fellow), {"name": "Felix Arrow"})
    behind = f"Agreement {agreement.ref} is out and says: Felix, Permits without a queue, "
    assert behind in page(cora.get(f"/desk/placements/{cast.placement.ref}/"))
    agreement.refresh_from_db()
    assert [unit["label"] for unit in agreement.units] == ["Felix"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"name": "x" * 201}, "Name: Write at most 200 characters; there are 201."),
        (
            {"name": "Hana\u202eyb"},
            "Name: There is a character in it that is not shown. Type it again instead of pasting it.",
        ),
        ({"home": "x" * 201}, "Home: Write at most 200 characters; there are 201."),
        ({"skills": "x" * 101}, "Skills: Line 1 is longer than 100 characters."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cora, cast, harbour, change, sentence):
    answer = cora.post(one(harbour.fellow), {"name": "Hana", "home": "Quay", "skills": "tides"} | change)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert typed(answer, "home") == change.get("home", "Quay")
    assert Fellow.objects.get(pk=harbour.fellow.pk).home == "Pier"


# ------------------------------------------------------------------------------------------------- whose name it is


def has_a_role(cast, harbour) -> None:
    partnerships.add_member(organisation=cast.elsewhere, person=harbour.hana.person, role="signatory", by=HOUSE)


def had_a_role(cast, harbour) -> None:
    has_a_role(cast, harbour)
    partnerships.end_membership(membership=Membership.objects.get(person=harbour.hana.person), by=HOUSE)


def audits_a_programme(cast, harbour) -> None:
    partnerships.give_programme_role(programme=cast.programme, person=harbour.hana.person, role="auditor", by=HOUSE)


def takes_part_in_anothers_programme(cast, harbour) -> None:
    wim = sign_in_for("wim")
    other = partnerships.open_programme(name="Other", coordinator=wim.person, by=HOUSE)
    cycle = actions.open_cycle(programme=other, name="Theirs", by=wim)
    actions.add_fellow(cycle=cycle, person=harbour.hana.person, by=wim)


@pytest.mark.parametrize(
    "part",
    [has_a_role, had_a_role, audits_a_programme, takes_part_in_anothers_programme],
    ids=lambda part: part.__name__.replace("_", " "),
)
def test_who_has_another_part_as_well_keeps_the_name_and_the_rest_is_changed(cora, cast, harbour, part):
    part(cast, harbour)
    shown = cora.get(one(harbour.fellow))
    assert "The name stays: Hana has or had another part here, and goes by it there." in page(shown)
    assert soup(shown).select("main form [name=name]") == []
    assert said(cora.post(one(harbour.fellow), {"name": "Forged", "home": "Saltmere"}, follow=True)) == ["The changes are saved."]
    fellow = Fellow.objects.get(pk=harbour.fellow.pk)
    assert (fellow.person.name, fellow.home) == ("Hana", "Saltmere")


def test_of_two_cycles_that_one_runs_both_show_the_new_name(cora, cast, harbour):
    second = actions.open_cycle(programme=cast.programme, name="Second", by=cast.cora)
    again = actions.add_fellow(cycle=second, person=harbour.hana.person, by=cast.cora)
    cora.post(one(harbour.fellow), {"name": "Hana Sørby"})
    assert "Hana Sørby" in page(cora.get(one(again, "")))


def test_of_somebody_who_left_what_is_wrong_is_put_right_and_state_is_not_taken_from_a_post(cora, cast):
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    cora.post(one(cast.fellow), {"name": "Felix", "home": "Saltmere", "state": "takes_part", "reason": "None"})
    fellow = Fellow.objects.get(pk=cast.fellow.pk)
    assert (fellow.home, fellow.state, fellow.reason) == ("Saltmere", "withdrawn", "Another job.")


def test_who_may_see_and_not_run_it_reads_why_and_others_find_nothing(client, cast, harbour):
    for who in (cast.stella, cast.felix, cast.audrey, cast.nora):
        client.force_login(who)
        assert "Change" not in buttons(client.get(one(cast.fellow, "")))
        for ask in (client.get, client.post):
            answer = ask(one(cast.fellow))
            assert (answer.status_code, reason(answer)) == (403, "Only a coordinator of the programme may do that.")
    for who in (harbour.hugo, cast.otto, cast.sofia, harbour.ines):
        client.force_login(who)
        for ask in (client.get, client.post):
            assert ask(one(cast.fellow)).status_code == 404
    assert Person.objects.filter(name="Felix").count() == 1
