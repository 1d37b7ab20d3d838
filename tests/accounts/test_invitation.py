"""The link of an invitation: what it shows, that it works once and lets nobody in, and how it ends."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions
from accounts.models import Invitation, User
from core import audit
from core.access import HOUSE
from core.jobs import run_jobs
from core.models import Event, Message
from partnerships import actions as partnerships
from tests.accounts.invited import HERE, NEW, answer, can_sign_in, invite, link_in, link_to, opened, set_password
from tests.conftest import PASSWORD
from tests.reading import page, said, title

INES = "ines@agency.example"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def ines(cast) -> Invitation:
    return invite(cast)


def later_by(invitation: Invitation, days: int) -> None:
    """As if it had been sent so many days ago."""
    for name in ("created", "expires"):
        Invitation.objects.filter(pk=invitation.pk).update(**{name: getattr(invitation, name) - timedelta(days=days)})


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        return found


def test_the_whole_way_in(client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    assert [mail.subject for mail in mailoutbox] == ["Invitation: Legal reviewer of Agency"]
    shown = opened(client, link)
    assert shown.redirect_chain == [(HERE, 302)]
    for words in ("For Ines New", "As Legal reviewer of Agency", "Invited by Cora"):
        assert words in page(shown)
    done = answer(client, link)
    assert done.redirect_chain == [(f"{HERE}sent/", 302)] and title(done).startswith("Look into your mail")
    assert client.get("/desk/").status_code == 302  # nobody is signed in by it
    password = link_to(mailoutbox, INES)
    assert password.startswith("/accounts/password/") and mailoutbox[-1].subject == "Set your password"
    set_password(client, password)
    assert can_sign_in(INES)
    ended = opened(Client(), link)
    assert ended.status_code == 200 and title(ended).startswith("This invitation has ended") and "It was used" in page(ended)


def test_the_mail_is_text_and_page_and_says_who_what_until_when_and_why(ines, mailoutbox):
    run_jobs()
    (mail,) = mailoutbox
    (html,) = [part.content for part in mail.alternatives]
    until = f"{timezone.localtime(ines.expires):%-d %B %Y}"
    for text in (mail.body, html):
        text = " ".join(text.split())
        for words in ("Cora invites you", "Ines New", "Legal reviewer of Agency", until, "because Cora entered this address"):
            assert words in text
    assert f"http://127.0.0.1:8000{link_in(mail)}" in html and timedelta(days=13) < ines.expires - timezone.now()


def test_looking_changes_nothing(ines, mailoutbox):
    """Mail scanners open every link, with GET and with HEAD, and follow where they are led."""
    link = link_to(mailoutbox, INES)
    before, row = rows(), Invitation.objects.values().get()
    for _look in range(3):
        scanner = Client()
        for ask in (scanner.get, scanner.head):
            assert (ask(link).status_code, ask(HERE).status_code) == (302, 200)
    assert (rows(), Invitation.objects.values().get()) == (before, row)
    assert "You are invited" in title(opened(Client(), link))


def test_the_link_is_for_get_alone(client, ines, mailoutbox):
    assert client.post(link_to(mailoutbox, INES)).status_code == 405
    assert client.get(f"{HERE}sent/").status_code == 200 and client.post(f"{HERE}sent/").status_code == 405


def test_it_works_once_and_a_second_click_mails_nothing(client, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    opened(client, link)
    for _click in range(2):
        assert client.post(HERE, {"shown": ines.ref}).headers["Location"] == f"{HERE}sent/"
    run_jobs()
    assert [mail.subject for mail in mailoutbox[1:]] == ["Set your password"]
    Invitation.objects.update(consumed_at=timezone.now() - timedelta(minutes=6))
    late = client.post(HERE, {"shown": ines.ref})
    assert late.status_code == 200 and title(late).startswith("This invitation has ended")


def test_the_second_mail_goes_to_the_address_that_was_invited_whoever_answers(client, cast, ines, mailoutbox):
    """Forwarded, it invites and lets nobody in: also not somebody who is signed in as somebody else."""
    client.force_login(cast.otto)
    answer(client, link_to(mailoutbox, INES))
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[INES], [INES]]
    assert client.get("/desk/me/").context["user"] == cast.otto
    assert not User.objects.get(email=INES).has_usable_password()


@pytest.fixture
def ends(cast, mailoutbox):
    """Links that open nothing: used, expired, taken back, replaced, of a closed sign-in, of somebody who came in, of nobody."""
    links = {}
    for name in ("used", "expired", "revoked", "replaced", "closed", "came"):
        invitation = invite(cast, name.title(), f"{name}@agency.example")
        links[name] = link_to(mailoutbox, f"{name}@agency.example")
        if name == "used":
            answer(Client(), links[name])
        elif name == "expired":
            later_by(invitation, 15)
        elif name == "revoked":
            actions.revoke_invitation(invitation=invitation, by=cast.cora)
        elif name == "replaced":
            actions.resend_invitation(invitation=invitation, shown=1, by=cast.cora)
        elif name == "closed":
            User.objects.filter(person=invitation.person).update(is_active=False)
        else:
            User.objects.filter(person=invitation.person).update(last_login=timezone.now())
    return links | {"wrong": f"{HERE}{'x' * 43}/", "short": links["closed"][:-6] + "/", "odd": f"{HERE}%00/"}


def test_what_opens_nothing_is_one_page_to_the_byte(ends):
    pages = set()
    for link in [*ends.values(), HERE]:
        shown = opened(Client(), link)
        pages.add((shown.status_code, TOKEN.sub(b"", shown.content)))
    assert len(pages) == 1
    ((status, html),) = pages
    assert status == 200 and b"This invitation has ended" in html and b"Set or forgot" not in html
    for words in (b"sign in as usual", b"Ask for a new invitation", b"no password yet, let a link be mailed"):
        assert words in html


def test_nor_does_answering_it_or_asking_again_tell_them_apart(ends, mailoutbox):
    Invitation.objects.exclude(consumed_at=None).update(consumed_at=timezone.now() - timedelta(minutes=6))
    run_jobs()
    mails, answers = len(mailoutbox), {"answer": set(), "ask": set()}
    for link in ends.values():
        for act, found in answers.items():
            client = Client()
            opened(client, link)
            got = client.post(HERE, {"shown": "x", "act": act}, follow=True)
            found.add((got.status_code, TOKEN.sub(b"", got.content)))
    run_jobs()
    assert [len(found) for found in answers.values()] == [1, 1] and len(mailoutbox) == mails
    asked = Invitation.objects.exclude(asked_at=None)
    assert [each.email for each in asked] == ["expired@agency.example"]


def test_who_asks_again_is_on_the_desk_of_who_invites_and_once_in_the_chain(client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    later_by(ines, 15)
    opened(client, link)
    for _click in range(2):
        got = client.post(HERE, {"act": "ask"}, follow=True)
        assert said(got) == ["If this link was an invitation that has expired, those who sent it now read that you ask."]
    assert [line.verb for line in audit.history(ines)] == ["invitation.asked", "invitation.made"]
    client.force_login(cast.cora)
    assert "Ines New asks for a new invitation" in page(client.get("/desk/"))


def test_the_secret_stands_nowhere_but_in_the_mail(client, ines, mailoutbox):
    secret = link_to(mailoutbox, INES).split("/")[-2]
    assert len(secret) == 43  # 256 bits
    answer(client, f"{HERE}{secret}/")
    found = Invitation.objects.get()
    kept = [repr(vars(found)), *(repr(row) for row in DBTaskResult.objects.values())]
    kept += [repr(row) for model in (Event, Message) for row in model.objects.values()]
    assert secret not in "".join(kept) and len(found.token) == 64
    assert INES not in "".join(repr(row) for row in Event.objects.values())


def test_the_address_is_cleaned_and_tells_no_other_site(client, ines, mailoutbox, settings):
    settings.SESSION_COOKIE_SECURE = True
    link = link_to(mailoutbox, INES)
    first = client.get(link)
    secret = link.split("/")[-2]
    assert (first["Location"], first["Referrer-Policy"]) == (HERE, "no-referrer") and "no-store" in first["Cache-Control"]
    cookie = first.cookies[settings.INVITATION_COOKIE_NAME]
    assert (cookie["path"], cookie["httponly"], cookie["secure"], cookie["samesite"]) == (HERE, True, True, "Lax")
    shown = client.get(HERE, secure=True)
    assert secret not in str(cookie) + shown.content.decode() + str(shown.headers)
    assert 'name="robots" content="noindex"' in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "same-origin"


def test_a_cookie_that_somebody_made_up_opens_nothing(ines, mailoutbox):
    run_jobs()
    client = Client()
    client.cookies["invitation"] = Invitation.objects.get().token
    assert title(client.get(HERE)).startswith("This invitation has ended")


def test_two_links_in_one_browser_are_not_mistaken_for_each_other(client, cast, ines, mailoutbox):
    other = invite(cast, "Ole Other", "ole@agency.example")
    first, second = link_to(mailoutbox, INES), link_to(mailoutbox, "ole@agency.example")
    opened(client, first)
    opened(client, second)
    got = client.post(HERE, {"shown": ines.ref})
    assert (
        got.status_code == 200 and "Another invitation was opened in this browser" in page(got) and "For Ole Other" in page(got)
    )
    assert not Invitation.objects.exclude(consumed_at=None).exists()
    assert client.post(HERE, {"shown": other.ref}).status_code == 302


def test_without_a_token_of_ours_nothing_is_answered(ines, mailoutbox):
    strict = Client(enforce_csrf_checks=True)
    opened(strict, link_to(mailoutbox, INES))
    assert strict.post(HERE, {"shown": ines.ref}).status_code == 403
    assert Invitation.objects.get().consumed_at is None


# Who has a sign-in, and the page that mails password links.


def test_somebody_who_came_in_before_is_told_of_the_role_and_not_invited(cast, mailoutbox):
    partnerships.invite_member(organisation=cast.agency, name="F", email="felix@example.org", role="official", by=cast.cora)
    run_jobs()
    (mail,) = mailoutbox
    assert (mail.subject, Invitation.objects.count()) == ("Your role at Agency", 0)
    assert "/accounts/login/" in mail.body and HERE not in mail.body


def test_a_second_role_while_an_invitation_is_open_makes_no_second_link(client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    partnerships.invite_member(organisation=cast.ngo, name="I", email=INES, role="official", by=cast.cora)
    run_jobs()
    assert mailoutbox[-1].subject == "Your role at NGO" and HERE not in mailoutbox[-1].body
    assert Invitation.objects.count() == 1 and "You are invited" in title(opened(client, link))


def test_a_new_role_after_it_expired_invites_to_that_one_by_a_new_link(client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    later_by(ines, 15)
    partnerships.invite_member(organisation=cast.ngo, name="I", email=INES, role="official", by=cast.cora)
    new = link_to(mailoutbox, INES)
    assert (Invitation.objects.count(), mailoutbox[-1].subject) == (1, "Invitation: Official of NGO")
    assert title(opened(client, link)).startswith("This invitation has ended")
    assert "As Official of NGO" in page(opened(client, new))


def ask(email: str = INES) -> str:
    """Of the page "Set or forgot password"."""
    got = Client().post("/accounts/password/", {"email": email}, follow=True)
    run_jobs()
    return got.content.decode()


def test_the_password_page_uses_up_an_open_invitation(client, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    ask()
    assert mailoutbox[-1].subject == "Set your password"
    assert title(opened(client, link)).startswith("This invitation has ended")
    set_password(client, link_in(mailoutbox[-1]))
    assert can_sign_in(INES)


def test_the_password_page_opens_nothing_where_it_was_taken_back(cast, ines, mailoutbox):
    run_jobs()
    actions.revoke_invitation(invitation=ines, by=cast.cora)
    assert ask() == ask("ghost@example.org")
    assert [mail.subject for mail in mailoutbox] == ["Invitation: Legal reviewer of Agency"]


def test_the_password_page_says_that_it_expired_to_the_mailbox_alone(ines, mailoutbox):
    run_jobs()
    later_by(ines, 15)
    assert ask() == ask("ghost@example.org")
    ask()
    assert [mail.subject for mail in mailoutbox[1:]] == ["Your invitation has expired"]
    assert "/accounts/password/" not in mailoutbox[-1].body and Invitation.objects.get().asked_at is not None


def test_known_and_invited_and_unknown_addresses_cost_the_same(cast, ines):
    work = []
    for email in (INES, "nora@example.org", "ghost@example.org"):
        with CaptureQueriesContext(connection) as asked:
            Client().post("/accounts/password/", {"email": email})
        work.append([query["sql"].split(" ")[0] for query in asked.captured_queries])
    assert work[0] == work[1] == work[2]


# When something changes meanwhile.


def test_a_closed_sign_in_takes_its_invitation_with_it_and_an_opened_one_gets_a_new_one(client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    actions.deactivate_sign_in(person=ines.person, reason="Left.", by=cast.cora)
    ines.refresh_from_db()
    assert ines.revoked_by == cast.cora.ref
    actions.reactivate_sign_in(person=ines.person, reason="Back.", by=cast.cora)
    new = link_to(mailoutbox, INES)
    assert title(opened(client, link)).startswith("This invitation has ended")
    answer(client, new)
    assert set_password(client, link_to(mailoutbox, INES)).status_code == 200 and can_sign_in(INES)


def test_another_address_gets_the_invitation_and_the_old_link_is_dead(client, cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    actions.change_address(person=ines.person, email="ines@ngo.example", reason="Typing error.", by=HOUSE)
    new = link_to(mailoutbox, "ines@ngo.example")
    assert [mail.subject for mail in mailoutbox if mail.to == ["ines@ngo.example"]] == ["Invitation: Legal reviewer of Agency"]
    assert title(opened(client, link)).startswith("This invitation has ended") and "You are invited" in title(opened(client, new))


def test_a_mail_that_does_not_leave_is_tried_again_with_another_secret(client, ines, mailoutbox, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.accounts.test_invitation.Refusing"
    with pytest.raises(ConnectionRefusedError):
        run_jobs()
    ines.refresh_from_db()
    first = ines.token
    assert (ines.error, ines.sent_at) == ("ConnectionRefusedError: no server", None)
    settings.EMAIL_BACKEND = backend
    DBTaskResult.objects.update(status="READY", finished_at=None)
    link = link_to(mailoutbox, INES)
    ines.refresh_from_db()
    assert ines.token != first and ines.error == "" and ines.sent_at
    assert "You are invited" in title(opened(client, link))


class Refusing:
    """A mail server that is away."""

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, mails: list[object]) -> int:
        raise ConnectionRefusedError("no server")


def test_a_mail_that_waited_until_it_expired_is_not_sent(ines, mailoutbox):
    later_by(ines, 15)
    run_jobs()
    assert mailoutbox == [] and Invitation.objects.get().token is None


def test_who_was_never_invited_still_sets_a_password_by_the_page(cast, mailoutbox):
    """Sign-ins from before invitations, and those of the operator."""
    person = actions.add_person(name="Olga", by=HOUSE)
    actions.open_sign_in(person=person, email="olga@example.org", by=HOUSE)
    ask("olga@example.org")
    assert [mail.subject for mail in mailoutbox] == ["Set your password"] and PASSWORD != NEW
