"""Setting a password by a mailed link: the whole way in, and what the link may not be used for."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions
from accounts.jobs import mail_password_link
from accounts.models import User
from core import audit
from core.access import HOUSE
from core.jobs import run_jobs
from core.models import Message
from partnerships import actions as partnerships
from tests.conftest import PASSWORD, sign_in_for

ASK = "/accounts/password/"
NEW = "four words nobody guesses"


@pytest.fixture
def nora(db) -> User:
    return sign_in_for("nora")


def link_in(mail) -> str:
    """The one address in the text of a mail, as somebody would click it."""
    (link,) = re.findall(r"^http\S+$", mail.body, re.M)
    assert link.startswith("http://127.0.0.1:8000/")
    return link.removeprefix("http://127.0.0.1:8000")


def ask(client, email, **more):
    return client.post(ASK, {"email": email}, **more)


def link_for(client, email, mailoutbox) -> str:
    """The link in the mail that this person asked for: it is sent before what else waits, so it need not be the last."""
    before = len(mailoutbox)
    ask(client, email)
    run_jobs()
    (mail,) = [mail for mail in mailoutbox[before:] if mail.to == [email] and re.search(r"/accounts/password/\w+-", mail.body)]
    return link_in(mail)


def choose(client, link, password=NEW, again=None):
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(where, {"password1": password, "password2": again or password}, follow=True)


def can_sign_in(email, password) -> bool:
    return Client().post("/accounts/login/", {"login": email, "password": password}).status_code == 302


def test_somebody_new_comes_in_by_links_alone(client, cast, mailoutbox):
    ines = actions.open_sign_in(person=actions.add_person(name="Ines New", by=HOUSE), email="ines@agency.example", by=HOUSE)
    partnerships.add_member(organisation=cast.agency, person=ines.person, role="reviewer", by=cast.cora)
    page = client.get("/accounts/login/").content.decode()
    (address,) = re.findall(r'<a href="([^"]+)">Set or forgot password</a>', page)
    assert client.get(address).status_code == 200
    sent = client.post(address, {"email": "ines@agency.example"}, follow=True)
    assert "Look into your mail" in sent.content.decode()
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == ["Set your password"]
    done = choose(client, link_in(mailoutbox[0]))
    assert "Your password is set" in done.content.decode()
    (sign_in,) = re.findall(r'<a class="btn btn--primary"\s+href="([^"]+)">Sign in</a>', done.content.decode())
    desk = client.post(sign_in, {"login": "ines@agency.example", "password": NEW}, follow=True)
    assert desk.redirect_chain[-1] == ("/desk/", 302) and "Ines New" in desk.content.decode()
    assert client.get(f"/desk/organisations/{cast.agency.ref}/").status_code == 200


def test_the_mail_is_text_and_page_says_why_it_came_and_is_under_no_host_but_ours(client, nora, mailoutbox):
    ask(client, nora.email, headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    run_jobs()
    (mail,) = mailoutbox
    (page,) = [part.content for part in mail.alternatives]
    link = link_in(mail)
    assert f"http://127.0.0.1:8000{link}" in page and "evil" not in page + mail.body and "localhost" not in page + mail.body
    for text in (mail.body, page):
        assert "It works once" in text and "because somebody asked for it" in " ".join(text.split())


def test_known_and_unknown_addresses_get_the_same_answer_and_cost_the_same(client, nora, mailoutbox):
    pages, work = [], []
    for email in (nora.email, "ghost@example.org"):
        with CaptureQueriesContext(connection) as asked:
            pages.append(ask(client, email, follow=True).content)
        work.append([query["sql"].split(" ")[0] for query in asked.captured_queries])
    assert pages[0] == pages[1] and work[0] == work[1] and work[0].count("INSERT") == 1
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[nora.email]]


def test_what_waits_in_the_database_is_neither_an_address_nor_a_link(client, nora):
    ask(client, nora.email)
    ask(client, "ghost@example.org")
    known, unknown = (row.args_kwargs["args"] for row in DBTaskResult.objects.order_by("enqueued_at"))
    assert known[:2] == ["accounts.mail_password_link", str(nora.pk)]
    assert unknown[:2] == ["accounts.mail_password_link", ""]
    assert "@" not in str(known) + str(unknown) and "http" not in str(known)
    assert Message.objects.count() == 0


def test_a_link_works_once(client, nora, mailoutbox):
    link = link_for(client, nora.email, mailoutbox)
    choose(client, link)
    assert can_sign_in(nora.email, NEW) and not can_sign_in(nora.email, PASSWORD)
    again = Client().get(link)
    assert again.status_code == 200 and "This link has ended" in again.content.decode()


def test_looking_at_a_link_does_not_use_it(client, nora, mailoutbox):
    """Mail scanners open every link."""
    link = link_for(client, nora.email, mailoutbox)
    for _look in range(3):
        assert "Set your password" in Client().get(link, follow=True).content.decode()
    choose(client, link)
    assert can_sign_in(nora.email, NEW)


def test_when_one_link_is_used_every_other_dies(client, nora, mailoutbox):
    first = link_for(client, nora.email, mailoutbox)
    second = link_for(client, nora.email, mailoutbox)
    choose(Client(), second)
    assert "This link has ended" in Client().get(first).content.decode()


def test_the_form_that_was_open_dies_with_it(client, nora, mailoutbox):
    first, second = (link_for(client, nora.email, mailoutbox) for _each in range(2))
    slow = Client()
    form = slow.get(first, follow=True).redirect_chain[-1][0]
    choose(Client(), second)
    late = slow.post(form, {"password1": "a third set of words", "password2": "a third set of words"})
    assert "This link has ended" in late.content.decode() and can_sign_in(nora.email, NEW)


def test_a_link_ends_with_the_sign_in(client, nora, mailoutbox):
    link = link_for(client, nora.email, mailoutbox)
    nora.is_active = False
    nora.save()
    assert "This link has ended" in client.get(link).content.decode()
    ask(client, nora.email)
    run_jobs()
    assert len(mailoutbox) == 1


def test_a_link_is_for_one_person(client, nora, mailoutbox):
    other = sign_in_for("otto")
    link = link_for(client, nora.email, mailoutbox)
    assert "This link has ended" in client.get(re.sub(r"/\w+-", f"/{other.pk}-", link, count=1)).content.decode()


def test_a_link_ends_after_two_hours(client, nora, mailoutbox, settings):
    link = link_for(client, nora.email, mailoutbox)
    assert settings.PASSWORD_RESET_TIMEOUT == 2 * 60 * 60
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link has ended" in client.get(link).content.decode()


def test_a_request_that_waited_too_long_is_dropped(nora, mailoutbox):
    """The worker was away: nobody expects the mail any more."""
    for hours, mails in ((3, 0), (1, 1)):
        mail_password_link(str(nora.pk), (timezone.now() - timedelta(hours=hours)).isoformat())
        assert len(mailoutbox) == mails


def test_the_link_goes_where_the_sign_in_is_when_it_is_made(client, nora, mailoutbox):
    ask(client, nora.email)
    nora.email = "new@example.org"
    nora.save()
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]


def test_a_new_password_ends_every_session_is_recorded_and_told(client, nora, mailoutbox):
    thief = Client()
    thief.force_login(nora)
    choose(client, link_for(client, nora.email, mailoutbox))
    assert thief.get("/desk/").status_code == 302
    run_jobs()
    assert (mailoutbox[-1].subject, mailoutbox[-1].to) == ("Your password was set", [nora.email])
    assert audit.history(nora.person)[0].text == "Nora set a new password."


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "too short"),
        ("123456789012345", "123456789012345", "entirely numeric"),
        ("nora@example.org", "nora@example.org", "too similar"),
        ("password1234", "password1234", "too common"),
        (NEW, "four words nobody gueses", "same password each time"),
        ("", "", "Choose a password."),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, nora, mailoutbox, password, again, sentence):
    link = link_for(client, nora.email, mailoutbox)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    answer = client.post(form, {"password1": password, "password2": again})
    html = answer.content.decode()
    assert answer.status_code == 200 and sentence in html and "Error:" in html
    assert can_sign_in(nora.email, PASSWORD)


def test_the_fourth_request_in_five_minutes_for_one_address_waits(client, nora):
    answers = [ask(client, nora.email).status_code for _each in range(4)]
    assert answers == [302, 302, 302, 429]
    assert [ask(client, "ghost@example.org").status_code for _each in range(4)] == [302, 302, 302, 429]


def test_other_spellings_of_an_address_share_its_requests(client, db):
    """The database finds Nisa by each of them, and hers is the mailbox."""
    sign_in_for("nisa")
    spelt = ["nisa@example.org", "NISA@example.org", "niſa@example.org", "nısa@example.org", "Niſa@Example.org"]
    assert [ask(client, email).status_code for email in spelt] == [302, 302, 302, 429, 429]
    assert [ask(client, email).status_code for email in spelt] == [429] * 5


def test_an_address_that_is_none_is_asked_for_again(client, db):
    html = ask(client, "nora at example").content.decode()
    assert "Give an e-mail address in full" in html and 'value="nora at example"' in html


def test_nobody_is_told_that_nobody_has_this_key(client, db):
    for link in ("/accounts/password/zz-x-y/", "/accounts/password/1-set-password/", "/accounts/password/9999999999999-x/"):
        assert "This link has ended" in client.get(link).content.decode()


def test_asking_records_nothing_about_anybody(nora):
    actions.ask_password_link(email=nora.email)
    assert [line.verb for line in audit.history(nora.person)] == ["person.sign_in_opened", "person.added"]
