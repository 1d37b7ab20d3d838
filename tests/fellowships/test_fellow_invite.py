"""A sign-in for a fellow who was added or imported without an address: asked, confirmed, mailed, and to nobody else."""

import pytest
from django.core import mail

from accounts.models import Invitation, User
from core.access import HOUSE
from core.jobs import run_jobs
from fellowships import actions
from tests.reading import buttons, next_of, page, problems, reason, said, soup, title, typed, words


@pytest.fixture
def ada(cast):
    """Added by name alone."""
    return actions.invite_fellow(cycle=cast.cycle, name="Ada Lind", by=cast.cora)


def one(fellow, path: str = "invite/") -> str:
    return f"/desk/fellows/{fellow.ref}/{path}"


def test_the_address_is_shown_before_anything_is_sent_and_then_they_come_in(client, cast, ada):
    client.force_login(cast.cora)
    shown = client.get(one(ada, ""))
    assert "Sign-in none: they cannot see their own page" in page(shown)
    assert "Give a sign-in" in buttons(shown)
    asked = client.post(one(ada), {"email": "ada@example.org"})
    assert asked.status_code == 200
    assert words(soup(asked).h1) == "Is this the address of Ada Lind?"
    assert "Mail goes to ada@example.org" in page(asked)
    assert (User.objects.filter(person=ada.person).exists(), Invitation.objects.count()) == (False, 0)
    answer = client.post(one(ada), {"email": typed(asked, "email"), "confirm": "yes"}, follow=True)
    assert said(answer) == ["Ada Lind is invited. The mail goes to ada@example.org."]
    assert "Cora invited the fellow to sign in." in page(answer)
    assert "Sign-in ada@example.org invited" in page(answer)
    assert "Give a sign-in" not in buttons(answer)
    client.force_login(User.objects.get(email="ada@example.org"))
    assert next_of(client.get(one(ada, "")))[0] == "You are not placed yet"


def test_the_mail_goes_by_a_job_and_carries_no_password_link(cora, cast, ada):
    cora.post(one(ada), {"email": "ada@example.org", "confirm": "yes"})
    assert mail.outbox == []
    run_jobs()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ada@example.org"], "Invitation: Fellow in First cycle, Open city")
    assert "/accounts/invitation/" in sent.body and "/accounts/password/" not in sent.body
    assert not User.objects.get(email="ada@example.org").has_usable_password()


def test_another_address_can_be_written_and_nothing_was_sent(cora, cast, ada):
    again = cora.post(one(ada), {"email": "ado@example.org", "confirm": "no"})
    assert (again.status_code, typed(again, "email")) == (200, "ado@example.org")
    assert words(soup(again).h1) == "Invite Ada Lind"
    assert (User.objects.filter(person=ada.person).exists(), Invitation.objects.count()) == (False, 0)


TAKEN = (
    "E-mail address: Somebody else signs in with this address. Ask Ada Lind for one of their own. If it is the same person "
    "twice, add them to the cycle by this address, and record that this one left."
)


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "E-mail address: Fill this in."),
        ("ada", "E-mail address: Write an e-mail address such as name@example.org."),
        ("felix@example.org", TAKEN),
        ("Otto@Example.org", TAKEN),
        (
            "rooth@example.org",
            "E-mail address: That address belongs to a superuser of this site, who takes no part in the work.",
        ),
    ],
)
@pytest.mark.parametrize("confirm", [{}, {"confirm": "yes"}], ids=["asked", "confirmed"])
def test_an_address_that_is_none_or_somebody_elses_is_refused_with_what_to_do(cora, cast, ada, email, sentence, confirm):
    users = User.objects.count()
    answer = cora.post(one(ada), {"email": email} | confirm)
    assert (answer.status_code, problems(answer), typed(answer, "email")) == (422, [sentence], email)
    assert title(answer).startswith("Error:")
    assert (User.objects.count(), Invitation.objects.count()) == (users, 0)


def test_a_closed_sign_in_keeps_its_address_and_its_owner(cora, cast, ada):
    User.objects.filter(pk=cast.otto.pk).update(is_active=False)
    assert problems(cora.post(one(ada), {"email": "otto@example.org"})) == [TAKEN]
    User.objects.filter(pk=cast.felix.pk).update(is_active=False)
    assert "Sign-in felix@example.org closed" in page(cora.get(one(cast.fellow, "")))
    assert reason(cora.get(one(cast.fellow))) == "Felix has a sign-in already."


def test_it_is_given_once_and_to_nobody_who_has_left(cora, cast, ada):
    for _click in range(2):
        last = cora.post(one(ada), {"email": "ada@example.org", "confirm": "yes"})
    assert (last.status_code, reason(last)) == (403, "Ada Lind has a sign-in already.")
    assert (User.objects.filter(person=ada.person).count(), Invitation.objects.count()) == (1, 1)
    bo = actions.invite_fellow(cycle=cast.cycle, name="Bo", by=cast.cora)
    actions.withdraw_fellow(fellow=bo, left_on=cast.today, reason="Another job.", by=cast.cora)
    assert reason(cora.post(one(bo), {"email": "bo@example.org"})) == "Bo has left the cycle."


def test_an_address_is_shown_to_nobody_but_who_runs_the_cycle(client, cast):
    for who in (cast.stella, cast.audrey, cast.nora, cast.felix):
        client.force_login(who)
        assert "felix@example.org" not in page(client.get(one(cast.fellow, "")))
    client.force_login(cast.cora)
    assert "felix@example.org" in page(client.get(one(cast.fellow, "")))


def test_who_may_see_and_not_run_it_reads_why_and_others_find_nothing(client, cast, harbour, ada):
    actions.add_placement(fellow=ada, host=cast.host, by=cast.cora)
    for who in (cast.stella, cast.audrey, cast.nora):
        client.force_login(who)
        answer = client.post(one(ada), {"email": "ada@example.org", "confirm": "yes"})
        assert (answer.status_code, reason(answer)) == (403, "Only a coordinator of the programme may do that.")
    for who in (harbour.hugo, cast.otto, cast.sofia, cast.felix):
        client.force_login(who)
        for ask in (client.get, client.post):
            assert ask(one(ada)).status_code == 404
    assert not User.objects.filter(person=ada.person).exists()
    assert actions.open_fellow_sign_in(fellow=ada, email="ada@example.org", by=HOUSE).person == ada.person
