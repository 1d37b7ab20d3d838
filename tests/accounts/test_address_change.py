"""The address of a sign-in is corrected. Who has the address has the sign-in, so most of this is who may not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import actions
from accounts.models import User
from core import audit
from core.access import HOUSE
from core.jobs import run_jobs
from core.models import Event, Message
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.accounts.test_password_link import NEW, choose, link_for
from tests.conftest import PASSWORD
from tests.reading import page, problems, reason, said, typed

ASKED = {"email": "amir.new@example.org", "reason": "Told me on the phone."}


def of(user) -> str:
    return f"/desk/people/{user.person.ref}/address/"


def can_sign_in(email: str, password: str) -> bool:
    return Client().post("/accounts/login/", {"login": email, "password": password}).status_code == 302


@pytest.fixture
def adas(client, ada):
    client.force_login(ada)
    return client


def address_of(user) -> str:
    return User.objects.get(pk=user.pk).email


def test_the_new_address_is_proven_by_a_link_before_anybody_comes_in_with_it(adas, cast, mailoutbox):
    answer = adas.post(of(cast.amir), ASKED, follow=True)
    assert said(answer) == ["Amir signs in with the new address from now on. Both addresses were told."]
    assert not can_sign_in("amir@example.org", PASSWORD) and not can_sign_in("amir.new@example.org", PASSWORD)
    choose(Client(), link_for(Client(), "amir.new@example.org", mailoutbox))
    assert can_sign_in("amir.new@example.org", NEW) and not can_sign_in("amir@example.org", NEW)


def test_every_session_and_every_mailed_link_dies(adas, cast, mailoutbox):
    theirs = Client()
    theirs.force_login(cast.amir)
    link = link_for(Client(), "amir@example.org", mailoutbox)
    adas.post(of(cast.amir), ASKED)
    assert theirs.get("/desk/").status_code == 302
    assert "This link has ended" in Client().get(link).content.decode()


def test_both_addresses_are_told_and_the_old_one_not_of_the_new(adas, cast, mailoutbox):
    adas.post(of(cast.amir), ASKED)
    assert Message.objects.count() == 2
    run_jobs()
    told = {mail.to[0]: (mail.subject, mail.body) for mail in mailoutbox}
    assert {to: subject for to, (subject, _) in told.items()} == {
        "amir@example.org": "The address of your sign-in was changed",
        "amir.new@example.org": "You sign in with this address now",
    }
    assert "amir.new" not in told["amir@example.org"][1]


def test_the_timeline_says_who_and_why_and_the_addresses_are_before_and_after(adas, cast):
    adas.post(of(cast.amir), ASKED)
    assert audit.history(cast.amir.person)[0].text == "Ada changed the address of the sign-in: Told me on the phone."
    (event,) = Event.objects.filter(verb="person.address_changed")
    assert event.data == {
        "reason": "Told me on the phone.",
        "changes": {"email": ["amir@example.org", "amir.new@example.org"]},
    }
    answer = adas.post(of(cast.felix), ASKED | {"reason": "felix@example.org bounced"})
    assert problems(answer) == [
        "How you know that it is theirs: Say it without an address: more people read the timeline than may know it."
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "otto@example.org"}, "New address: Somebody signs in with that address already."),
        ({"email": "OTTO@EXAMPLE.ORG"}, "New address: Somebody signs in with that address already."),
        ({"email": "rooth@example.org"}, "New address: Somebody signs in with that address already."),
        ({"email": "amir@example.org"}, "New address: That is the address already."),
        ({"email": "amir"}, "New address: Write an e-mail address such as name@example.org."),
        ({"email": ""}, "New address: Fill this in."),
        ({"reason": ""}, "How you know that it is theirs: Fill this in."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(adas, cast, change, sentence):
    answer = adas.post(of(cast.amir), ASKED | change)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert typed(answer, "reason") == (ASKED | change)["reason"]
    assert address_of(cast.amir) == "amir@example.org" and Message.objects.count() == 0


# ------------------------------------------------------------------------------------------------- who may not


def test_the_address_of_a_signatory_is_the_operators_alone(adas, cast, agreement):
    """Or whoever changes it reads the link, comes in as Sofia, and signs."""
    sentence = "Sofia acts or acted for others: Signatory of Agency. Only the operator of this site changes the address."
    for ask in (adas.get, adas.post):
        assert reason(ask(of(cast.sofia), ASKED)) == sentence
    assert address_of(cast.sofia) == "sofia@example.org"


def test_deactivating_first_does_not_help(adas, cast):
    actions.deactivate_sign_in(person=cast.sofia.person, reason="Lost.", by=HOUSE)
    assert reason(adas.post(of(cast.sofia), ASKED)).startswith("Sofia acts or acted for others: Signatory of Agency.")


def test_nor_does_it_help_that_the_role_begins_tomorrow(adas, cast):
    tomorrow = cast.today + timedelta(days=1)
    partnerships.add_member(organisation=cast.ngo, person=cast.amir.person, role="signatory", since=tomorrow, by=cast.cora)
    assert reason(adas.post(of(cast.amir), ASKED)).startswith("Amir acts or acted for others: Signatory of NGO.")


@pytest.mark.parametrize("who", ["cora", "audrey", "edna"])
def test_nor_does_who_runs_audits_or_edits_a_programme_get_another(adas, cast, who):
    answer = reason(adas.post(of(getattr(cast, who)), ASKED))
    assert answer.startswith(f"{who.title()} acts or acted for others: ") and answer.count("of Open city") == 1


def test_nor_does_another_administrator(adas, cast):
    actions.give_site_role(person=cast.felix.person, role="administrator", by=HOUSE)
    assert reason(adas.post(of(cast.felix), ASKED)).startswith("Felix acts or acted for others: Administrator.")


def test_nor_does_who_was_a_signatory(adas, cast):
    assert reason(adas.post(of(cast.rita), ASKED)).startswith("Rita acts or acted for others: Signatory of Agency.")


def test_an_administrator_does_not_change_their_own(adas, ada):
    assert reason(adas.post(of(ada), ASKED)) == "Nobody does that to their own sign-in. An administrator has to do it."


def test_nor_does_it_help_to_end_the_role_and_give_it_again_afterwards(client, cast, ada):
    """An administrator could make an invented person coordinator, who does just that."""
    invented = partnerships.invite_to_programme(
        programme=cast.programme, name="Ivy", email="ivy@example.org", role="coordinator", by=ada
    ).person
    (held,) = Membership.objects.filter(person=cast.sofia.person)
    partnerships.end_membership(membership=held, by=User.objects.get(person=invented))
    client.force_login(ada)
    assert reason(client.post(of(cast.sofia), ASKED)).startswith("Sofia acts or acted for others: Signatory of Agency.")
    coras = cast.programme.programmerole_set.get(person=cast.cora.person)
    partnerships.end_programme_role(role=coras, by=ada)
    assert reason(client.post(of(cast.cora), ASKED)).startswith(
        "Cora acts or acted for others: Programme coordinator of Open city."
    )
    assert (address_of(cast.sofia), address_of(cast.cora)) == ("sofia@example.org", "cora@example.org")


def test_an_administrator_gives_and_ends_no_role_in_an_organisation(cast, ada):
    (held,) = Membership.objects.filter(person=cast.sofia.person)
    with pytest.raises(PermissionDenied):
        partnerships.end_membership(membership=held, by=ada)
    with pytest.raises(PermissionDenied):
        partnerships.invite_member(organisation=cast.agency, name="Ivy", email="ivy@example.org", role="signatory", by=ada)


def test_who_does_both_jobs_changes_nobodys_address(client, cast, ada):
    """An administrator who coordinates as well could end the role, take the address, and give the role again, alone."""
    partnerships.give_programme_role(programme=cast.programme, person=ada.person, role="coordinator", by=HOUSE)
    client.force_login(ada)
    sentence = "You give people roles in organisations, so you change nobody’s address. Another administrator does it."
    for user in (cast.amir, cast.felix, cast.carol):
        assert reason(client.post(of(user), ASKED)) == sentence
        assert "Change the address" not in page(client.get(of(user).removesuffix("address/")))


@pytest.mark.parametrize(("who", "status"), [("cora", 403), ("nora", 404), ("sofia", 404), ("stella", 404), ("rooth", 404)])
def test_nobody_else_changes_one_of_their_own_or_another_organisation(client, cast, who, status):
    client.force_login(getattr(cast, who))
    for ask in (client.get, client.post):
        assert ask(of(cast.amir), ASKED).status_code == status
    with pytest.raises(PermissionDenied, match="Only an administrator of this site"):
        actions.change_address(person=cast.amir.person, **ASKED, by=getattr(cast, who))
    assert address_of(cast.amir) == "amir@example.org"


def test_a_sign_in_is_not_opened_under_anybodys_address_for_who_acts_for_others_on_paper(cast, ada):
    """Somebody who was entered as a signatory without an address is not signed in for by whoever adds one."""
    paper = actions.add_person(name="Paper", by=HOUSE)
    partnerships.add_member(organisation=cast.agency, person=paper, role="signatory", by=HOUSE)
    for who in (cast.cora, ada):
        with pytest.raises(PermissionDenied, match="Paper acts or acted for others: Signatory of Agency"):
            actions.open_sign_in(person=paper, email="mine@example.org", by=who)
    assert actions.open_sign_in(person=paper, email="paper@example.org", by=HOUSE).person == paper


# ------------------------------------------------------------------------------------------------- the operator


def test_the_operator_changes_any_by_a_command_that_is_on_record(cast, capsys):
    call_command("change_address", "sofia@example.org", "sofia.new@example.org", reason="Passport seen.")
    assert "Sofia signs in with sofia.new@example.org from now on." in capsys.readouterr().out
    assert audit.history(cast.sofia.person)[0].text == "The system changed the address of the sign-in: Passport seen."
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("nobody@example.org", "x@example.org", "Nobody signs in with nobody@example.org."),
        ("sofia@example.org", "otto@example.org", "Somebody signs in with that address already."),
        ("sofia@example.org", "sofia", "Enter a valid email address."),
    ],
)
def test_the_command_says_what_is_wrong(cast, old, new, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("change_address", old, new, reason="x")
    assert address_of(cast.sofia) == "sofia@example.org"
