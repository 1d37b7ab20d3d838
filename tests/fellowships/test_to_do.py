"""What waits for a coordinator on the desk, and what cycles add to the pages of organisations, agreements and people."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.formats import date_format

from core.inbox import waiting_for
from core.panels import panels_of
from fellowships import actions, inbox
from fellowships.models import Placement
from mou import actions as mou
from partnerships import actions as partnerships
from tests.reading import names


def lines(user) -> list[tuple[str, str, str]]:
    ours = ("/desk/placements/", "/desk/cycles/", "/desk/hosts/")
    return [(item.sentence, item.why, item.act) for item in waiting_for(user) if item.url.startswith(ours)]


def begin_in(cast, days: int) -> None:
    """The cycle, and with it the placement, begins in so many days."""
    actions.edit_cycle(cycle=cast.cycle, facts={"starts": cast.today + timedelta(days=days)}, by=cast.cora)


def place(cast, host, number: int) -> Placement:
    fellow = actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
    return actions.add_placement(fellow=fellow, host=host, by=cast.cora)


BLOCKED = "There is no agreement with Agency. Nothing starts before both sides have signed one."


@pytest.mark.parametrize(("days", "due"), [(15, False), (14, True), (0, True), (-30, True)])
def test_a_placement_waits_from_two_weeks_before_its_first_day(cast, days, due):
    begin_in(cast, days)
    found = [line for line in lines(cast.cora) if "Felix" in line[0]]
    assert found == ([("Felix cannot start at Agency", BLOCKED, "Open")] if due else [])


def test_once_an_agreement_covers_it_the_line_says_that_it_can_start_and_then_goes(cast, agreement_in_force):
    assert lines(cast.cora) == []
    soon = cast.starts - timedelta(days=14)
    assert soon > cast.today  # so that the line depends on the day alone
    with time_machine.travel(soon, tick=False):
        covered = "An agreement in force covers every day of it."
        assert lines(cast.cora) == [("Start the placement of Felix at Agency", covered, "Start")]
        actions.start_placement(placement=cast.placement, by=cast.cora)
        assert lines(cast.cora) == []


def test_a_programme_waits_for_a_cycle_with_days(cast):
    """After an import of old lists every cycle has a year and no days: the next step is said."""
    sentence = f"Open the next cycle of {cast.programme}"
    assert sentence not in [line[0] for line in lines(cast.cora)]
    actions.edit_cycle(cycle=cast.cycle, facts={"starts": None, "ends": None, "year": 2019}, by=cast.cora)
    assert sentence in [line[0] for line in lines(cast.cora)]
    for who in (cast.audrey, cast.nora, cast.sofia, cast.felix, cast.otto, cast.rooth):
        assert lines(who) == []
    actions.open_cycle(programme=cast.programme, name="Next", starts=cast.starts, ends=cast.ends, by=cast.cora)
    assert sentence not in [line[0] for line in lines(cast.cora)]


def test_nothing_waits_for_who_cannot_do_it(cast, harbour):
    begin_in(cast, 3)
    for who in (cast.audrey, cast.stella, cast.sofia, cast.felix, cast.otto, harbour.hugo, cast.rooth):
        assert lines(who) == []


def test_after_a_handful_the_rest_is_one_line_that_leads_to_the_list(client, cast):
    begin_in(cast, 10)
    for number in range(6):
        place(cast, cast.host, number)
    found = [item for item in waiting_for(cast.cora) if "placement" in item.sentence or "start" in item.sentence]
    assert len(found) == 6
    (more,) = [item for item in found if "more" in item.sentence]
    assert (more.sentence, more.url) == ("and 2 more placements to start", "/desk/placements/?start=due")
    client.force_login(cast.cora)
    assert len(names(client.get(more.url))) == 7


@pytest.mark.parametrize(("days", "due"), [(61, False), (60, True), (1, True), (-10, True)])
def test_a_host_without_an_agreement_waits_from_sixty_days_before_the_cycle(cast, days, due):
    begin_in(cast, days)
    begins = date_format(cast.today + timedelta(days=days), "j F Y")
    why = f"It hosts in First cycle from {begins} on, and there is no agreement."
    found = [line for line in lines(cast.cora) if line[0].startswith("Agree")]
    assert found == ([("Agree with Agency", why, "Draft")] if due else [])


def test_a_draft_takes_the_line_off_and_a_withdrawn_agreement_puts_it_back(cast, agreement_draft):
    assert [line[0] for line in lines(cast.cora)] == []
    mou.withdraw_agreement(agreement=agreement_draft, reason="Not this year.", by=cast.cora)
    assert [line[0] for line in lines(cast.cora)] == ["Agree with Agency"]


def test_what_stands_in_the_way_of_a_draft_is_said_on_the_line(cast):
    partnerships.edit_programme(programme=cast.programme, organisation=None, calendar="", time_zone="UTC", by=cast.cora)
    why = "The programme has no organisation that signs for it yet. Choose it first."
    assert lines(cast.cora) == [("Agree with Agency", why, "Open")]


@pytest.mark.parametrize("more", [0, 2])
def test_the_desk_asks_as_often_for_one_line_as_for_three(cast, agreement, more, django_assert_num_queries):
    begin_in(cast, 3)
    for number in range(more):
        board = partnerships.add_organisation(name=f"Board {number}", by=cast.cora)
        host = actions.add_host(cycle=cast.cycle, organisation=board, by=cast.cora)
        place(cast, host, number)
        place(cast, cast.host, 10 + number)
    with django_assert_num_queries(8):
        list(inbox.to_start(cast.cora))
    with django_assert_num_queries(2):
        list(inbox.to_agree(cast.cora))


# ------------------------------------------------------------------------------------------------- panels


def rows(obj, user) -> dict[str, list[tuple[str, str]]]:
    found = panels_of(obj, user)
    wanted = ("Cycles it hosts in", "Placements", "Your placements")
    return {panel.title: [(row.label, row.fact) for row in panel.rows] for panel in found if panel.title in wanted}


def test_an_organisations_page_shows_the_cycles_it_hosts_in_to_who_sees_them(cast, harbour):
    told = {"Cycles it hosts in": [("First cycle, Open city", "1 person")]}
    assert rows(cast.agency, cast.cora) == rows(cast.agency, cast.stella) == told
    assert rows(cast.agency, harbour.hugo) == rows(cast.agency, cast.otto) == {}


def test_an_agreements_page_shows_its_placements_to_who_sees_them(cast, agreement_in_force):
    told = {"Placements": [("Felix · Agency", "Planned")]}
    assert rows(agreement_in_force, cast.cora) == rows(agreement_in_force, cast.stella) == told
    assert rows(agreement_in_force, cast.sofia) == rows(agreement_in_force, cast.carol) == {}
    actions.start_placement(placement=cast.placement, by=cast.cora)
    assert rows(agreement_in_force, cast.cora) == {"Placements": [("Felix · Agency", "Active")]}


def test_a_fellow_finds_their_own_placement_on_the_desk(cast, harbour):
    assert rows(cast.felix, cast.felix) == {"Your placements": [("Agency, First cycle", "Unsigned")]}
    for who in (cast.cora, cast.stella, harbour.ines, cast.rooth):
        assert rows(who, who) == {}
