"""The demo: three cycles of the reference programme, on the day that is asked for, through the apps' own actions."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from cms import demo
from cms.models import CaseStudyPage
from core import audit
from core.access import HOUSE, share_tables, visible
from core.demo import PASSWORD
from core.models import Event
from fellowships.models import Cycle, Fellow, Handover, Host, Placement, Project, Section
from mou.models import Agreement, Duty
from partnerships import actions as partnerships
from partnerships.models import FollowUp, Hackathon, Organisation, Output, Programme
from partnerships.models.programme import live_roles_of

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def orvella(django_db_setup, django_db_blocker):
    """Built once for this module; each test reads it, and what it writes is taken back."""
    with django_db_blocker.unblock():
        call_command("demo", today=TODAY)
        yield
        from tests import testdb

        testdb.restore()


@pytest.fixture(autouse=True)
def story(orvella, db):
    return None


def cycle(number: int) -> Cycle:
    return Cycle.objects.get(name=f"Cohort {number}")


def test_three_cycles_stand_where_the_walk_throughs_want_them():
    last, running, coming = cycle(4), cycle(5), cycle(6)
    assert last.starts < running.starts < TODAY < last.ends < running.ends
    assert coming.starts > TODAY
    for each in (last, running, coming):
        assert Host.objects.filter(cycle=each).count() == 12
        assert Fellow.objects.filter(cycle=each).counts().places == 24


def test_the_running_one_has_24_places_and_25_people_and_one_works_for_two_hosts():
    counts = Fellow.objects.filter(cycle=cycle(5)).counts()
    assert (counts.places, counts.people, counts.withdrawn, counts.replaced) == (24, 25, 1, 1)
    placements = Counter(Placement.objects.filter(host__cycle=cycle(5)).values_list("state", flat=True))
    assert placements == {"active": 25, "withdrawn": 1}


def test_what_somebody_works_on_runs():
    worked_on = Project.objects.filter(placement__host__cycle__in=[cycle(4), cycle(5)])
    assert set(worked_on.values_list("status", flat=True)) == {"running"}


def test_last_years_handovers_are_19_accepted_3_in_part_2_late():
    handovers = Handover.objects.filter(placement__host__cycle=cycle(4))
    assert handovers.standings(TODAY) == {"accepted": 19, "in_part": 3, "late": 2}


def test_the_twelve_agreements_of_the_next_one_are_in_every_state_before_a_start():
    states = Counter(Host.objects.filter(cycle=cycle(6)).values_list("agreement__state", flat=True))
    assert states == {"in_force": 4, "out": 3, "draft": 3, "declined": 1, "withdrawn": 1}
    [slow] = [each for each in Agreement.objects.filter(state="out") if (TODAY - each.sent_at.date()).days == 18]
    assert [party.signatory.name for party in slow.missing_signatures()] == ["Inês Varrenholt"]
    assert Agreement.objects.filter(state="expired").count() == 1


def test_of_1_500_duties_four_are_late_at_three_hosts_and_six_wait_for_a_word():
    counts = Duty.objects.counts(TODAY)
    assert (counts["late"], counts["sent"]) == (4, 6)
    assert counts["accepted"] > 1000 and counts["waiting"] > 0
    assert Duty.objects.late(TODAY).values("agreement").distinct().count() == 3


def test_the_hackathon_has_21_outputs_and_silence_is_counted_as_unknown():
    assert Hackathon.objects.count() == 1
    assert Output.objects.count() == 21
    answers = Counter(FollowUp.objects.filter(days__lt=365).values_list("state", flat=True))
    assert sum(answers.values()) == 63
    assert answers["unknown"] > 0 and answers.keys() <= {"answered", "unknown"}
    assert set(FollowUp.objects.filter(days=365).values_list("state", flat=True)) == {"scheduled"}


def test_six_case_studies_are_published():
    assert CaseStudyPage.objects.live().count() == 6


def test_what_happened_before_today_is_recorded_on_its_day_and_nothing_lies_ahead():
    days = [at.date() for at in Event.objects.values_list("at", flat=True)]
    assert TODAY - timedelta(days=7) < max(days) <= TODAY
    assert min(days) < TODAY - timedelta(days=1500)
    started = Event.objects.filter(verb="placement.started").values_list("at", flat=True)
    assert {at.date() for at in started} >= {cycle(4).starts, cycle(5).starts}
    assert audit.verify() is None


def test_everybody_who_is_named_can_sign_in():
    people = demo.who()
    assert [person.email for person in people] == list(dict.fromkeys(person.email for person in people))
    assert len(people) == len(demo.WHO)
    for person in people:
        user = User.objects.get(email=person.email)
        assert user.check_password(PASSWORD), person.email


BRIDGEWORKS, HEALTH, WATER = "Orvella Bridgeworks", "Ministry of Public Health", "Pell Uplands Water Board"
# What is printed of everybody, and what the records have to say of them: (role, where it is held).
HELD: dict[str, set[tuple[str, str]]] = {
    "programme coordinator": {("coordinator", demo.PROGRAMME)},
    f"leads {BRIDGEWORKS} and signs for the programme": {("lead", BRIDGEWORKS), ("signatory", BRIDGEWORKS)},
    f"counsel of the {HEALTH}": {("reviewer", HEALTH)},
    f"signs for the {HEALTH}": {("signatory", HEALTH), ("sponsor", HEALTH)},
    "signs for the Orvella Revenue Office: one agreement waits": {
        ("signatory", "Orvella Revenue Office"),
        ("sponsor", "Orvella Revenue Office"),
    },
    f"supervises fellows at the {HEALTH}": {("supervisor", HEALTH)},
    f"receives work of fellows at the {HEALTH}": {("official", HEALTH)},
    f"answers for outputs of the hackathon at the {WATER}": {("supervisor", WATER)},
    "leads Many Hands Lab, which organised the hackathon": {("lead", "Many Hands Lab"), ("signatory", "Many Hands Lab")},
    "fellow": set(),
    "mentor of Felix Arrowvale: one placement is shared with her": {("lead", "Ramp and Reach"), ("signatory", "Ramp and Reach")},
    "auditor of Cohort 5, and of nothing else": {("lead", "Open Ledger Orvella"), ("signatory", "Open Ledger Orvella")},
    "finance of the programme": {("finance", demo.PROGRAMME)},
    "editor of the public pages": {("editor", demo.PROGRAMME)},
    "auditor of the programme": {("auditor", demo.PROGRAMME)},
    "administrator of the site: opens programmes, looks after sign-ins": {("administrator", "the site")},
    "an outsider with an account and no part in anything": set(),
}


def held(user: User) -> set[tuple[str, str]]:
    """The roles that are live."""
    rows = live_roles_of(user.person_id)
    places = [getattr(row, "organisation", None) or getattr(row, "programme", None) for row in rows]
    return {(row.role, place.name if place else "the site") for row, place in zip(rows, places, strict=True)}


def test_what_is_printed_of_everybody_is_what_the_records_say():
    people = {person.role: User.objects.get(email=person.email) for person in demo.who()}
    assert {role: held(user) for role, user in people.items()} == HELD


def test_what_is_shared_with_one_person_opens_that_and_nothing_of_its_kind_beside_it():
    people = {person.role: User.objects.get(email=person.email) for person in demo.who()}
    mentor = people["mentor of Felix Arrowvale: one placement is shared with her"]
    assert [str(each.fellow.person) for each in visible(Placement, mentor)] == ["Felix Arrowvale"]
    assert list(visible(Cycle, people["auditor of Cohort 5, and of nothing else"])) == [cycle(5)]
    assert len(share_tables()) == 4 and {table.objects.count() for table in share_tables().values()} == {1}


def test_beside_their_roles_the_records_hold_the_work_that_is_printed():
    people = {person.role: User.objects.get(email=person.email).person for person in demo.who()}
    assert Fellow.objects.filter(person=people.pop("fellow")).exists()
    assert [fellow for fellow in Fellow.objects.all() if fellow.person in people.values()] == []
    ines = people["signs for the Orvella Revenue Office: one agreement waits"]
    out = [each for each in Agreement.objects.filter(state="out") if ines in [p.signatory for p in each.missing_signatures()]]
    assert len(out) == 1
    event = Hackathon.objects.get()
    assert event.organiser.name == "Many Hands Lab"
    assert Output.objects.filter(owner=people[f"answers for outputs of the hackathon at the {WATER}"]).count() > 1
    receives = people[f"receives work of fellows at the {HEALTH}"]
    sections = Section.objects.filter(receiver=receives)
    assert set(sections.values_list("handover__placement__host__organisation__name", flat=True)) == {HEALTH}


def test_a_second_time_nothing_is_doubled(capsys):
    before = (Organisation.objects.count(), Agreement.objects.count(), Event.objects.count())
    call_command("demo")
    assert (Organisation.objects.count(), Agreement.objects.count(), Event.objects.count()) == before
    assert capsys.readouterr().out.startswith("The demo is there.")


def test_nor_is_it_after_the_programme_got_another_name(capsys):
    partnerships.edit_programme(**_as_it_is(Programme.objects.get()), name="Another name", by=HOUSE)
    before = Event.objects.count()
    call_command("demo")
    assert (Event.objects.count(), Programme.objects.count()) == (before, 1)
    assert capsys.readouterr().out.startswith("The demo is there.")


def _as_it_is(programme: Programme) -> dict[str, Any]:
    facts = {name: getattr(programme, name) for name in ("organisation", "calendar", "time_zone")}
    return {"programme": programme, **facts}


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "1999-01-01", "2999-01-01", ""])
def test_a_day_that_is_none_or_has_not_come_is_refused(day):
    with pytest.raises(CommandError):
        call_command("demo", f"--today={day}")
