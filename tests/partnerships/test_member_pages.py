"""Roles in an organisation: somebody gets one by name and address, and it ends."""

import pytest

from accounts.models import Invitation, Person, User
from core.models import Message
from partnerships import actions
from partnerships.models import Membership
from tests.reading import page, problems, reason, said, soup, typed, words

IVY = {"name": "Ivy Lund", "email": "ivy@example.org", "role": "signatory", "title": "Director"}


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def new(organisation) -> str:
    return f"/desk/organisations/{organisation.ref}/members/new/"


def end(organisation, member) -> str:
    return f"/desk/organisations/{organisation.ref}/members/{member.pk}/end/"


def test_somebody_new_gets_a_role_a_sign_in_and_a_mail(cora, cast):
    answer = cora.post(new(cast.agency), IVY, follow=True)
    assert said(answer) == ["Ivy Lund is Signatory of Agency and was told by e-mail."]
    user = User.objects.get(email="ivy@example.org")
    member = Membership.objects.get(person=user.person)
    assert (member.organisation, member.role, member.title, user.has_usable_password()) == (
        cast.agency, "signatory", "Director", False,
    )  # fmt: skip
    assert list(Invitation.objects.values_list("email", "what")) == [("ivy@example.org", "Signatory of Agency")]
    assert Message.objects.count() == 0


def test_each_role_stands_with_what_it_is_for(cora, cast):
    actions.edit_organisation(organisation=cast.agency, facts={"kind": "agency"}, by=cast.cora)  # no NGO roles
    labels = [words(each) for each in soup(cora.get(new(cast.agency))).select("label.choice")]
    assert labels == [
        "Lead: Answers for the organisation’s part.",
        "Official: Works there and sees the organisation; receives work that is handed over.",
        "Legal reviewer: Reads agreements before they are signed.",
        "Signatory: Signs agreements for the organisation.",
        "Site supervisor: Guides fellows from day to day.",
        "Executive sponsor: Removes obstacles.",
    ]


def test_a_role_can_be_asked_for_by_the_address(cora, cast):
    chosen = soup(cora.get(new(cast.agency) + "?role=signatory")).select("input[name=role][checked]")
    assert [each["value"] for each in chosen] == ["signatory"]
    assert cora.get(new(cast.agency) + "?role=%00coordinator").status_code == 200


def test_a_known_address_belongs_to_whom_it_belongs_and_the_page_says_their_name(cora, cast):
    people = Person.objects.count()
    answer = cora.post(new(cast.agency), IVY | {"email": "OTTO@example.org"}, follow=True)
    assert said(answer) == ["Otto is Signatory of Agency and was told by e-mail."]
    assert Person.objects.count() == people


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "sofia@example.org"}, "Sofia holds this role already."),
        ({"email": "cora@example.org"}, "Nobody gives a role to themselves. Another coordinator has to do it."),
        (
            {"email": "rooth@example.org"},
            "That address belongs to a superuser of this site, who takes no part in the work.",
        ),
        ({"role": "coordinator"}, "Role: Choose one of the list."),
        ({"role": ""}, "Role: Choose one."),
        ({"name": ""}, "Name: Fill this in."),
        (
            {"email": "ivy@example.org\nBcc: otto@example.org"},
            "E-mail address: Write an e-mail address such as name@example.org.",
        ),
        ({"title": "x" * 151}, "Position: Write at most 150 characters; there are 151."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cora, cast, change, sentence):
    members = Membership.objects.count()
    answer = cora.post(new(cast.agency), IVY | change)
    assert (answer.status_code, problems(answer)[:1]) == (422, [sentence])
    assert (Membership.objects.count(), Message.objects.count()) == (members, 0)
    assert typed(answer, "title") == (IVY | change)["title"]


def test_a_second_click_gives_the_role_once_and_mails_once(cora, cast):
    cora.post(new(cast.agency), IVY)
    assert problems(cora.post(new(cast.agency), IVY)) == ["Ivy Lund holds this role already."]
    assert Membership.objects.filter(person__name="Ivy Lund").count() == Invitation.objects.count() == 1


def test_a_role_that_ended_can_be_given_again(cora, cast):
    cora.post(new(cast.agency), IVY | {"email": "rita@example.org"})
    rows = Membership.objects.filter(person=cast.rita.person).order_by("pk")
    assert [row.until is None for row in rows] == [False, True]


def test_a_role_ends_after_it_was_asked_and_the_person_is_out_at_once(client, cast):
    member = cast.agency.membership_set.get(person=cast.sofia.person)
    client.force_login(cast.cora)
    asked = client.get(end(cast.agency, member))
    assert "Sofia stops being Signatory of Agency today." in page(asked)
    answer = client.post(end(cast.agency, member), follow=True)
    assert said(answer) == ["Sofia is no longer Signatory. What they did stays on record."]
    client.force_login(cast.sofia)
    assert client.get(f"/desk/organisations/{cast.agency.ref}/").status_code == 404


def test_ending_it_twice_ends_it_once(cora, cast):
    before = cast.ritas.until
    answer = cora.post(end(cast.agency, cast.ritas), follow=True)
    assert answer.status_code == 200
    cast.ritas.refresh_from_db()
    assert cast.ritas.until == before


def test_a_role_of_another_organisation_is_not_there_under_this_one(cora, cast):
    other = cast.elsewhere.membership_set.get()
    for ask in (cora.get, cora.post):
        assert ask(end(cast.agency, other)).status_code == 404
        assert ask(f"/desk/organisations/{cast.agency.ref}/members/99999999999999999999999/end/").status_code == 404
    other.refresh_from_db()
    assert other.until is None


def test_a_member_may_not_give_or_end_roles_and_reads_why(client, cast):
    client.force_login(cast.sofia)
    member = cast.agency.membership_set.get(person=cast.amir.person)
    for url in (new(cast.agency), end(cast.agency, member)):
        for ask in (client.get, client.post):
            answer = ask(url, IVY)
            assert answer.status_code == 403
            assert reason(answer) == "Only a programme coordinator gives people roles in an organisation."
    assert Membership.objects.filter(organisation=cast.agency, until=None).count() == 3
