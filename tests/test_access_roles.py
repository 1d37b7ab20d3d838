"""Every role, in its own and in a foreign organisation and programme, at every route: beside tests/test_access_table.py.

Written by hand as the table is. Somebody is answered as one of the table is everywhere, but for the routes that are named; a
role of accounts/roles.py that nobody of WHO holds at one of the places fails. To add a role: a line in WHO for each place.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts.roles import MEMBER_ROLES, PROGRAMME_ROLES, SITE_ROLES
from core.access import HOUSE
from fellowships import actions as fellowships
from mou import actions as mou
from partnerships import actions as partnerships
from tests.conftest import sign_in_for
from tests.test_access_table import DESK, FORM, REFUSED, SHOWN, ask, expected
from tests.test_access_table import world as table  # noqa: F401  (the fixture on which the one below stands)

pytestmark = pytest.mark.usefixtures("quiet")

VERBS = ("GET", "HEAD", "POST")
GONE = ""  # as if nothing were there


@dataclass(frozen=True)
class Like:
    """Answered as `name` of the table is, but for the routes under another answer."""

    name: str
    but: dict[str, str] = field(default_factory=dict)


# Rows of the register, for who sees the organisation and does not keep it.
ORGANISATION = {
    SHOWN: "partnerships:organisation_detail",
    REFUSED: "partnerships:organisation_edit partnerships:organisation_shield partnerships:member_add "
    "partnerships:membership_end partnerships:membership_date partnerships:members_invite partnerships:organisation_correct "
    "partnerships:organisation_reinstate partnerships:organisation_supersede",
}
SECTIONS = (
    "fellowships:section_detail fellowships:section_edit fellowships:section_assign fellowships:section_offer "
    "fellowships:section_accept fellowships:section_send_back fellowships:section_waive fellowships:section_leave_out"
)
HANDOVERS = f"fellowships:handover_detail fellowships:handover_assign fellowships:handover_offer {SECTIONS}"
HACKATHONS = (
    "partnerships:hackathon_detail partnerships:hackathon_edit partnerships:hackathon_close partnerships:hackathon_publish "
    "partnerships:output_add partnerships:output_detail partnerships:output_edit partnerships:output_remove "
    "partnerships:owner_name partnerships:follow_up_answer partnerships:follow_up_correct cms:output_story_draft "
    "partnerships:hackathon_share partnerships:hackathon_unshare"
)
CYCLES = (
    "fellowships:cohort_invite fellowships:cycle_detail fellowships:cycle_edit fellowships:cycle_publish fellowships:cycle_share "
    "fellowships:cycle_unshare fellowships:fellow_add fellowships:fellow_list fellowships:host_add fellowships:project_add "
    "fellowships:project_detail fellowships:project_edit"
)
AGREEMENTS = (
    "cms:agreement_story_draft mou:agreement_decline mou:agreement_detail mou:agreement_json mou:agreement_pdf "
    "mou:agreement_publish mou:agreement_recall mou:agreement_remind mou:agreement_reopen mou:agreement_share mou:agreement_sign "
    "mou:agreement_text mou:agreement_unshare mou:agreement_withdraw mou:duty_answer mou:duty_date mou:duty_detail "
    "mou:duty_report"
)
OWN = (  # the copy and the request of whom one is like
    "accounts:erasure_detail accounts:erasure_refuse accounts:erasure_take_back accounts:export_detail accounts:export_file"
)
SIGNS = "mou:agreement_sign mou:agreement_decline"  # it is Nora who is named to sign for the NGO
# Of the NGO and not its lead: what it signs for, with its cycles and placements; neither handovers nor hackathons.
SIGNING = Like("nora", {GONE: f"{HANDOVERS} {HACKATHONS}", REFUSED: SIGNS})
RECEIVES = "fellowships:section_accept fellowships:section_send_back"  # Stella and Amir are named to


# Who of the table holds which role where. The agency is a host, the NGO signs for the programme, Elsewhere has no part in it;
# "other" is a programme of Elsewhere.
CAST = {
    ("agency", "reviewer"): "amir",
    ("agency", "signatory"): "sofia",
    ("agency", "supervisor"): "stella",
    ("elsewhere", "signatory"): "otto",
    ("programme", "coordinator"): "cora",
    ("programme", "auditor"): "audrey",
    ("programme", "editor"): "edna",
    ("other", "coordinator"): "fiona",
    ("site", "administrator"): "ada",
}
WHO: dict[tuple[str, str], Like] = {
    ("agency", "lead"): Like(
        "stella",
        {
            REFUSED: RECEIVES,
            FORM: "fellowships:section_waive",
            "GET 200, POST 302": "partnerships:organisation_correct",
        },
    ),
    ("agency", "official"): Like("otto", ORGANISATION),
    ("agency", "sponsor"): Like(
        "stella",
        {
            REFUSED: f"{RECEIVES} fellowships:handover_assign fellowships:section_assign partnerships:follow_up_answer",
            FORM: "fellowships:section_waive",
        },
    ),
    ("ngo", "lead"): Like("nora", {REFUSED: SIGNS}),
    ("ngo", "official"): Like("otto"),
    ("ngo", "reviewer"): SIGNING,
    ("ngo", "signatory"): SIGNING,
    ("ngo", "supervisor"): SIGNING,
    ("ngo", "sponsor"): SIGNING,
    ("elsewhere", "lead"): Like("otto"),
    ("elsewhere", "official"): Like("otto"),
    ("elsewhere", "reviewer"): Like("otto"),
    ("elsewhere", "supervisor"): Like("otto"),
    ("elsewhere", "sponsor"): Like("otto"),
    ("elsewhere", "ngo_lead"): Like("otto"),
    ("elsewhere", "ngo_member"): Like("otto"),
    ("agency", "ngo_lead"): Like("amir", {GONE: f"{OWN} {CYCLES} {HANDOVERS}"}),
    ("agency", "ngo_member"): Like("otto", ORGANISATION),
    ("ngo", "ngo_lead"): Like("nora", {REFUSED: SIGNS}),
    ("ngo", "ngo_member"): Like("nora", {GONE: f"{HANDOVERS} {HACKATHONS} {AGREEMENTS}"}),
    ("programme", "finance"): Like("audrey", {GONE: f"{HANDOVERS} {HACKATHONS}", "GET 403, POST 405": "core:event_list"}),
    ("other", "finance"): Like("otto", ORGANISATION),
    ("other", "auditor"): Like("otto", ORGANISATION | {SHOWN: f"core:event_list {ORGANISATION[SHOWN]}"}),
    ("other", "editor"): Like("edna"),
}
# Everybody who is no such line: what they are is made in _others().
OTHERS: dict[str, Like] = {
    "roleless": Like("otto"),
    "ended_everywhere": Like("rita"),
    "begins_tomorrow": Like("rita"),
    "of_two": Like("amir", {GONE: f"{HANDOVERS} {OWN}"}),
    "of_both_sides": Like(
        "nora",
        {
            SHOWN: ORGANISATION[SHOWN],
            REFUSED: f"{ORGANISATION[REFUSED]} {SIGNS} mou:duty_answer",
            "GET 200, POST 302": "fellowships:handover_assign",
            FORM: "fellowships:section_assign mou:duty_report",
        },
    ),
    "until_tomorrow": Like("carol"),
    "share_ended": Like("otto"),
    "fellow_of_second": Like("otto"),
    "fellow_elsewhere": Like("otto"),
}
NOWHERE: set[tuple[str, str]] = set()  # what nobody can be given there, whoever asks: the rule that refuses it has its own test
OUTSIDE = ("deactivated_coordinator", "deactivated_lead", "deactivated_sharee")


def places() -> dict[str, Any]:
    return {
        **dict.fromkeys(("agency", "ngo", "elsewhere"), MEMBER_ROLES),
        **dict.fromkeys(("programme", "other"), PROGRAMME_ROLES),
        "site": SITE_ROLES,
    }


def name_of(place: str, role: str) -> str:
    return f"{place}_{role}"


def test_every_role_is_held_at_every_place_where_it_can_be():
    assert WHO.keys() | CAST.keys() == {(place, role) for place, roles in places().items() for role in roles} - NOWHERE
    assert WHO.keys() & CAST.keys() == set()


def test_what_somebody_is_answered_differently_are_routes_that_exist():
    rows = {name for app in DESK.values() for name in app}
    named = {route for who in [*WHO.values(), *OTHERS.values()] for routes in who.but.values() for route in routes.split()}
    assert named - rows == set()


def give(c: SimpleNamespace, user: Any, place: str, role: str, **days: Any) -> Any:
    where = getattr(c, place, None)
    if place == "site":
        return accounts.give_site_role(person=user.person, role=role, by=HOUSE, **days)
    if place in ("programme", "other"):
        return partnerships.give_programme_role(programme=where, person=user.person, role=role, by=HOUSE, **days)
    return partnerships.add_member(organisation=where, person=user.person, role=role, by=HOUSE, **days)


EVERYWHERE = (
    ("agency", "lead"),
    ("agency", "signatory"),
    ("ngo", "lead"),
    ("programme", "coordinator"),
    ("programme", "auditor"),
    ("site", "administrator"),
)


@pytest.fixture
def world(table: SimpleNamespace) -> SimpleNamespace:  # noqa: F811
    c = table
    for place, role in WHO:
        user = sign_in_for(name_of(place, role))
        give(c, user, place, role)
        setattr(c, name_of(place, role), user)
    _others(c)
    return c


def _others(c: SimpleNamespace) -> None:
    for name in (*OTHERS, *OUTSIDE):
        setattr(c, name, sign_in_for(name))
    ended, tomorrow = c.ended_everywhere, c.today + timedelta(days=1)
    for place, role in EVERYWHERE:
        row = give(c, ended, place, role)
        type(row).objects.filter(pk=row.pk).update(since=c.today - timedelta(days=9), until=c.today)
        later = give(c, c.begins_tomorrow, place, role)
        type(later).objects.filter(pk=later.pk).update(since=tomorrow)
    give(c, c.of_two, "agency", "reviewer")
    give(c, c.of_two, "elsewhere", "official")
    give(c, c.of_both_sides, "ngo", "lead")
    give(c, c.of_both_sides, "agency", "supervisor")
    agreements = type(c.host.agreement).objects.filter(ref__in=[c.refs["agreement"], c.refs["draft"]])
    for agreement in agreements:
        mou.share_agreement(agreement=agreement, user=c.until_tomorrow, until=tomorrow, by=c.cora)
        mou.share_agreement(agreement=agreement, user=c.deactivated_sharee, by=c.cora)
        mou.share_agreement(agreement=agreement, user=c.share_ended, by=c.cora)
        mou.unshare_agreement(agreement=agreement, user=c.share_ended, by=c.cora)
    _fellows(c)
    give(c, c.deactivated_coordinator, "programme", "coordinator")
    give(c, c.deactivated_lead, "agency", "lead")
    for name in OUTSIDE:
        accounts.deactivate_sign_in(person=getattr(c, name).person, reason="Left.", by=HOUSE)


def _fellows(c: SimpleNamespace) -> None:
    """Another of the second cycle, at the agency, and one of another programme's."""
    fellow = fellowships.add_fellow(cycle=c.second.cycle, person=c.fellow_of_second.person, by=c.cora)
    fellowships.add_placement(fellow=fellow, host=c.second.host, by=c.cora)
    cycle = fellowships.open_cycle(programme=c.other, name="Of the other", starts=c.starts, ends=c.ends, by=c.fiona)
    fellowships.add_fellow(cycle=cycle, person=c.fellow_elsewhere.person, by=c.fiona)


def answers_of(who: Like, route: str, row: dict[str, str]) -> str | None:
    """What the table says somebody is answered at a route; None: as if nothing were there."""
    for answers, routes in who.but.items():
        if route in routes.split():
            return answers or None
    return next((answers for names, answers in row.items() if who.name in names.split()), None)


def deviations(client: Client, world: SimpleNamespace, name: str, who: Like) -> list[str]:
    wrong = []
    client.force_login(getattr(world, name))
    for app in DESK.values():
        for route, (address, data, row) in app.items():
            answers = answers_of(who, route, row)
            url = address.format(**world.refs)
            for verb in VERBS:
                want = expected(answers, "GET" if verb == "HEAD" else verb) if answers else {404}
                got = ask(client, verb, url, data).status_code
                if got not in want:
                    wrong.append(f"{name} {verb} {route}: {got}, not {sorted(want)}")
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("place", places())
def test_each_role_at_each_place_is_answered_as_the_table_says(client, world, place):
    held = {name_of(*key): who for key, who in WHO.items() if key[0] == place}
    assert [line for name, who in held.items() for line in deviations(client, world, name, who)] == []


@pytest.mark.slow
def test_who_holds_no_role_or_one_that_does_not_count_or_several(client, world):
    assert [line for name, who in OTHERS.items() for line in deviations(client, world, name, who)] == []
