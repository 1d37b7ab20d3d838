"""A placement is corrected: its project and days, what the agreement says of it then, and when nothing can be changed."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from core.access import HOUSE
from fellowships import actions, demo
from fellowships.models import Placement
from fellowships.states import PlacementState
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from tests.reading import buttons, next_of, options, page, problems, reason, said, soup, typed, words


def one(placement, path: str = "") -> str:
    return f"/desk/placements/{placement.ref}/{path}"


def edit(placement) -> str:
    return one(placement, "edit/")


def long(day) -> str:
    return date_format(day, "j F Y")


def told(answer) -> list[str]:
    """What the page says of the agreement beside what comes next."""
    return [words(each) for each in soup(answer).select("main .notice:not([role]) p")]


# ------------------------------------------------------------------------------------------------- what is changed


def test_days_and_project_are_changed_and_told_in_words(cora, cast):
    first, last = cast.starts + timedelta(days=7), cast.ends - timedelta(days=7)
    tide = actions.add_project(programme=cast.programme, title="Tide tables", by=cast.cora)
    shown = cora.get(edit(cast.placement))
    assert (typed(shown, "project"), typed(shown, "starts"), typed(shown, "ends")) == (cast.project.ref, "", "")
    assert f"Leave both empty for the days of the cycle: {long(cast.starts)} to {long(cast.ends)}." in page(shown)
    answer = cora.post(edit(cast.placement), {"project": tide.ref, "starts": first, "ends": last}, follow=True)
    assert answer.redirect_chain == [(one(cast.placement), 302)]
    assert said(answer) == ["The changes are saved."]
    assert "Cora changed project, first day, last day." in page(answer)
    cast.placement.refresh_from_db()
    assert (cast.placement.project, cast.placement.starts, cast.placement.ends) == (tide, first, last)


def test_emptied_days_are_the_cycles_again_and_nothing_different_is_said(cora, cast):
    actions.edit_placement(placement=cast.placement, facts={"ends": cast.starts}, by=cast.cora)
    assert typed(cora.get(edit(cast.placement)), "ends") == cast.starts.isoformat()
    for sentence in ("The changes are saved.", "Nothing was different."):
        answer = cora.post(edit(cast.placement), {"project": cast.project.ref}, follow=True)
        assert said(answer) == [sentence]
    cast.placement.refresh_from_db()
    assert (cast.placement.starts, cast.placement.ends, cast.placement.last_day) == (None, None, cast.ends)


def test_what_a_list_recorded_is_corrected_and_stays_recorded(cora, cast):
    Placement.objects.filter(pk=cast.placement.pk).update(state=PlacementState.RECORDED)
    assert "If the list is imported again, what stands there counts" in page(cora.get(edit(cast.placement)))
    cora.post(edit(cast.placement), {"starts": "2019-02-01", "ends": "2019-06-30"})
    cast.placement.refresh_from_db()
    assert (cast.placement.state, cast.placement.starts.year, cast.placement.project) == ("recorded", 2019, None)


def test_the_projects_are_the_hosts_and_those_of_nobody_in_particular(cora, cast, harbour):
    actions.add_project(programme=cast.programme, title="Anybody's", by=cast.cora)
    actions.edit_project(project=cast.project, facts={"status": "finished"}, by=cast.cora)
    foreign = partnerships.open_programme(name="Foreign", coordinator=cast.cora.person, by=HOUSE)
    theirs = actions.add_project(programme=foreign, title="Theirs", by=cast.cora)
    assert options(cora.get(edit(cast.placement)), "project") == ["Anybody's", "Permits without a queue"]
    for project in (harbour.project, theirs):
        answer = cora.post(edit(cast.placement), {"project": project.ref})
        assert (answer.status_code, problems(answer)) == (422, ["Project: Choose one of the list."])


def test_fellow_host_and_state_are_not_taken_from_a_post(cora, cast, harbour):
    cora.post(edit(cast.placement), {"host": harbour.host.ref, "fellow": harbour.fellow.ref, "state": "active", "id": 7})
    cast.placement.refresh_from_db()
    assert (cast.placement.host, cast.placement.fellow, cast.placement.state) == (cast.host, cast.fellow, "planned")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"project": "2222222222"}, "Project: Choose one of the list."),
        ({"starts": "2030-02-01", "ends": "2030-01-31"}, "Last day: The last day cannot lie before the first, 1 February 2030."),
        ({"starts": "0001-01-01"}, "First day: Write a day from 1 January 1990 to 31 December 2100."),
        ({"starts": "soon"}, "First day: Write a day as year, month and day, such as 2027-01-31."),
        ({"starts": "2099-01-01"}, "Last day: Write a last day: the cycle ends before the first day of this placement."),
        ({"ends": "1999-01-01"}, "First day: Write a first day: the cycle begins after the last day of this placement."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cora, cast, change, sentence):
    answer = cora.post(edit(cast.placement), {"project": cast.project.ref} | change)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    for name, value in change.items():
        assert typed(answer, name) == ("" if name == "project" else value)
    cast.placement.refresh_from_db()
    assert (cast.placement.starts, cast.placement.project) == (None, cast.project)


def test_nobody_is_placed_twice_for_the_same_project_at_the_same_host(cora, cast):
    other = actions.add_project(programme=cast.programme, title="Second", by=cast.cora)
    second = actions.add_placement(fellow=cast.fellow, host=cast.host, project=other, by=cast.cora)
    for project in (cast.project, None):
        if project is None:
            actions.edit_placement(placement=cast.placement, facts={"project": None}, by=cast.cora)
        answer = cora.post(edit(second), {"project": project.ref if project else ""})
        assert problems(answer) == ["Project: Felix is placed at Agency for this project already."]
    second.refresh_from_db()
    assert second.project == other


# ------------------------------------------------------------------------------------------------- what the agreement says


def test_a_draft_that_is_behind_is_said_and_brought_up_to_the_records(cora, cast, agreement_draft):
    assert told(cora.get(one(cast.placement))) == []
    answer = cora.post(edit(cast.placement), {"project": cast.project.ref, "ends": cast.starts + timedelta(days=60)}, follow=True)
    behind = f"The draft {agreement_draft.ref} has this placement as it was on record before."
    assert told(answer) == [behind, "Bring the draft up to the records"]
    cora.post(soup(answer).select_one("main .notice:not([role]) a")["href"])
    agreement_draft.refresh_from_db()
    assert [unit["ends"] for unit in agreement_draft.units] == [(cast.starts + timedelta(days=60)).isoformat()]
    assert told(cora.get(one(cast.placement))) == []


def test_a_placement_made_after_the_draft_is_not_in_it_yet(cora, cast, agreement_draft):
    ada = actions.invite_fellow(cycle=cast.cycle, name="Ada", by=cast.cora)
    late = actions.add_placement(fellow=ada, host=cast.host, by=cast.cora)
    assert told(cora.get(one(late)))[0] == f"The draft {agreement_draft.ref} does not name this placement yet."
    actions.refresh_host_agreement(host=cast.host, by=cast.cora)
    assert told(cora.get(one(late))) == []


def test_what_is_out_has_to_be_taken_back(cora, cast, agreement):
    cora.post(edit(cast.placement), {"starts": cast.starts + timedelta(days=1)})
    says = f"Felix, Permits without a queue, {long(cast.starts)} to {long(cast.ends)}"
    assert told(cora.get(one(cast.placement))) == [
        f"Agreement {agreement.ref} is out and says: {says}. Take it back to change that."
    ]
    mou.recall_agreement(agreement=agreement, reason="A day was wrong.", by=cast.cora)
    actions.refresh_host_agreement(host=cast.host, by=cast.cora)
    assert told(cora.get(one(cast.placement))) == []


def test_an_agreement_in_force_that_no_longer_covers_the_days_is_said(cora, cast, agreement_in_force):
    assert next_of(cora.get(one(cast.placement)))[0] == "The placement can start"
    last = cast.ends + timedelta(days=10)
    answer = cora.post(edit(cast.placement), {"project": cast.project.ref, "ends": last}, follow=True)
    covers = f"Agreement {agreement_in_force.ref} covers {long(cast.starts)} to {long(cast.ends)}; "
    assert told(answer) == []  # it is said once
    assert next_of(answer) == [
        "The placement cannot start yet",
        f"{covers}the placement runs from {long(cast.starts)} to {long(last)}.",
    ]


def test_what_was_signed_stays_and_the_page_says_that_the_record_is_another(cora, cast, agreement_in_force):
    cora.post(edit(cast.placement), {"project": cast.project.ref, "ends": cast.ends - timedelta(days=10)})
    answer = cora.get(one(cast.placement))
    assert next_of(answer)[0] == "The placement can start"
    says = f"Felix, Permits without a queue, {long(cast.starts)} to {long(cast.ends)}"
    assert told(answer) == [
        f"Agreement {agreement_in_force.ref} was signed with: {says}. What was signed stays, and so do its duties."
    ]
    ada = actions.invite_fellow(cycle=cast.cycle, name="Ada", by=cast.cora)
    late = actions.add_placement(fellow=ada, host=cast.host, by=cast.cora)
    assert told(cora.get(one(late))) == [
        f"Agreement {agreement_in_force.ref} was signed before this placement was made, and does not name it."
    ]


def test_only_who_runs_it_reads_what_the_agreement_says_otherwise(client, cast, agreement):
    actions.edit_placement(placement=cast.placement, facts={"starts": cast.starts + timedelta(days=1)}, by=cast.cora)
    for who in (cast.stella, cast.felix, cast.audrey, cast.nora):
        client.force_login(who)
        assert told(client.get(one(cast.placement))) == []


# ------------------------------------------------------------------------------------------------- active, over, not theirs


@pytest.fixture
def active(cast, agreement_in_force) -> Placement:
    actions.start_placement(placement=cast.placement, by=cast.cora)
    return Placement.objects.get()


def test_what_is_active_moves_within_its_agreement_and_not_out_of_it(cora, cast, active):
    shown = cora.get(edit(active))
    assert "Its days stay within the agreement that it began under" in page(shown)
    days = {"starts": cast.starts, "ends": cast.ends}
    outside = (
        f"The placement is active under agreement {active.agreement.ref}, which covers {long(cast.starts)} to {long(cast.ends)}. "
        "It stays within these days."
    )
    for change, sentence in [
        ({"ends": cast.ends + timedelta(days=1)}, f"Last day: {outside}"),
        ({"starts": cast.starts - timedelta(days=1)}, f"First day: {outside}"),
        ({"ends": ""}, "Last day: Fill this in."),
    ]:
        answer = cora.post(edit(active), {"project": cast.project.ref} | days | change)
        assert (answer.status_code, problems(answer)) == (422, [sentence])
    shorter = {"project": cast.project.ref} | days | {"ends": cast.ends - timedelta(days=1)}
    assert said(cora.post(edit(active), shorter, follow=True)) == ["The changes are saved."]
    active.refresh_from_db()
    assert (active.state, active.ends) == ("active", cast.ends - timedelta(days=1))


def test_what_is_active_under_an_agreement_that_has_ended_stays_as_it_is(cora, cast, active):
    mou.expire_agreement(agreement=active.agreement, today=cast.ends + timedelta(days=1), by=cast.cora)
    sentence = f"The placement is active under agreement {active.agreement.ref}, which is ended: its days stay as they are."
    for ask in (cora.get, cora.post):
        answer = ask(edit(active))
        assert (answer.status_code, reason(answer)) == (403, sentence)
    assert "Change" not in buttons(cora.get(one(active)))


def test_what_is_over_stays(cora, cast):
    actions.withdraw_placement(placement=cast.placement, ended_on=cast.today, reason="No room.", by=cast.cora)
    for ask in (cora.get, cora.post):
        answer = ask(edit(cast.placement))
        assert (answer.status_code, reason(answer)) == (403, "The placement is over. What is on record of it stays.")
    assert "Change" not in buttons(cora.get(one(cast.placement)))


def test_who_may_see_it_and_not_run_it_reads_why_and_others_find_nothing(client, cast, harbour):
    for who in (cast.stella, cast.audrey, cast.felix, cast.nora):
        client.force_login(who)
        for ask in (client.get, client.post):
            answer = ask(edit(cast.placement))
            assert (answer.status_code, reason(answer)) == (403, "Only a coordinator of the programme may do that.")
    for who in (harbour.hugo, cast.otto, cast.rita, cast.sofia):
        client.force_login(who)
        for ask in (client.get, client.post):
            assert ask(edit(cast.placement)).status_code == 404
    cast.placement.refresh_from_db()
    assert cast.placement.project == cast.project


def test_the_demo_itself_is_in_step(cora, cast):
    """What is drafted, filled, sent and signed from the records says the same as the records."""
    made = demo.agreement_out(cast.host, by=cast.cora)
    assert told(cora.get(one(cast.placement))) == []
    mou_demo.sign(made, [cast.sofia, cast.nora])
    assert told(cora.get(one(cast.placement))) == []
