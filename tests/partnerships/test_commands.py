"""The operator's commands about programmes and roles: from an empty database to somebody who coordinates."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person, SiteRole, User
from core.access import holds
from core.audit import history
from partnerships.models import Membership, Organisation, Programme, ProgrammeRole


def told(capsys, *args: str, **options: str) -> str:
    call_command(*args, **options)
    return " ".join(capsys.readouterr().out.split())


def test_an_empty_installation_gets_a_programme_and_who_coordinates_it(db, capsys):
    said = told(capsys, "open_programme", "Civic Fellowship", coordinator="cora@example.org", name="Cora Lind")
    opened = Programme.objects.get()
    assert said == (
        f"Civic Fellowship is open: /desk/programmes/{opened.ref}/ cora@example.org coordinates it. An invitation is on its way."
    )
    cora = User.objects.get()
    assert (cora.person.name, cora.has_usable_password()) == ("Cora Lind", False)
    assert holds(cora, "fellowships.edit_cycle", opened)
    assert [line.text for line in history(opened)] == [
        "The system made Cora Lind Programme coordinator.",
        "The system opened the programme.",
    ]


def test_a_programme_may_be_opened_for_an_organisation_of_the_register_and_without_a_coordinator(cast, capsys):
    said = told(capsys, "open_programme", "Harbour", organisation="ngo")
    assert 'Nobody coordinates it yet: manage.py grant EMAIL coordinator --programme "Harbour"' in said
    assert Programme.objects.get(name="Harbour").organisation == cast.ngo


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"coordinator": "ivy@example.org"}, "Nobody signs in with ivy@example.org yet: say who it is with --name."),
        ({"coordinator": "ivy", "name": "Ivy"}, "Enter a valid email address."),
        ({"coordinator": "rooth@example.org"}, "rooth@example.org belongs to a superuser of this site"),
        ({"organisation": "Nowhere"}, "There is no organisation “Nowhere” in the register."),
    ],
)
def test_a_mistake_leaves_nothing_behind(cast, options, sentence):
    before = (Programme.objects.count(), Person.objects.count())
    with pytest.raises(CommandError, match=sentence):
        call_command("open_programme", "Harbour", **options)
    assert (Programme.objects.count(), Person.objects.count()) == before


@pytest.mark.parametrize("name", ["open CITY", "  "])
def test_a_name_is_needed_that_no_programme_has(cast, name):
    with pytest.raises(CommandError):
        call_command("open_programme", name)
    assert Programme.objects.count() == 1


def test_the_first_administrator_comes_from_the_command_and_goes_by_it(cast, capsys):
    assert "Ada Berg is administrator of this site." in told(capsys, "grant", "ada@example.org", "administrator", name="Ada Berg")
    ada = User.objects.get(email="ada@example.org")
    assert holds(ada, "partnerships.open_programme", cast.programme)
    told(capsys, "grant", "ada@example.org", "administrator")
    assert SiteRole.objects.count() == 1  # given twice, held once
    assert "Ada Berg is no longer administrator." in told(capsys, "grant", "ADA@example.org", "administrator", end=True)
    assert not holds(ada, "partnerships.open_programme", cast.programme)
    assert [line.text for line in history(ada.person)][:2] == [
        "The system ended the role Administrator on this site.",
        "The system gave the role Administrator on this site.",
    ]


def test_roles_in_programmes_and_organisations_are_given_and_ended(cast, capsys):
    told(capsys, "grant", "otto@example.org", "auditor", programme="open city")
    told(capsys, "grant", "ivy@example.org", "signatory", organisation=cast.agency.ref, name="Ivy Lund", title="Director")
    assert Membership.objects.get(person__name="Ivy Lund").title == "Director"
    assert ProgrammeRole.objects.get(person=cast.otto.person).role == "auditor"
    told(capsys, "grant", "otto@example.org", "auditor", programme="Open city", end=True)
    told(capsys, "grant", "ivy@example.org", "signatory", organisation="agency", end=True)
    assert ProgrammeRole.objects.get(person=cast.otto.person).ended and Membership.objects.get(person__name="Ivy Lund").ended


@pytest.mark.parametrize(
    ("args", "options", "sentence"),
    [
        (("x@example.org", "lead"), {}, "Say where “lead” is held: --programme or --organisation."),
        (("x@example.org", "administrator"), {"programme": "Open city"}, "“administrator” is held on the whole site"),
        (("x@example.org", "lead"), {"programme": "Open city"}, "“lead” is a role in an organisation"),
        (("x@example.org", "auditor"), {"organisation": "NGO"}, "“auditor” is a role in a programme"),
        (
            ("x@example.org", "auditor"),
            {"programme": "Nope"},
            "There is no programme “Nope”. manage.py open_programme opens one.",
        ),
        (("x@example.org", "lead"), {"organisation": "Nope"}, "There is no organisation “Nope” in the register."),
        (("x@example.org", "auditor"), {"programme": "Open city"}, "Nobody signs in with x@example.org yet"),
        (("x", "auditor"), {"programme": "Open city", "name": "X"}, "Enter a valid email address."),
        (("otto@example.org", "auditor"), {"programme": "Open city", "end": True}, "does not hold the role auditor there."),
        (("nobody@example.org", "administrator"), {"end": True}, "does not hold the role administrator there."),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(cast, args, options, sentence):
    before = (Person.objects.count(), Membership.objects.count(), ProgrammeRole.objects.count(), SiteRole.objects.count())
    with pytest.raises(CommandError, match=sentence):
        call_command("grant", *args, **options)
    after = (Person.objects.count(), Membership.objects.count(), ProgrammeRole.objects.count(), SiteRole.objects.count())
    assert after == before


def test_the_coordinator_of_an_empty_installation_gets_to_a_signing_organisation(client, db):
    """The way that docs/operate.md describes, by the pages alone."""
    call_command("open_programme", "Civic Fellowship", coordinator="cora@example.org", name="Cora Lind")
    client.force_login(User.objects.get())
    programme = Programme.objects.get()
    for facts in ({"name": "Bridgeworks", "kind": "ngo"}, {"name": "Ministry", "kind": "agency"}):
        assert client.post("/desk/organisations/new/", facts).status_code == 302
    asked = {"name": programme.name, "organisation": Organisation.objects.get(name="Bridgeworks").ref, "time_zone": "UTC"}
    assert client.post(f"/desk/programmes/{programme.ref}/edit/", asked).status_code == 302
    assert client.get("/desk/cycles/new/").status_code == 200
    programme.refresh_from_db()
    assert programme.organisation.name == "Bridgeworks"
