"""Several people of an organisation at once: lines that were pasted, what each would do, and what became of it."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Invitation, User
from core.access import HOUSE
from core.jobs import run_jobs
from partnerships import actions
from partnerships.models import Membership
from tests.accounts.invited import HERE, link_to
from tests.conftest import sign_in_for
from tests.reading import buttons, page, problems, reason, rows, said, soup, title, typed, words

LINES = """Ines New; ines@agency.example; reviewer

 Ole Old ;ole@agency.example; Site supervisor
Felix; felix@example.org; official
Amir; amir@example.org; reviewer"""


@pytest.fixture
def cora(cast) -> Client:
    """Her browser."""
    browser = Client()
    browser.force_login(cast.cora)
    return browser


@pytest.fixture
def there(cast) -> str:
    return f"/desk/organisations/{cast.agency.ref}/members/invite/"


def sure(asks, there, lines=LINES):
    return asks.post(there, {"people": lines, "sure": "yes"}, follow=True)


def test_what_each_line_does_and_the_mails_are_read_before_anything_is_done(cora, cast, there, mailoutbox):
    members = Membership.objects.count()
    shown = cora.post(there, {"people": LINES})
    assert shown.status_code == 200 and "Invitations: 2. Mails about a role to people who know the way: 1." in page(shown)
    assert [row[3] for row in rows(shown)] == [
        "Invited Gets the role and the invitation.",
        "Invited Gets the role and the invitation.",
        "Told Has a sign-in: gets the role, and a mail that says to sign in as usual.",
        "Nothing Holds this role already.",
    ]
    for text in ("Invitation: Legal reviewer of Agency", "Invitation: Site supervisor of Agency", "For: Ines New", f"{HERE}…/"):
        assert text in page(shown)
    assert typed(shown, "people") == LINES
    run_jobs()
    assert (Membership.objects.count(), mailoutbox, Invitation.objects.count()) == (members, [], 0)


def test_then_they_have_their_roles_and_each_line_says_what_became_of_it(cora, cast, there, mailoutbox):
    done = sure(cora, there)
    assert [row[3] for row in rows(done)] == [
        "Has the role and is invited",
        "Has the role and is invited",
        "Has the role and was told by e-mail",
        "Nothing done Holds this role already.",
    ]
    run_jobs()
    assert sorted((mail.to[0], mail.subject) for mail in mailoutbox) == [
        ("felix@example.org", "Your role at Agency"),
        ("ines@agency.example", "Invitation: Legal reviewer of Agency"),
        ("ole@agency.example", "Invitation: Site supervisor of Agency"),
    ]
    assert Membership.objects.live().filter(organisation=cast.agency, role="supervisor").count() == 2


def test_done_twice_it_is_done_once(cora, cast, there, mailoutbox):
    sure(cora, there)
    again = sure(cora, there)
    assert [row[3] for row in rows(again)] == ["Nothing done Holds this role already."] * 4
    run_jobs()
    assert len(mailoutbox) == 3


def test_the_result_is_a_page_of_its_own_that_can_be_loaded_again_and_does_nothing(cora, cast, there, mailoutbox):
    done = sure(cora, there)
    ((address, status),) = done.redirect_chain
    assert address.startswith(f"{there}?done=") and status == 302
    members = Membership.objects.count()
    assert [rows(cora.get(address)) for _load in range(2)] == [rows(done)] * 2
    run_jobs()
    assert (Membership.objects.count(), len(mailoutbox)) == (members, 3)


def test_the_result_is_for_who_pasted_the_lines_there_and_for_an_hour(cora, cast, there):
    ((address, _status),) = sure(cora, there).redirect_chain
    other = sign_in_for("cleo")
    actions.give_programme_role(programme=cast.programme, person=other.person, role="coordinator", by=HOUSE)
    cleo = Client()
    cleo.force_login(other)
    elsewhere = address.replace(cast.agency.ref, cast.ngo.ref)
    for browser, asked in ((cleo, address), (cora, elsewhere), (cora, f"{there}?done="), (cora, f"{there}?done=%00x%20")):
        got = browser.get(asked, follow=True)
        assert said(got) == [
            "What became of each line is kept for an hour. The people of the organisation and the invitations to it stay."
        ]
        assert not title(got).startswith("Invited to")
    cache.clear()
    assert cora.get(address).headers["Location"] == there.removesuffix("members/invite/")


def test_every_line_that_is_wrong_is_named_with_what_to_do_and_nothing_is_lost(cora, cast, there):
    lines = "\n".join(
        [
            "Ines New; ines@agency.example; reviewer",
            "Ole Old, ole@agency.example, reviewer",
            "; ole@agency.example; reviewer",
            "Ole; ole at agency; reviewer",
            "Ole; ole@agency.example; boss",
            "Ines; INES@agency.example; Legal reviewer",
            "O\u202ele; ole@agency.example; lead",
        ]
    )
    actions.edit_organisation(organisation=cast.agency, facts={"kind": "agency"}, by=cast.cora)  # no NGO roles
    got = cora.post(there, {"people": lines, "sure": "yes"})
    assert got.status_code == 422 and title(got).startswith("Error:")
    assert problems(got) == [
        "People: Line 2: write a name, an address and a role, with a semicolon between them.",
        "People: Line 3: write the name, in at most 200 characters.",
        "People: Line 4: “ole at agency” is no e-mail address such as name@example.org.",
        "People: Line 5: “boss” is no role here. There are: lead, official, reviewer, signatory, supervisor, sponsor.",
        "People: Line 6: the same address and role stand above.",
        "People: Line 7: There is a character in it that is not shown. Type it again instead of pasting it.",
    ]
    assert Invitation.objects.count() == 0


def test_tabs_from_a_spreadsheet_will_do(cora, there):
    shown = cora.post(there, {"people": "Ines New\tines@agency.example\treviewer"})
    assert [row[:3] for row in rows(shown)] == [["Ines New", "ines@agency.example", "reviewer"]]


def test_one_person_with_two_roles_gets_one_invitation(cora, there, mailoutbox):
    lines = "Ines New; ines@agency.example; reviewer\nIness; Ines@agency.example; sponsor"
    shown = cora.post(there, {"people": lines})
    assert rows(shown)[1][3] == "Told Is invited by a line above: gets the role, and a mail about it."
    sure(cora, there, lines)
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == ["Invitation: Legal reviewer of Agency", "Your role at Agency"]
    assert User.objects.filter(email__iexact="ines@agency.example").count() == 1


def test_superusers_and_oneself_get_no_role(cora, cast, there):
    lines = "R; rooth@example.org; lead\nMe; cora@example.org; signatory"
    done = sure(cora, there, lines)
    assert [row[3] for row in rows(done)] == [
        "Nothing done That address belongs to a superuser of this site, who takes no part in the work.",
        "Nothing done Nobody gives a role to themselves. Another coordinator has to do it.",
    ]
    assert not Membership.objects.filter(person=cast.cora.person).exists()


def test_a_name_on_record_is_told_only_to_who_may_see_it(cora, client, cast, there):
    """Felix holds no role in an organisation, so the register does not have him: his address tells no name."""
    shown = cora.post(there, {"people": "X; felix@example.org; lead\nY; stella@example.org; lead"})
    assert [row[0] for row in rows(shown)] == ["X", "Stella the name on record; the line says Y"]


def test_change_the_lines_leads_back_with_all_of_them(cora, there):
    back = cora.post(there, {"people": LINES, "sure": "no"})
    assert back.status_code == 200 and typed(back, "people") == LINES and Invitation.objects.count() == 0


def test_nothing_pasted_and_too_much(cora, there):
    assert problems(cora.post(there, {"people": ""})) == ["People: Fill this in."]
    many = "\n".join(f"P{n}; p{n}@agency.example; lead" for n in range(101))
    assert problems(cora.post(there, {"people": many})) == ["People: Write at most 100 lines; there are 101."]


def test_the_page_has_the_button_for_those_who_may(cora, client, cast, there):
    assert "Invite several" in buttons(cora.get(f"/desk/organisations/{cast.agency.ref}/"))
    client.force_login(cast.amir)
    assert "Invite several" not in buttons(client.get(f"/desk/organisations/{cast.agency.ref}/"))
    assert reason(client.post(there, {"people": LINES, "sure": "yes"})) == (
        "Only a programme coordinator gives people roles in an organisation."
    )
    client.force_login(cast.felix)
    assert client.post(there, {"people": LINES, "sure": "yes"}).status_code == 404
    assert Invitation.objects.count() == 0


def test_the_result_leads_to_the_invitations_of_the_organisation(cora, cast, there, mailoutbox):
    done = sure(cora, there)
    (link,) = [each["href"] for each in soup(done).select("main a") if words(each) == "Invitations to it"]
    assert len(rows(cora.get(link))) == 2
    assert link_to(mailoutbox, "ines@agency.example").startswith(HERE)


def test_a_closed_sign_in_stays_closed(cora, cast, there, mailoutbox):
    User.objects.filter(pk=cast.otto.pk).update(is_active=False)
    shown = cora.post(there, {"people": "Otto; otto@example.org; lead"})
    assert rows(shown)[0][3] == "Told Gets the role. The sign-in is deactivated and stays so."


def test_the_first_page_asks_the_same_number_of_questions(cora, cast, there):
    with CaptureQueriesContext(connection) as few:
        cora.get(there)
    actions.invite_member(organisation=cast.agency, name="Z", email="z@agency.example", role="lead", by=cast.cora)
    with CaptureQueriesContext(connection) as more:
        cora.get(there)
    assert len(few) == len(more)
