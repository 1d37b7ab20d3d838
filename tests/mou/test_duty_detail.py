"""One duty: what was promised, why that day, and what each side can say about it."""

from datetime import timedelta

import pytest

from core.models import Event
from core.public import generation
from mou import actions, demo
from mou.models import Duty


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def at(client, cast):
    """Ask or post as somebody: at("sofia", duty, "report", {"evidence": "..."})."""

    def do(name: str, duty: Duty, act: str = "", answers: dict[str, str] | None = None):
        client.force_login(getattr(cast, name))
        address = f"/desk/duties/{duty.ref}/" + (f"{act}/" if act else "")
        return client.get(address) if answers is None else client.post(address, answers)

    return do


@pytest.fixture
def brief(agreement_in_force) -> Duty:
    """The agency owes it to the NGO's fellow: publish the brief."""
    return Duty.objects.get(agreement=agreement_in_force, obligation__key="OB-41")


@pytest.fixture
def invoice(agreement_in_force) -> Duty:
    """Waits for an event: pay within 30 days of the invoice."""
    return Duty.objects.get(agreement=agreement_in_force, obligation__key="OB-13")


def test_the_page_says_who_owes_what_by_which_rule_and_why_that_day(at, cast, brief):
    page = text(at("amir", brief))
    for said in ("Agency (Site supervisor)", "NGO (Fellow)", "28 days before start", "Report", "Agency does this next"):
        assert said in page
    assert f"28 days before {cast.starts:%A} {cast.starts.isoformat()}" in page


def test_a_late_one_says_since_when(at, cast, brief):
    Duty.objects.filter(pk=brief.pk).update(due=cast.today - timedelta(days=3))
    page = text(at("cora", brief))
    assert "3 days ago" in page and "next--bad" in page and "Why that day" not in page


def test_only_what_may_be_done_is_a_button(at, brief, invoice):
    report, answer, date = (f"/desk/duties/{brief.ref}/{act}/" for act in ("report", "answer", "date"))
    assert report in text(at("sofia", brief)) and report not in text(at("nora", brief))
    assert answer not in text(at("nora", brief)) and date not in text(at("sofia", brief))
    assert f"/desk/duties/{invoice.ref}/date/" in text(at("sofia", invoice))
    assert f"/desk/duties/{invoice.ref}/date/" not in text(at("audrey", invoice))


def test_reporting_answering_and_the_timeline(client, at, brief):
    assert at("sofia", brief, "report", {"evidence": " "}).status_code == 422
    assert at("sofia", brief, "report", {"evidence": "On the intranet since Monday."}).status_code == 302
    assert "Reported. NGO looks at it" in text(client.get(f"/desk/duties/{brief.ref}/"))
    assert at("sofia", brief, "answer", {"answer": "accept"}).status_code == 403
    response = at("nora", brief, "answer", {"answer": "back", "reason": ""})
    assert response.status_code == 422 and "Say what is missing, so that it can be done." in text(response)
    at("nora", brief, "answer", {"answer": "back", "reason": "The challenges are missing."})
    assert "The challenges are missing." in text(at("sofia", brief))
    at("sofia", brief, "report", {"evidence": "Now with challenges."})
    at("nora", brief, "answer", {"answer": "accept", "reason": ""})
    brief.refresh_from_db()
    assert (brief.state, brief.evidence, brief.sent_back) == ("accepted", "Now with challenges.", "")
    told = Event.objects.filter(subject=f"mou.duty:{brief.ref}").order_by("seq").values_list("verb", flat=True)
    assert list(told) == ["duty.reported", "duty.sent_back", "duty.reported", "duty.accepted"]
    assert "Nobody acts: it is done and accepted" in text(at("cora", brief))


def test_what_is_done_cannot_be_reported_or_accepted_again(at, cast, brief):
    actions.report_duty(duty=brief, evidence="Here.", by=cast.sofia)
    response = at("sofia", brief, "report", {"evidence": "Again."})
    assert response.status_code == 403 and "This duty is not open." in text(response)
    at("nora", brief, "answer", {"answer": "accept"})
    response = at("nora", brief, "answer", {"answer": "back", "reason": "Late thought."})
    assert response.status_code == 403 and "There is nothing to accept" in text(response)


def test_the_day_of_the_event_gives_the_date(at, cast, invoice):
    assert "It waits for an event" in text(at("nora", invoice)) and "An invoice arrived" in text(at("nora", invoice))
    happened = cast.today.isoformat()
    assert at("nora", invoice, "date", {"happened": happened}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.state == "open" and cast.today + timedelta(days=30) <= invoice.due <= cast.today + timedelta(days=33)
    response = at("nora", invoice, "date", {"happened": happened})
    assert response.status_code == 403 and "This duty has its date." in text(response)


@pytest.mark.parametrize("happened", ["", "yesterday", "9999-12-31", "0001-01-01", "2027-02-30", "\x00"])
def test_a_day_that_cannot_be_is_refused(at, invoice, happened):
    response = at("nora", invoice, "date", {"happened": happened})
    invoice.refresh_from_db()
    assert (response.status_code, invoice.state) == (422, "waiting")


def test_what_is_to_come_has_not_happened_but_a_promise_may_name_its_day(at, cast, invoice):
    tomorrow = (cast.today + timedelta(days=1)).isoformat()
    answer = at("nora", invoice, "date", {"happened": tomorrow})
    assert answer.status_code == 422 and "That day has not come yet. Record the event once it has happened." in text(answer)
    promise = Duty.objects.get(agreement=invoice.agreement, obligation__key="OB-52")
    assert at("nora", promise, "date", {"happened": tomorrow}).status_code == 302
    promise.refresh_from_db()
    assert promise.state == "open" and promise.due >= cast.today + timedelta(days=1)


def test_a_day_for_which_no_holidays_are_known_is_refused_with_the_years(at, cast, agreement_ready):
    agreement_ready.programme.calendar = "DE"
    agreement_ready.programme.save()
    demo.sign(demo.send(agreement_ready, by=cast.cora), [cast.sofia, cast.nora])
    invoice = Duty.objects.get(agreement=agreement_ready, obligation__key="OB-13")
    answer = at("nora", invoice, "date", {"happened": "1990-06-01"})
    assert answer.status_code == 422 and "The holidays of “DE” are known from 1990" in text(answer).replace("1991", "1990")


@pytest.mark.parametrize("answer", ["", "reject", "accept\x00"])
def test_an_answer_is_one_of_two(at, cast, brief, answer):
    actions.report_duty(duty=brief, evidence="Here.", by=cast.sofia)
    assert at("nora", brief, "answer", {"answer": answer, "reason": "Typed."}).status_code == 422
    brief.refresh_from_db()
    assert brief.state == "sent"


def test_whose_side_it_is_not_gets_the_reason_and_strangers_nothing(at, brief, invoice):
    for name in ("cora", "nora", "audrey", "carol"):
        response = at(name, brief, "report", {"evidence": "Mine."})
        assert response.status_code == 403 and "Only Agency, who owes this, can report it as done." in text(response)
    response = at("audrey", invoice, "date", {"happened": "2027-01-04"})
    assert response.status_code == 403 and "Only a party to the agreement records an event." in text(response)
    for name in ("otto", "rita", "felix", "rooth"):
        for act, answers in [("", None), ("report", {"evidence": "x"}), ("answer", {"answer": "accept"})]:
            assert at(name, brief, act, answers).status_code == 404


def test_markup_in_a_report_is_text(at, cast, brief):
    actions.report_duty(duty=brief, evidence="<script>1</script>\n</p>done", by=cast.sofia)
    page = text(at("nora", brief))
    assert "<script>1" not in page and "&lt;script&gt;1" in page


def test_public_pages_are_made_anew_only_where_the_agreement_is_published(at, cast, agreement_in_force, brief):
    before = generation()
    at("sofia", brief, "report", {"evidence": "Here."})
    assert generation() == before
    actions.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    before = generation()
    at("nora", brief, "answer", {"answer": "back", "reason": "More."})
    at("sofia", brief, "report", {"evidence": "Here."})
    at("nora", brief, "answer", {"answer": "accept"})
    assert generation() == before + 3


def test_the_page_is_flat_in_queries(client, cast, brief, django_assert_num_queries):
    series = Duty.objects.filter(obligation__key="OB-07").first()
    client.force_login(cast.cora)
    for duty in (brief, series):
        with django_assert_num_queries(26):
            client.get(f"/desk/duties/{duty.ref}/")
