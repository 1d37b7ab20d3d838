"""What has been kept long enough goes by night, after it was announced, and not while somebody has put it on hold."""

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django_tasks_db.models import DBTaskResult

from accounts import actions as accounts
from accounts.models import Invitation
from accounts.retention import INVITATIONS
from core import actions, audit, kept, retention
from core.access import HOUSE
from core.jobs import run_jobs, tick
from core.models import Event, Import, Message
from core.retention import Announcement, Hold, Sweep
from tests.accounts.invited import invite
from tests.core.test_append_only import GROWS, TESTED_ELSEWHERE
from tests.threads import at_once

NIGHT = datetime(2028, 3, 1, 3, tzinfo=UTC)
MESSAGES = kept.MESSAGES
NOTICE = retention.NOTICE


def written(day: date, name: str = "somebody") -> Message:
    """A message of that day."""
    key = f"{name}:{day}"
    message = Message.objects.create(key=key, to=f"{name}@example.org", subject="Old", lines=["Secret"], why="-")
    Message.objects.filter(pk=message.pk).update(created=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    message.refresh_from_db()
    return message


def run(day: date, keeping=MESSAGES) -> int:
    with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False):
        return actions.apply_retention(kept=keeping, today=day, by=HOUSE)


def nights(first: date, last: date) -> dict[date, int]:
    """{day: how many went} of every night in which something did."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return {day: count for day in days if (count := run(day))}


def over(message: Message) -> date:
    return message.created.date() + MESSAGES.period


# ------------------------------------------------------------------------------------------------- when


def test_a_message_goes_a_year_after_it_was_written(db):
    message = written(date(2027, 3, 1))
    last = over(message)
    assert last == date(2028, 2, 29)
    assert nights(last - timedelta(20), last + timedelta(3)) == {last: 1}
    assert not Message.objects.exists()


def test_what_is_too_old_already_is_announced_for_fourteen_days(db):
    """On the day on which the clock begins, or a period becomes shorter, nothing goes that nobody could see coming."""
    written(date(2020, 1, 1))
    first = date(2027, 3, 1)
    assert nights(first, first + timedelta(30)) == {first + NOTICE: 1}


def test_after_nights_that_were_missed_nothing_goes_unannounced(db):
    written(date(2027, 3, 1))
    run(date(2027, 6, 1))
    assert run(date(2029, 1, 1)) == 0
    assert nights(date(2029, 1, 1), date(2029, 1, 31)) == {date(2029, 1, 15): 1}


def test_what_was_announced_for_one_record_does_not_count_for_a_later_one(db):
    old, late = written(date(2020, 1, 1), "old"), written(date(2027, 2, 20), "late")
    first = date(2028, 1, 1)
    assert nights(first, first + timedelta(70)) == {first + NOTICE: 1, over(late): 1}
    assert old.pk != late.pk


@pytest.mark.postgres
def test_a_run_twice_a_night_finds_nothing_the_second_time(db):
    written(date(2020, 1, 1))
    run(date(2027, 3, 1))
    assert [run(date(2027, 3, 15)), run(date(2027, 3, 15))] == [1, 0]
    assert Announcement.objects.count() == 1


def test_the_clock_asks_for_it_each_night(db):
    written(date(2020, 1, 1))
    with time_machine.travel(NIGHT - NOTICE, tick=False):
        tick(NIGHT - NOTICE)
        run_jobs()
    assert Message.objects.filter(subject="Old").exists()
    with time_machine.travel(NIGHT, tick=False):
        tick(NIGHT)
        run_jobs()
    assert not Message.objects.filter(subject="Old").exists()


def test_one_kind_that_fails_stops_no_other(db, monkeypatch):
    broken = retention.Keeping(**{**vars(MESSAGES), "kind": "a-broken", "rows": lambda day: 1 / 0})
    monkeypatch.setitem(retention._keepings, "a-broken", broken)
    written(date(2020, 1, 1))
    with pytest.raises(ZeroDivisionError):
        kept.apply_retention("2027-03-01")
    assert Announcement.objects.filter(kind="messages").count() == 1


# ------------------------------------------------------------------------------------------------- on record


def test_a_run_that_deletes_is_an_event_and_one_that_does_not_is_none(db):
    written(date(2020, 1, 1))
    before = Event.objects.count()
    run(date(2027, 3, 1))
    assert Event.objects.count() == before
    run(date(2027, 3, 15))
    sweep = Sweep.objects.get()
    event = Event.objects.last()
    assert (event.verb, event.subject, event.data) == (
        "retention.applied",
        f"core.sweep:{sweep.ref}",
        {"kind": "Messages", "count": 1},
    )
    assert audit.history(sweep)[0].text == "What had been kept long enough was deleted: 1 of “Messages”."
    assert audit.verify() is None


def test_only_the_clock_and_the_operator_apply_it(cast, ada):
    for user in (ada, cast.cora):
        with pytest.raises(PermissionDenied):
            actions.apply_retention(kept=MESSAGES, today=date(2027, 3, 1), by=user)


# ------------------------------------------------------------------------------------------------- on hold


def test_on_hold_nothing_goes_and_after_it_everything_is_announced_anew(db, cast, ada):
    written(date(2020, 1, 1))
    first = date(2027, 3, 1)
    run(first)
    with time_machine.travel(NIGHT.replace(year=2027, month=3, day=10), tick=False):
        actions.hold_retention(kept=MESSAGES, reason="A complaint", by=ada)
    assert nights(first + timedelta(10), first + timedelta(60)) == {}
    lifted = date(2027, 5, 1)
    with time_machine.travel(NIGHT.replace(year=2027, month=5, day=1), tick=False):
        actions.lift_retention(kept=MESSAGES, by=ada)
    assert nights(lifted + timedelta(1), lifted + timedelta(60)) == {lifted + timedelta(1) + NOTICE: 1}
    verbs = list(Event.objects.filter(verb__startswith="retention.").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["retention.held", "retention.lifted", "retention.applied"]


def test_a_hold_stands_once_and_is_lifted_once(db, ada):
    for _n in range(2):
        actions.hold_retention(kept=MESSAGES, reason="A complaint", by=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(kind="messages", reason="-", by="-")
    for _n in range(2):
        actions.lift_retention(kept=MESSAGES, by=ada)
    assert [hold.lifted_by for hold in Hold.objects.all()] == [ada.ref]
    assert Event.objects.filter(verb__startswith="retention.").count() == 2


def test_whoever_does_not_administer_holds_nothing(cast):
    for user in (cast.cora, cast.audrey, cast.nora, cast.rooth):
        with pytest.raises(PermissionDenied, match="looked after by administrators"):
            actions.hold_retention(kept=MESSAGES, reason="-", by=user)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_hold_and_a_run_at_the_same_moment_are_one_after_the_other(django_user_model):
    for n in range(20):
        written(date(2020, 1, 1), f"one{n}")
    first = date(2027, 3, 1)
    actions.apply_retention(kept=MESSAGES, today=first, by=HOUSE)

    def sweep() -> None:
        actions.apply_retention(kept=MESSAGES, today=first + NOTICE, by=HOUSE)

    def hold() -> None:
        actions.hold_retention(kept=MESSAGES, reason="Now", by=HOUSE)

    assert at_once(sweep, hold, sweep, hold) == []
    assert (Hold.objects.count(), Message.objects.count()) in ((1, 0), (1, 20))
    assert sum(sweep.count for sweep in Sweep.objects.all()) + Message.objects.count() == 20
    assert audit.verify() is None


# ------------------------------------------------------------------------------------------------- what of each kind


def test_a_message_goes_whole_with_its_address_and_others_stay(db):
    written(date(2020, 1, 1), "oldest")
    young = written(date(2027, 2, 1), "young")
    run(date(2027, 3, 1))
    run(date(2027, 3, 15))
    assert list(Message.objects.values_list("pk", flat=True)) == [young.pk]


def imported(ref: str, day: date, state: str, **facts) -> Import:
    files = [{"name": "people.csv", "file": "ab/cd.csv", "sha256": "0", "size": 1}]
    row = Import.objects.create(
        ref=ref,
        target="organisations",
        owner="X",
        title="Board",
        files=files,
        tables=[{"x": 1}],
        mapping="x",
        state=state,
        **facts,
    )
    row.faults.create(place=1, table="t", row=1, sentence="s", value="Rita", severity="note")
    Import.objects.filter(pk=row.pk).update(changed=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    return row


def test_of_a_closed_import_the_files_and_every_quoted_row_go_and_the_figures_stay(db):
    day = date(2027, 3, 1)
    result = {"tallies": [["organisations", 1, 0, 0, 0]], "first": {"organisations": [["t", 1, {"name": "Rita"}]]}, "note": 1}
    closed = imported("CLOSED", day, "applied", result=result)
    waiting = imported("WAITING", day, "checked", result=result)
    gone = day + kept.IMPORTS.period
    assert {each for each in (run(gone - NOTICE + timedelta(n), kept.IMPORTS) for n in range(15))} == {0, 1}
    closed.refresh_from_db()
    assert (closed.files, closed.tables, closed.mapping, closed.faults.count()) == ([], [], "", 0)
    assert closed.result == {"tallies": [["organisations", 1, 0, 0, 0]], "note": 1}
    waiting.refresh_from_db()
    assert (waiting.files[0]["name"], waiting.faults.count()) == ("people.csv", 1)
    asked = [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]
    assert asked == [["core.sweep_import_files", "ab/cd.csv"]]
    assert run(gone + timedelta(400), kept.IMPORTS) == 0  # it is empty: nothing is left to go


def test_the_page_of_an_import_opens_after_that(client, cast):
    row = imported("CLOSED", date(2027, 3, 1), "applied", applied_at=NIGHT, applied_by="X", space="")
    Import.objects.filter(pk=row.pk).update(owner=cast.cora.ref)
    actions.forget_imports(rows=Import.objects.filter(pk=row.pk), by=HOUSE)
    client.force_login(cast.cora)
    assert client.get("/desk/imports/CLOSED/").status_code == 200
    assert client.get("/desk/imports/").status_code == 200


def test_expired_sessions_go_the_same_night_and_from_where_they_were_a_month_later(client, cast):
    from accounts.retention import OPENED, SESSIONS

    client.force_login(cast.amir)
    key = client.session.session_key
    UserSession.objects.create(user=cast.amir, session_key=key, ip="192.0.2.1", user_agent="A browser", data={})
    now = date.today()
    later = now + timedelta(60)
    assert actions.apply_retention(kept=SESSIONS, today=later, by=HOUSE) == 0  # open, whatever day the clock says
    assert actions.apply_retention(kept=OPENED, today=later, by=HOUSE) == 0
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(days=1))
    assert run(now, SESSIONS) == 1
    assert [run(now + timedelta(n), OPENED) for n in (29, 31)] == [0, 1]
    assert not UserSession.objects.exists()


def test_of_an_invitation_that_is_over_the_address_goes_and_the_way_in_stays_closed(cast):
    ines, later = invite(cast), invite(cast, "Ana Later", "ana@example.org")
    ended = NIGHT - timedelta(days=6)
    Invitation.objects.filter(pk=ines.pk).update(created=ended - timedelta(days=14), expires=ended, token="a" * 64)
    Invitation.objects.filter(pk=later.pk).update(expires=NIGHT + timedelta(days=205))
    gone = ended.date() + INVITATIONS.period
    assert [run(gone - NOTICE + timedelta(n), INVITATIONS) for n in (0, 13, 14)] == [0, 0, 1]
    ines.refresh_from_db()
    later.refresh_from_db()
    assert (ines.email, ines.token, ines.what != "", later.email) == ("", None, True, "ana@example.org")
    with time_machine.travel(datetime.combine(gone, time(12), UTC), tick=False):
        assert not accounts.admit(user=ines.person.sign_in(), by=HOUSE)
    assert run(gone + timedelta(days=1), INVITATIONS) == 0


def test_tasks_that_ended_go_after_a_month_and_those_that_wait_stay(db):
    written(date(2020, 1, 1))
    with time_machine.travel(NIGHT, tick=False):
        tick(NIGHT)
        run_jobs()
    assert DBTaskResult.objects.filter(status="SUCCESSFUL").exists()
    last = NIGHT.date() + kept.TASKS.period
    with time_machine.travel(NIGHT + timedelta(days=29), tick=False):
        tick(NIGHT + timedelta(days=29))
    waiting = DBTaskResult.objects.filter(status="READY").count()
    assert waiting > 0
    assert run(last - timedelta(1), kept.TASKS) == 0
    assert run(last, kept.TASKS) > 0
    assert DBTaskResult.objects.count() == waiting


# ------------------------------------------------------------------------------------------------- what never goes


def test_what_only_grows_and_what_was_signed_is_in_no_period(cast, agreement_in_force):
    never = {*GROWS, *TESTED_ELSEWHERE, "mou.agreement", "mou.party", "core.head", "accounts.person", "accounts.consent"}
    kinds = {each.rows(date(2027, 1, 1)).model._meta.label_lower for each in retention.keepings()}
    assert kinds & never == set()
    assert len(kinds) == len(retention.keepings()) >= 5
    actions.anchor_chain(today=date(2027, 1, 1), by=HOUSE)
    models = [apps.get_model(label) for label in sorted(never)]
    before = {model: model._default_manager.count() for model in models}
    with time_machine.travel(datetime(2077, 1, 1, 3, tzinfo=UTC), tick=False):
        for day in (date(2076, 12, 1), date(2077, 1, 1)):
            for each in retention.keepings():
                actions.apply_retention(kept=each, today=day, by=HOUSE)
    assert Message.objects.count() == 0
    after = {model: model._default_manager.count() for model in models}
    assert {model for model in models if after[model] < before[model]} == set()
    assert audit.verify() is None


# ------------------------------------------------------------------------------------------------- read


def test_the_table_of_the_docs_is_what_the_command_prints(capsys):
    call_command("retention", "--docs")
    page = (Path(settings.BASE_DIR) / "docs/retention.md").read_text()
    printed = capsys.readouterr().out.strip()
    assert re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE) == [f"{printed}\n"]
    assert len(printed.splitlines()) == 2 + len(retention.keepings())


def test_the_command_says_what_would_go_and_deletes_it_only_without_the_option(db, capsys):
    written(date(2020, 1, 1))
    run(date.today() - NOTICE)
    call_command("retention", "--dry-run")
    assert "Messages: 1 would go." in capsys.readouterr().out
    assert Message.objects.count() == 1
    call_command("retention")
    assert "Messages: 1 went. 0 more until" in capsys.readouterr().out
    assert Message.objects.count() == 0


def flat(client, url: str) -> str:
    return re.sub(r"\s+", " ", client.get(url).content.decode())


def test_the_page_says_of_each_kind_how_long_why_and_how_many(client, cast, ada):
    written(date(2020, 1, 1))
    client.force_login(ada)
    page = flat(client, "/desk/retention/")
    for each in retention.keepings():
        assert str(each.title) in page and str(each.basis) in page
    assert "365 days after it was written" in page
    table = csv.reader(io.StringIO(client.get("/desk/retention/?format=csv").content.decode("utf-8-sig")))
    (row,) = [row for row in table if row[0] == "Messages"]
    assert row[4:] == ["0", "1", ""]


def test_one_kind_lists_what_goes_with_its_day_and_no_word_of_a_message(client, cast, ada):
    old = written(date(2020, 1, 1))
    client.force_login(ada)
    today = date.today()
    unannounced = flat(client, "/desk/retention/messages/")
    assert f"Message {old.ref} to somebody@example.org" in unannounced
    assert "Secret" not in unannounced and "Old" not in unannounced
    actions.apply_retention(kept=MESSAGES, today=today - timedelta(4), by=HOUSE)
    lines = client.get("/desk/retention/messages/?format=csv").content.decode("utf-8-sig").splitlines()
    assert lines[1] == f"Message {old.ref} to somebody@example.org,2020-01-01,{today - timedelta(4) + NOTICE}"
    assert client.get("/desk/retention/nothing/").status_code == 404
    assert "Nothing goes within 14 days" in flat(client, "/desk/retention/imports/")


def test_it_is_put_on_hold_and_lifted_on_pages_of_its_own(client, cast, ada):
    written(date(2020, 1, 1))
    client.force_login(ada)
    empty = client.post("/desk/retention/messages/hold/", {})
    assert empty.status_code == 422 and "Fill this in." in empty.content.decode()
    shown = client.post("/desk/retention/messages/hold/", {"reason": "A complaint"}, follow=True).content.decode()
    assert "nothing of it is deleted until it is lifted" in shown and "A complaint" in shown and "Ada put it on hold" in shown
    assert "On hold" in flat(client, "/desk/retention/")
    assert "A complaint" in flat(client, "/desk/retention/messages/lift/")
    shown = client.post("/desk/retention/messages/lift/", follow=True).content.decode()
    assert "The hold on “Messages” is lifted." in shown
    assert client.get("/desk/retention/messages/lift/").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_however_much_goes(client, cast, ada, count, django_assert_num_queries):
    for n in range(count):
        written(date(2020, 1, 1), f"one{n}")
    client.force_login(ada)
    client.get("/desk/retention/")
    with django_assert_num_queries(31):
        client.get("/desk/retention/")
    with django_assert_num_queries(14):
        client.get("/desk/retention/messages/")


def test_an_administrator_finds_it_beside_the_programmes(client, cast, ada):
    for user, there in ((ada, True), (cast.cora, False)):
        client.force_login(user)
        assert ('href="/desk/retention/"' in client.get("/desk/programmes/").content.decode()) is there
