"""Handovers at the desk: the list, the plan, its sections, and what waits for whom. Nothing here needs JavaScript."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import HOUSE
from core.inbox import waiting_for
from core.models import Message
from fellowships import actions, demo
from fellowships.models import Handover, Placement, Section
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.conftest import sign_in_for
from tests.reading import buttons, names, next_of, page, problems, reason, said, soup, table_of, title, typed, words

pytestmark = pytest.mark.slow

LIST = "/desk/handovers/"


def plan(handover: Handover, path: str = "") -> str:
    return f"{LIST}{handover.ref}/{path}"


def at(handover: Handover, number: int, path: str = "") -> str:
    return f"/desk/sections/{Section.objects.get(handover=handover, number=number).ref}/{path}"


def shown(client, url: str) -> str:
    """The fingerprint that the form carries."""
    return str(soup(client.get(url)).select_one("main form [name=shown]")["value"])


@pytest.fixture
def more(cast, handover):
    """Make so many more handovers at the agency, each half accepted."""

    def make(count: int) -> None:
        for number in range(count):
            fellow = actions.add_fellow(cycle=cast.cycle, person=sign_in_for(f"more{number}").person, by=cast.cora)
            placement = actions.add_placement(fellow=fellow, host=cast.host, by=cast.cora)
            actions.start_placement(placement=placement, by=cast.cora)
            demo.handed_over(placement, [cast.stella], fellow=cast.cora, by=cast.cora, but=[1, 9])

    return make


# ------------------------------------------------------------------------------------------------- who sees what


def test_each_sees_the_handovers_of_their_part_and_a_receiver_those_of_which_they_receive_a_section(client, cast, handover):
    everyone = (
        cast.cora,
        cast.audrey,
        cast.felix,
        cast.stella,
        cast.nora,
        cast.sofia,
        cast.amir,
        cast.otto,
        cast.rita,
        cast.rooth,
    )

    def seen() -> dict[str, list[str]]:
        found = {}
        for who in everyone:
            client.force_login(who)
            found[str(who)] = names(client.get(LIST))
            opens = client.get(plan(handover)).status_code == client.get(at(handover, 1)).status_code == 200
            assert opens == bool(found[str(who)])
            assert [line[1] for line in table_of(client.get(LIST + "?format=csv"))[1:]] == found[str(who)]
        return found

    see = {"Cora", "Audrey", "Felix", "Stella", "Nora"}
    assert {who for who, rows in seen().items() if rows} == see
    actions.assign_section(section=Section.objects.get(number=9), receiver=cast.amir.person, by=cast.cora)
    assert {who for who, rows in seen().items() if rows} == see | {"Amir"}
    for row in Membership.objects.live().filter(person=cast.amir.person):
        partnerships.end_membership(membership=row, by=HOUSE)
    assert {who for who, rows in seen().items() if rows} == see


def test_people_of_another_host_find_nothing(client, cast, handover, harbour):
    client.force_login(harbour.hugo)
    assert "No handover is yours to see" in page(client.get(LIST))
    for path in ("", "assign/", "offer/"):
        assert client.get(plan(handover, path)).status_code == 404
    for path in ("", "edit/", "assign/", "accept/", "send-back/", "waive/"):
        assert client.get(at(handover, 1, path)).status_code == client.post(at(handover, 1, path)).status_code == 404
    client.force_login(cast.stella)
    answer = client.post(at(handover, 1, "assign/"), {"receiver": harbour.hugo.person.ref})
    assert (answer.status_code, problems(answer)) == (422, ["Receiver: Choose one of the list."])


def test_a_restricted_section_stands_in_the_plan_and_is_read_by_few(client, cast, handover):
    found = Section.objects.get(number=13)
    actions.edit_section(section=found, answers={"doubts": "The registrar."}, shown=found.sha256(), by=cast.felix)
    for who, reads in ((cast.felix, True), (cast.cora, True), (cast.audrey, False), (cast.stella, False)):
        client.force_login(who)
        text = client.get(at(handover, 13)).content.decode()
        assert ("The registrar." in text) is reads
        assert ("Only who writes this section" in text) is not reads
        everything = client.get(plan(handover)).content + client.get(plan(handover) + "?format=csv").content
        assert b"The registrar." not in everything


# ------------------------------------------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Felix", "Ines"]),
        ("?standing=in_part", ["Felix"]),
        ("?standing=draft", ["Ines"]),
        ("?standing=late", []),
        ("?standing=accepted", []),
        ("?words=agency", ["Felix"]),
        ("?words=stella", ["Felix"]),
        ("?words=zebra", []),
        ("?sort=-fellow", ["Ines", "Felix"]),
        ("?sort=-met", ["Felix", "Ines"]),
        ("?sort=placement__fellow__person__user", ["Felix", "Ines"]),
        ("?standing=zebra", []),
        ("?words=%00", []),
    ],
)
def test_filters_live_in_the_address_and_the_file_has_the_same_lines(cora, cast, handover, harbour, asked, found):
    _second(cast, harbour)
    demo.handed_over(cast.placement, [cast.stella], fellow=cast.felix, by=cast.cora, but=[9])
    assert names(cora.get(LIST + asked)) == found
    lines = table_of(cora.get(LIST + asked + "&format=csv" if asked else LIST + "?format=csv"))[1:]
    assert [line[1] for line in lines] == found


def _second(cast, harbour) -> None:
    later = actions.add_placement(
        fellow=harbour.unplaced, host=harbour.host, starts=cast.starts, ends=cast.ends + timedelta(days=90), by=cast.cora
    )
    actions.make_handover(placement=later, by=cast.cora)


def test_the_list_counts_by_standing_and_each_figure_leads_to_its_lines(cora, cast, handover, harbour):
    _second(cast, harbour)
    demo.handed_over(cast.placement, [cast.stella], fellow=cast.felix, by=cast.cora, but=[9, 17])
    with time_machine.travel(handover.due + timedelta(days=1), tick=False):
        cora.force_login(cast.cora)
        answer = cora.get(LIST)
        figures = {words(each.a): (words(each), each.a["href"]) for each in soup(answer).select(".figures li") if each.a}
        for word, count in {"Accepted": 0, "In part": 0, "Late": 1, "Draft": 1}.items():
            text, url = next(row for label, row in figures.items() if word in label)
            assert str(count) in text and len(names(cora.get(LIST + url))) == count
        assert "Stella (2)" in page(answer) and "12 of 14" in page(answer) and "%" not in page(answer)


@pytest.mark.parametrize("count", [0, 2])
def test_the_list_asks_as_often_for_three_lines_as_for_one(cora, cast, handover, more, count):
    more(count)
    cora.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        assert len(names(cora.get(LIST))) == count + 1
    assert len(asked) == LIST_QUERIES


LIST_QUERIES = 11
PLAN_QUERIES = 31


@pytest.mark.parametrize("receivers", ["stella", "stella sofia amir"])
def test_the_plan_asks_as_often_with_three_receivers_as_with_one(cora, cast, handover, receivers):
    people = [getattr(cast, name) for name in receivers.split()]
    demo.handed_over(cast.placement, people, fellow=cast.felix, by=cast.cora, but=[9])
    cora.get(plan(handover))
    with CaptureQueriesContext(connection) as asked:
        assert cora.get(plan(handover)).status_code == 200
    assert len(asked) == PLAN_QUERIES


# ------------------------------------------------------------------------------------------------- from start to end


def test_a_section_goes_from_the_fellow_to_its_receiver_and_back_and_is_accepted(client, cast, handover):
    client.force_login(cast.stella)
    answer = client.post(
        plan(handover, "assign/"), {"lead": cast.stella.person.ref, "product": cast.sofia.person.ref}, follow=True
    )
    assert said(answer) == ["9 sections have a new receiver."]

    client.force_login(cast.felix)
    assert next_of(client.get(plan(handover)))[0] == "You write 17 sections next"
    edit, questions = at(handover, 1, "edit/"), Section.objects.get(number=1).questions
    half = {"shown": shown(client, edit), "a_vision": "Nobody waits eleven days."}
    assert said(client.post(edit, half, follow=True)) == ["Saved as a draft. Answers that are still missing: 3."]
    assert typed(client.get(edit), "a_vision") == "Nobody waits eleven days."
    whole = {"shown": shown(client, edit)} | {f"a_{row['id']}": "Written down." for row in questions}
    answer = client.post(edit, whole, follow=True)
    assert said(answer) == ["Saved. It can be offered now."]
    assert next_of(answer)[0] == "It is ready to offer"
    assert said(client.post(at(handover, 1, "offer/"), follow=True)) == ["Offered. Sofia gets a mail."]

    client.force_login(cast.sofia)
    assert next_of(client.get(plan(handover)))[0] == "1 section waits for you"
    answer = client.post(at(handover, 1, "send-back/"), {"reason": ""})
    assert (answer.status_code, title(answer)[:6], problems(answer)) == (422, "Error:", ["What is missing: Fill this in."])
    client.post(at(handover, 1, "send-back/"), {"reason": "Say who uses it."})
    client.force_login(cast.felix)
    assert next_of(client.get(at(handover, 1))) == ["It was sent back: Sofia says what is missing", "Say who uses it."]
    whole["shown"] = shown(client, edit)
    client.post(edit, whole | {"a_users": "People who want a permit."})
    offer = plan(handover, "offer/")
    answer = client.post(offer, {})
    assert (answer.status_code, problems(answer)) == (422, ["Sections to offer: Tick at least one section."])
    ready = Section.objects.get(number=1).ref
    assert said(client.post(offer, {"sections": [ready]}, follow=True)) == ["1 section is offered."]

    client.force_login(cast.sofia)
    accept = at(handover, 1, "accept/")
    assert "People who want a permit." in page(client.get(accept))
    assert client.post(accept, {"shown": "0" * 64}).status_code == 422
    answer = client.post(accept, {"shown": shown(client, accept)}, follow=True)
    assert said(answer) == ["You have accepted “1 Purpose and story”."]
    assert "1 of 14 required sections" in page(answer)


def test_what_is_written_before_anybody_is_named_waits_for_a_receiver_and_not_for_the_fellow(client, cast, handover):
    client.force_login(cast.felix)
    edit, questions = at(handover, 1, "edit/"), Section.objects.get(number=1).questions
    assert next_of(client.get(at(handover, 1)))[0] == "You write this next"
    whole = {"shown": shown(client, edit)} | {f"a_{row['id']}": "Written down." for row in questions}
    answer = client.post(edit, whole, follow=True)
    assert said(answer) == ["Saved. It can be offered as soon as somebody is named to receive it."]
    assert next_of(answer)[0] == "Somebody is to be named to receive it"
    client.force_login(cast.stella)
    client.post(plan(handover, "assign/"), {"product": cast.sofia.person.ref})
    client.force_login(cast.felix)
    assert next_of(client.get(at(handover, 1)))[0] == "It is ready to offer"


def test_two_who_write_at_once_lose_nothing(client, cast, handover):
    client.force_login(cast.felix)
    edit = at(handover, 1, "edit/")
    before = shown(client, edit)
    found = Section.objects.get(number=1)
    actions.edit_section(section=found, answers={"users": "Of Cora."}, shown=found.sha256(), by=cast.cora)
    answer = client.post(edit, {"shown": before, "a_vision": "Of Felix."})
    assert answer.status_code == 422 and typed(answer, "a_vision") == "Of Felix." and "Of Cora." in page(answer)
    assert problems(answer) == ["Somebody else has changed this section since you opened it."]
    again = {"shown": typed(answer, "shown"), "a_vision": "Of Felix.", "a_users": "Of Cora."}
    assert client.post(edit, again).status_code == 302
    assert Section.objects.get(number=1).answers == {"vision": "Of Felix.", "users": "Of Cora."}


def test_who_acts_is_offered_the_acts_and_who_does_not_is_told_why_at_the_address(client, cast, handover):
    found = {}
    for who in (cast.cora, cast.felix, cast.stella, cast.audrey):
        client.force_login(who)
        found[str(who)] = buttons(client.get(at(handover, 1)))
    assert found == {
        "Cora": ["Write it", "Name who receives", "Waive it", "Name who receives"],
        "Felix": ["Write it", "Write it"],
        "Stella": ["Name who receives", "Name who receives"],
        "Audrey": [],
    }
    client.force_login(cast.felix)
    answer = client.get(at(handover, 1, "waive/"))
    assert answer.status_code == 403
    assert reason(answer) == "Only a coordinator, or the lead or sponsor of the host, waives a required section."


def test_the_plan_says_that_a_new_receiver_is_needed_once_the_role_has_ended(client, cast, handover):
    actions.assign_handover(handover=handover, receivers={"product": cast.sofia.person}, by=cast.cora)
    for row in Membership.objects.live().filter(person=cast.sofia.person):
        partnerships.end_membership(membership=row, by=HOUSE)
    client.force_login(cast.stella)
    answer = client.get(plan(handover))
    assert next_of(answer)[:2] == ["A new receiver is needed", "Sofia has no role at Agency any more."]
    assert "has no role at the host any more" in page(answer)
    client.force_login(cast.sofia)
    assert client.get(plan(handover)).status_code == 404


def test_the_file_of_a_plan_has_a_line_for_each_section_as_on_the_screen(cora, cast, handover):
    actions.waive_section(section=Section.objects.get(number=9), reason="=No data.", by=cast.cora)
    lines = table_of(cora.get(plan(handover) + "?format=csv"))
    assert (len(lines), lines[0][:3]) == (18, ["No.", "Section", "Level"])
    waived = lines[9]
    assert (waived[1], waived[6], waived[10], waived[12]) == ("Data", "Waived", "Cora", "'=No data.")


def test_the_page_of_a_placement_says_how_its_handover_stands_and_what_stops_completion(client, cast, handover):
    demo.handed_over(cast.placement, [cast.stella], fellow=cast.felix, by=cast.cora, but=[9])
    place = f"/desk/placements/{cast.placement.ref}/"
    with time_machine.travel(cast.ends, tick=False):
        client.force_login(cast.cora)
        answer = client.get(place)
        missing = "1 required section of the handover is neither accepted nor waived: 9 Data (Stella)."
        assert next_of(answer)[0] == "The placement cannot be completed yet" and missing in page(answer)
        assert "13 of 14 required sections accepted or waived" in page(answer)
        actions.waive_section(section=Section.objects.get(number=9), reason="There are no data.", by=cast.cora)
        assert next_of(client.get(place))[0] == "The placement can be completed"
        confirm = client.get(place + "complete/")
        assert "Waived: 9 Data" in page(confirm) and "Cora: There are no data." in page(confirm)
        answer = client.post(place + "complete/", follow=True)
        assert said(answer) == ["The placement of Felix is completed."]
        assert next_of(client.get(plan(handover)))[0] == "Nobody acts: the placement is completed"


def test_a_planned_placement_offers_the_plan_to_its_coordinator(client, cast):
    place = f"/desk/placements/{cast.placement.ref}/"
    client.force_login(cast.felix)
    assert "Open the handover plan" not in page(client.get(place))
    client.force_login(cast.cora)
    assert "Open the handover plan" in buttons(client.get(place))
    assert said(client.post(place + "handover/", follow=True))[0].startswith("The handover plan is open.")
    assert client.get(place + "handover/").status_code == 403


def test_the_page_of_a_cycle_counts_its_handovers_and_leads_to_them(client, cast, handover):
    client.force_login(cast.cora)
    links = [
        each["href"] for each in soup(client.get(f"/desk/cycles/{cast.cycle.ref}/")).select(".sec:has(#handovers) .figures a")
    ]
    assert f"{LIST}?cycle={cast.cycle.ref}&standing=draft" in links
    for url in links:
        assert len(names(client.get(url))) == (1 if url.endswith("draft") else 0)
    client.force_login(cast.sofia)
    assert not soup(client.get(f"/desk/cycles/{cast.cycle.ref}/")).select("#handovers")


# ------------------------------------------------------------------------------------------------- what waits for whom


def lines(user) -> list[tuple[str, str]]:
    ours = ("/desk/handovers/", "/desk/sections/", "/desk/placements/")
    return [(item.sentence, item.act) for item in waiting_for(user) if item.url.startswith(ours)]


def test_what_waits_for_the_fellow_the_receiver_and_the_coordinator(cast, handover):
    assert lines(cast.felix) == lines(cast.stella) == lines(cast.cora) == []
    actions.assign_handover(handover=handover, receivers={"product": cast.stella.person}, by=cast.cora)
    due = Section.objects.get(number=3).due
    with time_machine.travel(due - timedelta(days=14), tick=False):
        assert lines(cast.felix) == [("Write 1 section of your handover", "Write")]
    with time_machine.travel(due - timedelta(days=15), tick=False):
        assert lines(cast.felix) == []
    demo.handover_written(handover, [cast.stella], fellow=cast.felix, by=cast.cora, but=[9])
    assert lines(cast.stella) == [("Accept 16 sections from Felix", "Read")]
    with time_machine.travel(handover.due + timedelta(days=1), tick=False):
        assert lines(cast.cora) == [("The handover of Felix at Agency is late", "Open")]
        assert lines(cast.felix) == [("Write 1 section of your handover", "Write")]
    demo.handover_accepted(Section.objects.filter(state="offered"), [cast.stella])
    actions.waive_section(section=Section.objects.get(number=9), reason="No data.", by=cast.cora)
    assert lines(cast.stella) == []
    with time_machine.travel(cast.ends, tick=False):
        assert lines(cast.cora) == [("Complete the placement of Felix at Agency", "Complete")]
        actions.complete_placement(placement=Placement.objects.get(), by=cast.cora)
        assert lines(cast.cora) == lines(cast.felix) == []


def test_what_was_sent_back_waits_for_the_fellow_however_far_its_day_is(cast, handover):
    demo.handover_written(handover, [cast.stella], fellow=cast.felix, by=cast.cora, but=range(2, 18))
    section = Section.objects.get(number=1)
    with time_machine.travel(section.due - timedelta(days=60), tick=False):
        assert [line.sentence for line in waiting_for(cast.felix)] == []
        actions.send_back_section(section=section, reason="Say who uses it.", by=cast.stella)
        assert [line.sentence for line in waiting_for(cast.felix)] == ["Write 1 section of your handover"]
        actions.offer_section(section=Section.objects.get(number=1), by=cast.felix)
        assert [line.sentence for line in waiting_for(cast.felix)] == []


def test_a_mail_leads_to_a_page_that_opens(client, cast, handover):
    demo.handover_written(handover, [cast.amir], fellow=cast.felix, by=cast.cora, but=range(2, 18))
    mail = Message.objects.get(to="amir@example.org", subject="To accept: 1 section from Felix")
    client.force_login(cast.amir)
    assert client.get(mail.link).status_code == 200


def test_a_second_placement_of_the_same_host_is_a_handover_of_its_own(cora, cast, handover, more):
    more(1)
    assert sorted(names(cora.get(LIST))) == ["Felix", "More0"]
    assert Handover.objects.standings() == {"draft": 1, "in_part": 1}
