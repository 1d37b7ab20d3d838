"""From when until when a role in an organisation counts: said when it is given, corrected later, with an end that ends."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.access import HOUSE, holds
from core.audit import history
from partnerships import actions
from partnerships.models import Membership
from tests.reading import page, problems, reason, said, typed

IVY = {"name": "Ivy Lund", "email": "ivy@example.org", "role": "official", "title": ""}


@pytest.fixture
def amirs(cast) -> Membership:
    return Membership.objects.get(person=cast.amir.person)


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def dates(member: Membership) -> str:
    return f"/desk/organisations/{member.organisation.ref}/members/{member.pk}/dates/"


def test_a_role_can_be_given_from_a_day_until_a_day(cora, cast):
    begins, ends = cast.today + timedelta(days=3), cast.today + timedelta(days=9)
    days = {"since": begins.isoformat(), "until": ends.isoformat()}
    assert cora.post(f"/desk/organisations/{cast.agency.ref}/members/new/", IVY | days).status_code == 302
    made = Membership.objects.get(person__name="Ivy Lund")
    assert (made.since, made.until, made.counts) == (begins, ends, False)
    answer = cora.post(
        f"/desk/organisations/{cast.agency.ref}/members/new/", IVY | {"since": "2027-05-02", "until": "2027-05-01"}
    )
    assert problems(answer) == ["Ends on: It cannot end before it begins."]


def test_its_end_is_set_moved_and_taken_away_and_the_timeline_says_each(cora, cast, amirs):
    since, soon = amirs.since.isoformat(), cast.today + timedelta(days=10)
    for until in (soon, soon + timedelta(days=1), None):
        answer = cora.post(dates(amirs), {"since": since, "until": until.isoformat() if until else ""}, follow=True)
        assert said(answer)[-1] == "The days are corrected."
        amirs.refresh_from_db()
        assert amirs.until == until
    told = [line.text for line in history(cast.agency) if line.verb == "organisation.member_dated"]
    assert len(told) == 3 and told[0].startswith("Cora corrected the days of Amir as Legal reviewer: from ")
    assert told[0].endswith(", without an end.")


def test_the_form_has_what_is_on_record(cora, cast, amirs):
    actions.date_membership(membership=amirs, since=date(2026, 3, 1), until=cast.today + timedelta(days=3), by=cast.cora)
    answer = cora.get(dates(amirs))
    assert (typed(answer, "since"), typed(answer, "until")) == ("2026-03-01", (cast.today + timedelta(days=3)).isoformat())


def test_an_end_that_has_come_shuts_out_at_once_and_one_to_come_does_not(client, cora, cast, amirs):
    for until, seen in ((cast.today + timedelta(days=1), True), (cast.today, False)):
        cora.post(dates(amirs), {"since": "2026-01-01", "until": until.isoformat()})
        assert holds(cast.amir, "partnerships.view_organisation", cast.agency) is seen


def test_the_end_of_a_role_that_has_ended_is_corrected_and_it_does_not_count_again(cora, cast):
    address = f"/desk/organisations/{cast.agency.ref}/members/{cast.ritas.pk}/dates/"
    assert "This role has ended." in page(cora.get(address))
    yesterday = (cast.today - timedelta(days=1)).isoformat()
    cora.post(address, {"since": "2026-01-01", "until": yesterday})
    cast.ritas.refresh_from_db()
    assert cast.ritas.until.isoformat() == yesterday
    for until in ("", (cast.today + timedelta(days=1)).isoformat()):
        answer = cora.post(address, {"since": "2026-01-01", "until": until})
        assert problems(answer) == ["Ends on: This role has ended. Correct the day it ended, or give the role anew."]
    assert not holds(cast.rita, "partnerships.view_organisation", cast.agency)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "", "until": ""}, "First day: Fill this in."),
        ({"since": "2026-05-02", "until": "2026-05-01"}, "Ends on: It cannot end before it begins."),
        ({"since": "1026-05-02", "until": ""}, "First day: Write a day from 1 January 1990 to 31 December 2100."),
        ({"since": "soon", "until": ""}, "First day: Write a day as year, month and day, such as 2027-01-31."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(cora, amirs, asked, sentence):
    answer = cora.post(dates(amirs), asked)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    before = (amirs.since, amirs.until)
    amirs.refresh_from_db()
    assert (amirs.since, amirs.until) == before


def test_the_same_role_is_held_once_on_any_day(cora, cast):
    again = actions.add_member(organisation=cast.agency, person=cast.rita.person, role="signatory", by=cast.cora)
    later = (cast.today + timedelta(days=9)).isoformat()
    answer = cora.post(dates(cast.ritas), {"since": later, "until": later})
    assert answer.status_code == 422
    actions.end_membership(membership=again, by=cast.cora)
    third = actions.add_member(
        organisation=cast.agency, person=cast.rita.person, role="signatory", since=cast.today + timedelta(days=5), by=cast.cora
    )
    fourth = actions.add_member(
        organisation=cast.agency,
        person=cast.rita.person,
        role="signatory",
        since=cast.today + timedelta(days=1),
        until=third.since,
        by=cast.cora,
    )
    answer = cora.post(dates(fourth), {"since": fourth.since.isoformat(), "until": ""})
    assert problems(answer) == ["Rita holds the same role on some of these days already."]


def test_nobody_prolongs_their_own_role(client, cast):
    own = actions.add_member(
        organisation=cast.ngo, person=cast.cora.person, role="signatory", until=cast.today + timedelta(days=1), by=HOUSE
    )
    with pytest.raises(PermissionDenied, match="Nobody gives a role to themselves"):
        actions.date_membership(membership=own, since=own.since, until=None, by=cast.cora)
    client.force_login(cast.cora)
    answer = client.post(dates(own), {"since": own.since.isoformat(), "until": ""})
    assert problems(answer) == ["Nobody gives a role to themselves. Another coordinator has to do it."]
    own.refresh_from_db()
    assert own.until is not None


@pytest.mark.parametrize(("who", "status"), [("sofia", 403), ("audrey", 403), ("nora", 404), ("otto", 404), ("rooth", 404)])
def test_nobody_else_corrects_one(client, cast, amirs, who, status):
    client.force_login(getattr(cast, who))
    for ask in (client.get, client.post):
        assert ask(dates(amirs), {"since": "2026-01-01", "until": "2026-01-02"}).status_code == status
    if status == 403:
        assert reason(client.get(dates(amirs))) == "Only a programme coordinator gives people roles in an organisation."
    amirs.refresh_from_db()
    assert amirs.until is None


def test_a_role_of_another_organisation_is_not_there_under_this_one(cora, cast):
    other = cast.elsewhere.membership_set.get()
    for pk in (other.pk, 99999999999999999999999):
        assert cora.get(f"/desk/organisations/{cast.agency.ref}/members/{pk}/dates/").status_code == 404
