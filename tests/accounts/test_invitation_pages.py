"""Invitations at the desk: the list, one of them, sending again, taking back, and what waits on the desk of who invites."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from accounts import actions
from accounts.models import Invitation
from core import audit
from core.access import HOUSE
from core.jobs import run_jobs
from partnerships import actions as partnerships
from tests.accounts.invited import HERE, answer, invite, link_to, opened
from tests.reading import buttons, names, next_of, page, problems, reason, rows, said, soup, table_of, title

LIST = "/desk/invitations/"


@pytest.fixture
def cora(cast) -> Client:
    """Her browser."""
    browser = Client()
    browser.force_login(cast.cora)
    return browser


@pytest.fixture
def ines(cast) -> Invitation:
    return invite(cast)


def one(invitation: Invitation, act: str = "") -> str:
    return f"{LIST}{invitation.ref}/{act}"


def ended(invitation: Invitation, days: int = 15) -> None:
    """As if it had been sent so many days ago."""
    for name in ("created", "expires"):
        Invitation.objects.filter(pk=invitation.pk).update(**{name: getattr(invitation, name) - timedelta(days=days)})


@pytest.fixture
def four(cast, client, mailoutbox) -> dict[str, Invitation]:
    """One in each state."""
    made = {name: invite(cast, name.title(), f"{name}@agency.example") for name in ("abe", "bea", "cid")}
    made["dan"] = invite(cast, "Dan", "dan@ngo.example", organisation=cast.ngo, role="lead")
    answer(client, link_to(mailoutbox, "bea@agency.example"))
    ended(made["cid"])
    actions.revoke_invitation(invitation=made["dan"], by=cast.cora)
    return made


def test_the_list_says_who_to_what_and_how_it_stands(cora, cast, four):
    shown = cora.get(LIST)
    assert {name: row[3] for name, row in zip(names(shown), rows(shown), strict=True)} == {
        "Abe": "Open",
        "Bea": "Used",
        "Cid": "Expired",
        "Dan": "Taken back",
    }
    assert "Legal reviewer of Agency by Cora" in page(shown) and "Lead of NGO" in page(shown) and "4 invitations" in page(shown)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=open", ["Abe"]),
        ("state=used", ["Bea"]),
        ("state=expired", ["Cid"]),
        ("state=revoked", ["Dan"]),
        ("state=ending", []),
        ("state=undelivered", []),
        ("words=agency.example+ci", ["Cid"]),
        ("words=nobody", []),
        ("sort=name", ["Abe", "Bea", "Cid", "Dan"]),
        ("sort=-name", ["Dan", "Cid", "Bea", "Abe"]),
        ("sort=-state", ["Bea", "Dan", "Abe", "Cid"]),
    ],
)
def test_it_is_filtered_and_sorted_by_its_address(cora, cast, four, query, found):
    assert names(cora.get(f"{LIST}?{query}")) == found
    assert [line[1] for line in table_of(cora.get(f"{LIST}?{query}&format=csv"))[1:]] == found


def test_it_is_filtered_by_where_it_leads(cora, cast, four):
    assert names(cora.get(f"{LIST}?place={cast.ngo.ref}")) == ["Dan"]
    wrong = cora.get(f"{LIST}?place=NOWHERE")
    assert names(wrong) == [] and title(wrong).startswith("Error:")


def test_the_file_has_what_the_list_has_and_no_secret(cora, cast, four):
    heads, *lines = table_of(cora.get(f"{LIST}?format=csv&sort=name"))
    assert heads == ["Reference", "Name", "Address", "To", "State", "Sent", "Until", "Used", "Invited by"]
    assert [(line[1], line[2], line[3], line[4], line[8]) for line in lines][3] == (
        "Dan", "dan@ngo.example", "Lead of NGO", "Taken back", "Cora",
    )  # fmt: skip


def test_the_secret_and_its_hash_stand_on_no_page(cora, ada, client, cast, ines, mailoutbox):
    secret = link_to(mailoutbox, ines.email).split("/")[-2]
    token = Invitation.objects.get().token
    for asks in (cora, client):
        asks.force_login(cast.cora if asks is cora else ada)
        for address in (
            LIST,
            f"{LIST}?format=csv",
            one(ines),
            one(ines, "resend/"),
            one(ines, "revoke/"),
            "/desk/",
            "/desk/log/",
        ):
            text = asks.get(address).content.decode()
            assert secret not in text and token not in text


def test_an_empty_list_says_where_to_begin(cora, cast):
    shown = page(cora.get(LIST))
    assert "Nobody has been invited yet" in shown and "from the page of its cycle" in shown


def test_one_or_three_rows_ask_the_same_number_of_questions(cora, cast):
    counts = []
    for names_ in (["abe"], ["bea", "cid"]):
        for name in names_:
            invite(cast, name.title(), f"{name}@agency.example")
        with CaptureQueriesContext(connection) as asked:
            cora.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1] and counts[0] <= 16


def test_who_sees_which(client, cast, ada, four):
    """Who runs a programme staffs every organisation; what is about a cycle is for its programme; the rest for administrators."""
    fiona = partnerships.open_programme(name="Other", coordinator=cast.otto.person, by=HOUSE)
    partnerships.invite_to_programme(programme=fiona, name="Eve", email="eve@example.org", role="auditor", by=ada)
    client.force_login(ada)
    assert names(client.get(f"{LIST}?sort=name")) == ["Abe", "Bea", "Cid", "Dan", "Eve"]
    client.force_login(cast.otto)
    assert names(client.get(f"{LIST}?sort=name")) == ["Abe", "Bea", "Cid", "Dan"]
    eve = Invitation.objects.get(email="eve@example.org")
    assert client.get(one(eve)).status_code == client.post(one(eve, "revoke/")).status_code == 404
    for who in (cast.nora, cast.felix, cast.audrey, cast.edna):
        client.force_login(who)
        assert reason(client.get(LIST)) == "Only administrators and coordinators see this list."
        assert client.get(one(four["abe"])).status_code == 404


def test_the_page_says_who_acts_next(cora, cast, four):
    assert next_of(cora.get(one(four["abe"])))[0] == "Abe answers next"
    assert next_of(cora.get(one(four["cid"])))[0] == "It expired unused"
    assert buttons(cora.get(one(four["abe"]))) == ["Send it again", "Take it back"]
    assert buttons(cora.get(one(four["bea"]))) == []
    assert buttons(cora.get(one(four["dan"]))) == ["Invite again"]
    assert "The way in is “Set or forgot password”" in page(cora.get(one(four["bea"])))
    assert "Agency" in [link.text for link in soup(cora.get(one(four["abe"]))).select("main li a")]


def test_sent_again_it_has_a_new_link_and_the_old_one_is_dead(cora, client, cast, ines, mailoutbox):
    old = link_to(mailoutbox, ines.email)
    asked = cora.get(one(ines, "resend/"))
    mail = page(asked)
    assert "Cora invites you to Common Ground" in mail and "/accounts/invitation/…/" in mail and "For: Ines New" in mail
    got = cora.post(one(ines, "resend/"), {"shown": "1"}, follow=True)
    assert said(got) == ["A new link is on its way to ines@agency.example. The one before is dead."]
    assert title(opened(client, old)).startswith("This invitation has ended")
    assert "You are invited" in title(opened(client, link_to(mailoutbox, ines.email)))
    assert "sent the invitation of Ines New again" in audit.history(ines)[0].text


def test_a_second_click_sends_nothing(cora, cast, ines, mailoutbox):
    run_jobs()
    cora.post(one(ines, "resend/"), {"shown": "1"})
    again = cora.post(one(ines, "resend/"), {"shown": "1"})
    assert (again.status_code, problems(again)) == (422, ["It was sent again a moment ago. Nothing was mailed now."])
    run_jobs()
    assert len(mailoutbox) == 2


def test_the_mail_that_is_shown_is_the_mail_that_goes_out(cora, cast, ines, mailoutbox):
    run_jobs()
    draft = cora.get(one(ines, "resend/")).context["mails"][0]
    cora.post(one(ines, "resend/"), {"shown": "1"})
    link = link_to(mailoutbox, ines.email)
    sent = mailoutbox[-1]
    assert (draft.to, draft.subject) == (sent.to[0], sent.subject)
    assert draft.text.replace(f"{HERE}…/", link) == sent.body


def test_taken_back_after_a_look_and_made_anew(cora, client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, ines.email)
    assert "ines@agency.example is dead at once" in page(cora.get(one(ines, "revoke/")))
    got = cora.post(one(ines, "revoke/"), follow=True)
    assert said(got) == ["The invitation of Ines New is taken back. Its link is dead."]
    assert title(opened(client, link)).startswith("This invitation has ended")
    assert cora.post(one(ines, "revoke/"), follow=True).status_code == 200
    assert [line.verb for line in audit.history(ines)] == ["invitation.revoked", "invitation.made"]
    cora.post(one(ines, "resend/"), {"shown": "1"})
    assert Invitation.objects.count() == 2
    assert "You are invited" in title(opened(client, link_to(mailoutbox, ines.email)))
    assert reason(cora.get(one(ines, "resend/"))) == "There is a newer invitation of Ines New."


def test_what_was_used_is_neither_sent_again_nor_taken_back(cora, cast, four):
    assert reason(cora.post(one(four["bea"], "resend/"), {"shown": "1"})).startswith("Bea has answered.")
    cora.post(one(four["bea"], "revoke/"))
    four["bea"].refresh_from_db()
    assert four["bea"].revoked_at is None


def test_a_role_that_ended_ends_the_right_to_invite(cora, cast, ines):
    actions_before = Invitation.objects.values().get()
    role = cast.cora.person
    for held in type(
        partnerships.give_programme_role(programme=cast.programme, person=role, role="editor", by=HOUSE)
    ).objects.filter(person=role):
        partnerships.end_programme_role(role=held, by=HOUSE)
    assert cora.post(one(ines, "resend/"), {"shown": "1"}).status_code == 404
    assert Invitation.objects.values().get() == actions_before


# What waits.


def waiting(asks) -> list[str]:
    return [" ".join(each.text.split()) for each in soup(asks.get("/desk/")).select("main .task__what, main .tasks a")]


def test_the_desk_says_what_ends_what_ended_and_what_does_not_arrive(cora, cast, mailoutbox):
    soon, late, stuck, fine = (invite(cast, name, f"{name.lower()}@agency.example") for name in ("Abe", "Bea", "Cid", "Dan"))
    run_jobs()
    ended(soon, 12)
    ended(late)
    Invitation.objects.filter(pk=stuck.pk).update(sent_at=None, error="SMTPRecipientsRefused")
    desk = page(cora.get("/desk/"))
    assert "The invitation of Abe ends unused" in desk and "The invitation of Bea expired unused" in desk
    assert "The invitation of Cid does not arrive" in desk and "Dan" not in desk
    ended(fine)
    assert "2 invitations expired unused" in page(cora.get("/desk/"))
    actions.revoke_invitation(invitation=late, by=cast.cora)
    actions.resend_invitation(invitation=Invitation.objects.get(pk=fine.pk), shown=1, by=cast.cora)
    assert "expired unused" not in page(cora.get("/desk/"))
    assert f"{LIST}{soon.ref}/" in cora.get("/desk/").content.decode()


def test_the_desk_of_others_says_nothing_of_it(client, cast, ines):
    ended(ines)
    for who in (cast.nora, cast.amir, cast.audrey):
        client.force_login(who)
        assert "Ines" not in page(client.get("/desk/"))


def test_the_page_of_a_fellow_leads_to_their_invitation(cora, cast, ines):
    from fellowships import actions as fellowships

    fellow = fellowships.invite_fellow(cycle=cast.cycle, name="Una", email="una@example.org", by=cast.cora)
    found = Invitation.objects.get(email="una@example.org")
    assert f'href="{one(found)}"' in cora.get(f"/desk/fellows/{fellow.ref}/").content.decode()
    assert date_format(timezone.localtime(found.expires), "j F Y") in page(cora.get(one(found)))
    assert "First cycle, Open city" in page(cora.get(one(found)))
