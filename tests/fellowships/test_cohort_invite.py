"""A cohort is invited at once: who gets the mail and who does not, the mail itself, and what became of each."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Invitation, User
from core.access import HOUSE
from core.jobs import run_jobs
from core.views.desk import _opened
from fellowships import actions
from tests.accounts.invited import HERE, NEW, answer, link_to, opened, set_password
from tests.reading import buttons, page, problems, reason, rows, said, soup, title, typed


@pytest.fixture
def ada(cast):
    """Added by name alone."""
    return actions.invite_fellow(cycle=cast.cycle, name="Ada Lind", by=cast.cora)


@pytest.fixture
def bo(cast):
    """With an address, imported long ago: never came in, never invited."""
    person = accounts.add_person(name="Bo Ek", by=HOUSE)
    accounts.open_sign_in(person=person, email="bo@example.org", by=HOUSE)
    return actions.add_fellow(cycle=cast.cycle, person=person, by=cast.cora)


@pytest.fixture
def there(cast) -> str:
    return f"/desk/cycles/{cast.cycle.ref}/invitations/"


def typed_for(ada, bo, **more: str) -> dict[str, str]:
    return {f"address_{ada.ref}": "ada@example.org", f"address_{bo.ref}": "bo@example.org", **more}


def stands(shown) -> dict[str, str]:
    return {row[0]: row[2] for row in rows(shown)}


def test_the_page_says_how_each_stands_and_asks_for_what_is_missing(cora, cast, ada, bo, there):
    shown = cora.get(there)
    assert stands(shown) == {
        "Ada Lind": "No address Write one, and they are invited to it.",
        "Bo Ek": "Gets the mail",
        "Felix": "Has a sign-in",
    }
    assert typed(shown, f"address_{ada.ref}") == "" and typed(shown, f"address_{bo.ref}") == "bo@example.org"
    assert not soup(shown).select(f"[name=address_{cast.fellow.ref}]")


def test_who_gets_what_is_read_before_anything_is_sent(cora, cast, ada, bo, there, mailoutbox):
    shown = cora.post(there, typed_for(ada, bo))
    assert title(shown).startswith("Send the invitations of First cycle") and "Send 2 invitations?" in page(shown)
    assert stands(shown) == {"Ada Lind": "Gets the mail", "Bo Ek": "Gets the mail", "Felix": "Has a sign-in"}
    for text in ("The mail to ada@example.org", "Invitation: Fellow in First cycle, Open city", "For: Ada Lind", f"{HERE}…/"):
        assert text in page(shown)
    assert buttons(shown) == ["Send 2 invitations", "Change the addresses"]
    run_jobs()
    assert (mailoutbox, Invitation.objects.count(), User.objects.filter(person=ada.person).exists()) == ([], 0, False)


def test_one_without_an_address_is_left_out_and_can_be_invited_later(cora, cast, ada, bo, there, mailoutbox):
    facts = typed_for(ada, bo) | {f"address_{ada.ref}": ""}
    assert stands(cora.post(there, facts))["Ada Lind"] == "No address Write one, and they are invited to it."
    assert said(cora.post(there, facts | {"sure": "yes"}, follow=True)) == [
        "1 person is invited. The mail leaves within a minute."
    ]
    done = cora.post(there, {f"address_{ada.ref}": "ada@example.org", "sure": "yes"}, follow=True)
    assert said(done) == ["1 person is invited. The mail leaves within a minute."]
    run_jobs()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ada@example.org", "bo@example.org"]


def test_after_it_each_row_says_what_became_of_it(cora, cast, ada, bo, there, mailoutbox):
    done = cora.post(there, typed_for(ada, bo, sure="yes"), follow=True)
    assert said(done) == ["2 people are invited. The mails leave within a minute."]
    assert stands(done)["Ada Lind"].startswith("Invited The mail waits to be sent. Open until")
    assert "There is nobody to invite" in page(done)
    run_jobs()
    assert stands(cora.get(there))["Bo Ek"].startswith("Invited The mail has left.")
    Invitation.objects.filter(email="bo@example.org").update(sent_at=None, error="refused")
    assert stands(cora.get(there))["Bo Ek"].startswith("Invited The mail does not leave; it is tried again.")


def test_a_second_click_invites_nobody_again_and_says_so(cora, cast, ada, bo, there, mailoutbox):
    for _click in range(2):
        done = cora.post(there, typed_for(ada, bo, sure="yes"), follow=True)
    shown = page(done)
    assert "Ada Lind was not invited now: Invited." in shown and "Bo Ek was not invited now: Invited." in shown
    run_jobs()
    assert len(mailoutbox) == 2


def test_who_came_in_left_or_was_closed_since_is_passed_over_with_the_reason(cora, cast, ada, bo, there, mailoutbox):
    facts = typed_for(ada, bo, sure="yes")
    actions.withdraw_fellow(fellow=ada, left_on=cast.today, reason="Another job.", by=cast.cora)
    User.objects.filter(person=bo.person).update(last_login=timezone.now())
    done = page(cora.post(there, facts, follow=True))
    assert "Ada Lind was not invited now: Has left." in done and "Bo Ek was not invited now: Has a sign-in." in done
    run_jobs()
    assert mailoutbox == [] and not User.objects.filter(email="ada@example.org").exists()


def test_an_address_that_changed_since_it_was_shown_gets_nothing(cora, cast, ada, bo, there, mailoutbox):
    User.objects.filter(person=bo.person).update(email="bo@elsewhere.example")
    done = page(cora.post(there, typed_for(ada, bo, sure="yes"), follow=True))
    assert "Bo Ek was not invited now: Another address is on record by now." in done
    run_jobs()
    assert [mail.to[0] for mail in mailoutbox] == ["ada@example.org"]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ada", "Ada Lind: Write an e-mail address such as name@example.org."),
        ("felix@example.org", "Ada Lind: Somebody else signs in with this address."),
        ("rooth@example.org", "Ada Lind: That address belongs to a superuser of this site, who takes no part in the work."),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_what_to_do_and_stays(cora, cast, ada, bo, there, address, sentence):
    for step in ({}, {"sure": "yes"}):
        got = cora.post(there, typed_for(ada, bo) | {f"address_{ada.ref}": address} | step)
        assert got.status_code == 422 and title(got).startswith("Error:") and typed(got, f"address_{ada.ref}") == address
        assert [text[: len(sentence)] for text in problems(got)] == [sentence]
    assert Invitation.objects.count() == 0


def test_two_people_never_share_an_address(cora, cast, ada, bo, there):
    got = cora.post(there, typed_for(ada, bo) | {f"address_{ada.ref}": "BO@example.org"})
    assert got.status_code == 422 and Invitation.objects.count() == 0


def test_who_acted_for_others_without_a_sign_in_is_the_operators_to_invite(cora, cast, ada, bo, there, mailoutbox):
    """As by the page of one fellow: ADR 15."""
    from partnerships import actions as partnerships

    partnerships.add_member(organisation=cast.elsewhere, person=ada.person, role="signatory", by=HOUSE)
    shown = cora.post(there, typed_for(ada, bo))
    assert stands(shown)["Ada Lind"].startswith("Not invited Ada Lind acts or acted for others")
    done = page(cora.post(there, typed_for(ada, bo, sure="yes"), follow=True))
    assert "Ada Lind was not invited now: Ada Lind acts or acted for others" in done
    assert not User.objects.filter(email="ada@example.org").exists() and Invitation.objects.count() == 1


def test_what_expired_and_what_was_taken_back_is_invited_again(cora, cast, ada, bo, there, mailoutbox):
    cora.post(there, typed_for(ada, bo, sure="yes"))
    accounts.revoke_invitation(invitation=Invitation.objects.get(email="ada@example.org"), by=cast.cora)
    shown = stands(cora.get(there))
    assert shown["Ada Lind"] == f"Gets the mail The last one was taken back on {cast.today:%-d %B %Y}."
    cora.post(there, {f"address_{ada.ref}": "ada@example.org", "sure": "yes"})
    assert Invitation.objects.filter(email="ada@example.org").count() == 2


def test_a_fellow_of_another_cycle_in_the_form_is_nobody(cora, cast, ada, there):
    other = actions.open_cycle(programme=cast.programme, name="Next", by=cast.cora)
    stranger = actions.invite_fellow(cycle=other, name="Zoe", by=cast.cora)
    done = cora.post(there, {f"address_{stranger.ref}": "zoe@example.org", "sure": "yes"}, follow=True)
    assert "There was nobody to invite." in page(done) and Invitation.objects.count() == 0


def test_who_may(client, cast, ada, there):
    for who in (cast.stella, cast.audrey, cast.nora, cast.felix):
        client.force_login(who)
        answer_ = client.post(there, {f"address_{ada.ref}": "ada@example.org", "sure": "yes"})
        assert (answer_.status_code, reason(answer_)) == (403, "Only a coordinator of the programme may do that.")
    for who in (cast.otto, cast.edna):
        client.force_login(who)
        assert client.get(there).status_code == client.post(there).status_code == 404
    assert Invitation.objects.count() == 0


def test_an_empty_cohort_says_what_comes_first(cora, cast):
    bare = actions.open_cycle(programme=cast.programme, name="Next", by=cast.cora)
    shown = page(cora.get(f"/desk/cycles/{bare.ref}/invitations/"))
    assert "Nobody takes part yet" in shown


def test_one_or_three_fellows_ask_the_same_number_of_questions(cora, cast, there):
    counts = []
    for number in (1, 2):
        for each in range(number):
            actions.invite_fellow(cycle=cast.cycle, name=f"F {number} {each}", by=cast.cora)
        with CaptureQueriesContext(connection) as asked:
            cora.get(there)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_cycle_and_its_fellows_lead_there(cora, cast, ada, there):
    assert there in cora.get(f"/desk/cycles/{cast.cycle.ref}/").content.decode()
    assert "Invite the cohort" in buttons(cora.get(f"/desk/cycles/{cast.cycle.ref}/fellows/"))


def test_three_are_invited_one_comes_in_by_the_mails_alone_and_sees_the_placement(cora, cast, ada, bo, there, settings, tmp_path):
    """With the files that the demo writes: from here on nobody looks into the database."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    cleo = actions.invite_fellow(cycle=cast.cycle, name="Cleo Moe", by=cast.cora)
    actions.add_placement(fellow=ada, host=cast.host, by=cast.cora)
    facts = typed_for(ada, bo) | {f"address_{cleo.ref}": "cleo@example.org"}
    assert "Send 3 invitations?" in page(cora.post(there, facts))
    cora.post(there, facts | {"sure": "yes"})
    run_jobs()

    def mails(to: str) -> list[dict[str, str]]:
        files = sorted(Path(tmp_path).glob("*.log"), key=lambda path: path.stat().st_mtime)
        return [each for path in files for each in _opened(path) if each["to"] == to]

    def link(to: str) -> str:
        (found,) = [line for line in mails(to)[-1]["text"].splitlines() if line.startswith("http")]
        return found.removeprefix("http://127.0.0.1:8000")

    assert [len(mails(f"{name}@example.org")) for name in ("ada", "bo", "cleo", "felix")] == [1, 1, 1, 0]
    browser, invitation = Client(), link("ada@example.org")
    assert "Fellow in First cycle, Open city" in page(opened(browser, invitation))
    assert "Look into your mail" in title(answer(browser, invitation))
    run_jobs()
    set_password(browser, link("ada@example.org"))
    desk = browser.post("/accounts/login/", {"login": "ada@example.org", "password": NEW}, follow=True)
    assert "Agency" in page(desk)
    assert "Agency" in page(browser.get("/desk/placements/"))
    again = opened(Client(), invitation)
    assert title(again).startswith("This invitation has ended") and "It was used" in page(again)
    words = {name: text.split(" The ")[0] for name, text in stands(cora.get(there)).items()}
    assert words == {"Ada Lind": "Has a sign-in", "Bo Ek": "Invited", "Cleo Moe": "Invited", "Felix": "Has a sign-in"}


def test_the_secret_of_each_is_its_own(cora, cast, ada, bo, there, mailoutbox):
    cora.post(there, typed_for(ada, bo, sure="yes"))
    assert link_to(mailoutbox, "ada@example.org") != link_to(mailoutbox, "bo@example.org")
    assert Invitation.objects.values("token").distinct().count() == 2
