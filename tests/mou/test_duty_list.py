"""The list of duties: urgent first, a series on one line, narrowed by its address, and the file of the same dates."""

import csv
import io
from datetime import timedelta

import pytest

from mou import actions, demo
from mou.models import Duty

LIST = "/desk/duties/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def listed(client, cast):
    def ask(name: str, **query: str):
        client.force_login(getattr(cast, name))
        return client.get(LIST, query)

    return ask


def due(title: str, day) -> Duty:
    """The first date of a duty is moved to that day."""
    duty = Duty.objects.filter(obligation__title=title).order_by("due", "pk").first()
    Duty.objects.filter(pk=duty.pk).update(due=day)
    return duty


def test_before_anything_is_signed_the_list_says_where_duties_come_from(listed, agreement):
    assert "Duties get their dates when an agreement comes into force" in text(listed("cora"))


def test_what_is_late_comes_first_then_by_date_then_what_waits(listed, cast, agreement_in_force):
    due("Meet every week", cast.today - timedelta(days=2))
    due("Return equipment", cast.today - timedelta(days=5))
    found = rows(listed("cora", format="csv"))
    assert [row["Duty"] for row in found[:2]] == ["Return equipment", "Meet every week"]
    assert [row["State"] for row in found[:2]] == ["Late", "Late"]
    states = [row["State"] for row in found]
    assert states.index("Waits for an event") > len(states) - states.count("Waits for an event") - 1


def test_a_series_stands_on_one_line_and_each_date_when_asked(listed, agreement_in_force):
    dates = Duty.objects.filter(obligation__key="OB-07").count()
    assert dates > 30
    page = text(listed("cora", q="meet every"))
    assert page.count(">Meet every week</a>") == 1
    assert f"{dates} dates" in page and "on 1 line: a series stands on one" in page
    assert text(listed("cora", q="meet every", each="on")).count(">Meet every week</a>") == dates


def test_the_file_has_every_date_of_what_is_filtered_and_its_count_is_on_the_page(listed, cast, agreement_in_force):
    for query in ({}, {"severity": "critical"}, {"state": "waiting"}, {"q": "fellow"}):
        found = rows(listed("cora", **query, format="csv"))
        assert f"{len(found)} date" in text(listed("cora", **query))
    assert len(rows(listed("cora", format="csv"))) == Duty.objects.count()


def test_a_line_of_the_file_says_who_owes_what_to_whom_until_when(listed, cast, agreement_in_force):
    duty = Duty.objects.get(obligation__key="OB-41")
    assert [row for row in rows(listed("cora", format="csv")) if row["Duty"] == str(duty)] == [
        {
            "Duty": "Publish the brief to the fellow",
            "Agreement": agreement_in_force.ref,
            "For": "Felix",
            "Owed by": "Agency",
            "Owed to": "NGO",
            "Due": duty.due.isoformat(),
            "State": "Due",
            "Waits for": "",
            "Severity": "High",
            "Evidence asked for": "Report",
            "Reported": "",
        }
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"state": "late"}, {"Meet every week"}),
        ({"due_until": "TODAY"}, {"Meet every week"}),
        ({"party": "ngo", "severity": "critical"}, {"Report a security or privacy incident on the Programme’s side"}),
        ({"duty": "OB-18"}, {"Return equipment"}),
        ({"state": "late", "party": "ngo"}, set()),
        ({"side": "mine", "state": "late"}, set()),  # cora's side is the programme; the host is late
        ({"side": "ours", "state": "late"}, {"Meet every week"}),
    ],
)
def test_filters_live_in_the_address(listed, cast, agreement_in_force, query, titles):
    due("Meet every week", cast.today - timedelta(days=2))
    places = {"ngo": cast.ngo.ref, "TODAY": cast.today.isoformat()}
    found = rows(listed("cora", **{name: places.get(value, value) for name, value in query.items()}, format="csv"))
    assert {row["Duty"] for row in found} == titles


def test_each_sees_the_duties_of_the_agreements_they_see(listed, agreement_in_force):
    count = Duty.objects.count()
    seen = {name: len(rows(listed(name, format="csv"))) for name in ("cora", "amir", "nora", "stella", "carol")}
    assert seen == dict.fromkeys(seen, count)
    for name in ("otto", "rita", "felix", "rooth", "edna"):
        assert rows(listed(name, format="csv")) == [] and "Agency" not in text(listed(name))


@pytest.mark.parametrize(
    "query",
    [
        {"due_from": "abc"},
        {"due_from": "9999-99-99"},
        {"due_until": "0001-01-01"},
        {"page": "1e9"},
        {"sort": "obligation__debtor__signatory__name"},
        {"agreement": "CG-0000-0000"},
        {"severity": "'"},
        {"duty": "x" * 300},
        {"q": "\x00"},
        {"each": "perhaps"},
    ],
)
def test_whatever_the_address_says_the_answer_is_a_page(listed, agreement_in_force, query):
    assert listed("cora", **query).status_code == 200
    assert listed("cora", **query, format="csv").status_code == 200


def test_a_day_that_is_none_is_said_and_lists_nothing(listed, agreement_in_force):
    page = text(listed("cora", due_from="abc"))
    assert "Write a day as year, month and day" in page and "No duty fits" in page and 'value="abc"' in page
    assert page.split("<title>")[1].strip().startswith("Error:")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_flat_in_queries(client, cast, agreements, django_assert_num_queries, count):
    for made in agreements(count):
        demo.sign(made, [cast.nora, cast.sofia])
    client.force_login(cast.cora)
    with django_assert_num_queries(12):
        client.get(LIST)


def test_a_reported_duty_is_found_by_whom_it_is_owed_to(listed, cast, agreement_in_force):
    duty = Duty.objects.get(obligation__key="OB-41")
    actions.report_duty(duty=duty, evidence="On the intranet.", by=cast.sofia)
    found = rows(listed("nora", state="sent", side="ours", format="csv"))
    assert [(row["Duty"], row["State"], row["Reported"]) for row in found] == [(str(duty), "Sent", "On the intranet.")]
    assert rows(listed("sofia", state="sent", side="ours", format="csv")) == []
