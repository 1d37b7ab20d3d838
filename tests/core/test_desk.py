"""The desk: what to do next, by urgency; what was written to me; in the demo, everybody's mail."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from core import inbox, notify
from core.action import action
from core.inbox import Waiting, by_urgency
from core.models import Message

MONDAY = date(2026, 11, 23)


def plain(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def texts(html: str, css: str) -> list[str]:
    """What stands in the elements of this class, in order."""
    found = re.findall(rf'<\w+ class="{css}"[^>]*>(.*?)</(?:li|div|p)>', html)
    return [re.sub(r"<[^>]+>", "", each).strip() for each in found]


@pytest.fixture
def waiting(monkeypatch):
    """Lines of the desk beside those that the apps give."""
    lines: list[Waiting] = []
    monkeypatch.setattr(inbox, "_sections", [lambda user: lines])
    return lines


def test_overdue_comes_first_then_this_week_then_what_has_no_date_then_what_has_time():
    items = [
        Waiting("no date", "/a/", since=date(2026, 1, 1)),
        Waiting("late", "/b/", due=MONDAY - timedelta(days=1)),
        Waiting("today", "/c/", due=MONDAY),
        Waiting("on Sunday", "/d/", due=MONDAY + timedelta(days=6)),
        Waiting("next Monday", "/e/", due=MONDAY + timedelta(days=7)),
    ]
    groups = by_urgency(items, MONDAY)
    assert [(group.title, [item.sentence for item in group.items]) for group in groups] == [
        ("Overdue", ["late"]),
        ("This week", ["today", "on Sunday"]),
        ("Without a date", ["no date"]),
        ("Later", ["next Monday"]),
    ]


def test_on_a_sunday_the_week_ends_today():
    sunday = MONDAY + timedelta(days=6)
    groups = by_urgency([Waiting("a", "/", due=sunday), Waiting("b", "/", due=sunday + timedelta(days=1))], sunday)
    assert [group.title for group in groups] == ["This week", "Later"]


def test_a_group_without_a_line_is_not_there():
    assert by_urgency([], MONDAY) == []


def test_the_desk_says_what_by_when_why_and_offers_the_verb(client, cast, waiting):
    today = timezone.localdate()
    waiting += [
        Waiting("Sign CG-1", "/desk/one/", why="Agency and NGO", since=today - timedelta(days=18), act="Read and sign"),
        Waiting("Report hours", "/desk/two/", due=today - timedelta(days=3), act="Report"),
        Waiting("Start it", "/desk/three/", due=today),
    ]
    client.force_login(cast.cora)
    html = plain(client.get("/desk/"))
    assert f"<h1>{today:%A}, {today.day} {today:%B}</h1>" in html and "3 for you, soonest first" in html
    assert texts(html, "tasks__group") == ["Overdue", "This week", "Without a date"]
    assert texts(html, "task__what") == ["Report hours", "Start it", "Sign CG-1"]
    assert "18 days" in html and "Agency and NGO" in html and "today" in html and "since" in html
    assert re.findall(r'class="btn btn--primary"\s+href="([^"]+)"', html) == ["/desk/two/"]


def test_an_empty_desk_says_what_comes_next(client, cast, waiting):
    client.force_login(cast.otto)
    html = plain(client.get("/desk/"))
    assert "Nothing waits for you" in html and "as soon as it is your turn" in html and "No message yet." in html


def test_what_waits_is_asked_for_the_one_who_looks(client, cast, agreement):
    client.force_login(cast.sofia)
    assert agreement.ref in plain(client.get("/desk/"))
    client.force_login(cast.otto)
    assert agreement.ref not in plain(client.get("/desk/"))


def test_roles_and_the_way_into_the_editor_stand_beside_it(client, cast):
    client.force_login(cast.edna)
    html = plain(client.get("/desk/"))
    assert "Your roles" in html and "Editor" in html and 'href="/cms/"' in html
    client.force_login(cast.felix)
    assert 'href="/cms/"' not in plain(client.get("/desk/"))


def write(address: str, count: int, about, subject: str = "Message") -> None:
    @action
    def send() -> None:
        for n in range(count):
            text = notify.Text(subject=f"{subject} {n + 1}", lines=("=1+1", "Second line"), why="Because", link="/desk/me/")
            notify.post(f"{subject}:{n}", [address], text, about=about)

    send()


def test_messages_are_those_to_my_address_and_no_others(client, cast):
    write(cast.nora.email, 2, cast.ngo, "To Nora")
    write(cast.otto.email, 1, cast.ngo, "To Otto")
    client.force_login(cast.nora)
    desk, listed = plain(client.get("/desk/")), plain(client.get("/desk/messages/"))
    for html in (desk, listed):
        assert html.index("To Nora 2") < html.index("To Nora 1") and "To Otto" not in html
    assert "2 messages" in listed and 'href="/desk/me/"' in listed and "On its way" in listed


def test_a_message_says_whether_it_went_out(client, cast):
    write(cast.nora.email, 2, cast.ngo)
    sent, failed = Message.objects.order_by("pk")
    notify.note_sent(message=sent)
    notify.note_failure(message=failed, error="ConnectionRefusedError")
    client.force_login(cast.nora)
    html = plain(client.get("/desk/messages/"))
    assert html.index("Not sent, tried again") < html.index("Sent</span>")
    assert "ConnectionRefused" not in html


def test_messages_are_found_by_words_and_taken_along_as_csv(client, cast):
    write(cast.nora.email, 1, cast.ngo, "Signed")
    write(cast.nora.email, 1, cast.ngo, "Due")
    client.force_login(cast.nora)
    assert "1 message " in plain(client.get("/desk/messages/?q=sign"))
    assert "No message has these words" in plain(client.get("/desk/messages/?q=zebra"))
    too_long = "q=" + "x" * 101
    assert "Signed" not in plain(client.get(f"/desk/messages/?{too_long}"))  # never a longer list than was asked for
    assert "Signed" not in client.get(f"/desk/messages/?{too_long}&format=csv").content.decode()
    response = client.get("/desk/messages/?q=sign&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Written", "Subject", "Text", "Link"]
    assert [row[1:] for row in rows[1:]] == [["Signed 1", "'=1+1 Second line", "/desk/me/"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_messages_take_as_many_queries_whatever_their_number(client, cast, django_assert_num_queries, rows):
    write(cast.nora.email, rows, cast.ngo)
    client.force_login(cast.nora)
    with django_assert_num_queries(5):
        client.get("/desk/messages/")


def test_the_mail_of_the_demo_is_there_in_the_demo_alone(client, cast, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.DEMO = True
    client.force_login(cast.felix)
    assert "No mail yet" in plain(client.get("/desk/mail/"))
    for subject in ("First", "Gr\u00fc\u00dfe \u2013 second"):
        mail = EmailMultiAlternatives(subject, "Read it:\nhttp://127.0.0.1:8000/desk/me/\n<b>", None, ["a@example.org"])
        mail.attach_alternative("<p>not this</p>", "text/html")
        mail.send()
    html = plain(client.get("/desk/mail/"))
    assert "First" in html and "Gr\u00fc\u00dfe \u2013 second" in html and "a@example.org" in html
    assert 'href="http://127.0.0.1:8000/desk/me/"' in html and "&lt;b&gt;" in html and "not this" not in html
    assert 'href="/desk/mail/"' in plain(client.get("/desk/"))
    settings.DEMO = False
    assert client.get("/desk/mail/").status_code == 404
    assert 'href="/desk/mail/"' not in plain(client.get("/desk/"))


@pytest.mark.parametrize("page", ["/desk/", "/desk/messages/", "/desk/mail/"])
def test_all_of_it_is_for_the_signed_in(client, db, page):
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
