"""One log of every change: each person reads what is theirs, finds it by the address, and sees what was before and after."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from core import audit, log
from core.access import HOUSE
from core.models import Event
from fellowships import actions as fellowships
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from tests.conftest import sign_in_for

LOG = "/desk/log/"


def lines(client, user, **asked) -> list[list[str]]:
    """What somebody is shown, as the file has it: number, when, who, what, kind, number of the record, before and after."""
    client.force_login(user)
    answer = client.get(f"{LOG}?{urlencode(asked | {'format': 'csv'})}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def subjects(client, user, **asked) -> set[str]:
    return {row[5] for row in lines(client, user, **asked)}


def page(client, user, **asked) -> str:
    client.force_login(user)
    return re.sub(r"\s+", " ", client.get(f"{LOG}?{urlencode(asked)}").content.decode())


@pytest.fixture
def other(cast):
    """Fiona's programme with a cycle, which is nobody else's business."""
    cast.fiona = sign_in_for("fiona")
    cast.foreign = partnerships.open_programme(
        name="Foreign", organisation=cast.elsewhere, coordinator=cast.fiona.person, by=HOUSE
    )
    cast.theirs = fellowships.open_cycle(programme=cast.foreign, name="Foreignmarker", by=cast.fiona)
    fellowships.edit_cycle(cycle=cast.theirs, facts={"name": "Foreignmarker two"}, by=cast.fiona)
    return cast


def of_the_programme(cast, agreement) -> set[str]:
    return {each.ref for each in (cast.programme, cast.cycle, cast.project, cast.placement, cast.agency, cast.ngo, agreement)}


# ------------------------------------------------------------------------------------------------- who reads what


def test_who_coordinates_or_audits_reads_what_is_about_the_records_of_their_programme_and_nothing_else(client, other, agreement):
    c = other
    for user in (c.cora, c.audrey):
        found = subjects(client, user)
        assert of_the_programme(c, agreement) <= found
        assert found & {c.foreign.ref, c.theirs.ref, c.otto.person.ref, c.felix.person.ref} == set()
        assert "Foreignmarker" not in page(client, user)
    assert of_the_programme(c, agreement) & subjects(client, c.fiona) == {c.agency.ref, c.ngo.ref}  # the register is everybody's
    assert {c.foreign.ref, c.theirs.ref} <= subjects(client, c.fiona)


def test_what_somebody_sees_by_another_role_is_not_in_their_log(client, other, agreement):
    """Fiona coordinates elsewhere and is a reviewer at the agency: she opens its agreement, but what went on in the draft
    before it was sent is the business of Cora's programme."""
    partnerships.add_member(organisation=other.agency, person=other.fiona.person, role="reviewer", by=HOUSE)
    client.force_login(other.fiona)
    assert client.get(f"/desk/agreements/{agreement.ref}/").status_code == 200
    assert agreement.ref not in subjects(client, other.fiona)


def test_who_has_no_such_role_is_refused_with_the_reason(client, cast):
    for user in (cast.nora, cast.sofia, cast.felix, cast.edna, cast.rooth):
        client.force_login(user)
        answer = client.get(LOG)
        assert answer.status_code == 403
        assert "The log is read by those who coordinate or audit a programme" in answer.content.decode()


def test_no_model_gives_an_event_to_who_does_not_hold_the_log(cast, agreement_in_force):
    """Each model is asked with the permission of the log: one that did not ask it would show here."""
    for user in (cast.nora, cast.sofia, cast.stella, cast.amir, cast.felix, cast.carol, cast.otto, cast.edna, cast.rooth):
        assert [event.subject for event in log.readable(user)] == [], user


def test_a_role_that_ended_reads_nothing_more(client, cast):
    assert lines(client, cast.audrey) != []
    role = cast.programme.programmerole_set.get(role="auditor")
    partnerships.end_programme_role(role=role, by=HOUSE)
    client.force_login(cast.audrey)
    assert client.get(LOG).status_code == 403


@pytest.mark.postgres
def test_an_administrator_reads_that_everything_happened_and_the_facts_only_of_what_they_may_open(client, cast, ada):
    fellowships.edit_cycle(cycle=cast.cycle, facts={"name": "Cyclemarker"}, by=cast.cora)
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Saltmere"}, by=cast.cora)
    found = lines(client, ada)
    assert len(found) == Event.objects.count()
    (agency,) = [row for row in found if row[5] == cast.agency.ref and row[3] == "Cora changed city."]
    (cycle,) = [row for row in found if row[5] == cast.cycle.ref and row[3] == "Cora changed …."]
    assert (agency[6], cycle[6]) == ("City: “” to “Saltmere”", "")
    shown = page(client, ada)
    assert f'href="/desk/organisations/{cast.agency.ref}/"' in shown
    assert (cast.cycle.ref in shown, f"/desk/cycles/{cast.cycle.ref}/" in shown, "Cyclemarker" in shown) == (True, False, False)


def test_who_administers_and_advises_on_an_agreement_reads_in_the_log_no_more_of_it(client, ada, agreement, cast):
    """As another_role above: outside counsel read the agreement, and not what was before and after in it."""
    mou.share_agreement(agreement=agreement, user=ada, by=cast.cora)
    client.force_login(ada)
    assert client.get(f"/desk/agreements/{agreement.ref}/").status_code == 200
    found = [row for row in lines(client, ada) if row[5] == agreement.ref]
    assert found and {row[6] for row in found} == {""}
    assert any("…" in row[3] for row in found) and not any("Ada" in row[3] for row in found)


def test_a_search_does_not_give_away_what_may_not_be_read(client, cast, ada):
    fellowships.edit_cycle(cycle=cast.cycle, facts={"name": "Cyclemarker"}, by=cast.cora)
    assert lines(client, ada, words="Cyclemarker") == []
    assert [row[5] for row in lines(client, cast.cora, words="cyclemarker")] == [cast.cycle.ref]


# ------------------------------------------------------------------------------------------------- what a line says


def test_a_line_is_the_sentence_with_a_way_to_the_record_and_what_was_before_and_after(client, cast):
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Saltmere"}, by=cast.cora)
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Łódź"}, by=cast.cora)
    shown = page(client, cast.cora)
    assert 'Cora changed city. <span class="table__sub"> City: “Saltmere” before, “Łódź” now </span>' in shown
    assert "City: “Saltmere”, nothing before" in shown
    assert (
        f'<a href="/desk/organisations/{cast.agency.ref}/">Organisation <span class="ref">{cast.agency.ref}</span></a>' in shown
    )
    assert shown.index("“Łódź” now") < shown.index("nothing before")


def test_every_way_from_the_log_opens(client, cast, agreement_in_force):
    for user in (cast.cora, cast.audrey):
        ways = set(re.findall(r'<th scope="row">.*?href="(/desk/[^"]+)"', page(client, user)))
        assert len(ways) > 3
        assert [way for way in ways if client.get(way).status_code != 200] == []


def test_who_has_a_log_finds_it_beside_the_programmes(client, cast):
    for user, there in ((cast.cora, True), (cast.audrey, True), (cast.nora, False)):
        client.force_login(user)
        assert (f'href="{LOG}"' in client.get("/desk/programmes/").content.decode()) is there


# ------------------------------------------------------------------------------------------------- filters


@pytest.mark.postgres
def test_it_is_narrowed_by_who_kind_record_change_and_words(client, cast, agreement):
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Łódź"}, by=cast.cora)
    everything = lines(client, cast.cora)
    assert {row[2] for row in everything} == {"Cora", "The system"}
    for asked, test in [
        ({"who": "cor"}, lambda row: row[2] == "Cora"),
        ({"who": "system"}, lambda row: row[2] == "The system"),
        ({"who": "Otto"}, lambda row: False),
        ({"kind": "mou.agreement"}, lambda row: row[4] == "Agreement"),
        ({"record": agreement.ref.lower()}, lambda row: row[5] == agreement.ref),
        ({"verb": "organisation.edited"}, lambda row: row[3] == "Cora changed city."),
        ({"words": "Łódź"}, lambda row: row[3] == "Cora changed city."),
        ({"who": "Cora", "kind": "partnerships.organisation"}, lambda row: row[3] == "Cora changed city."),
    ]:
        assert lines(client, cast.cora, **asked) == [row for row in everything if test(row)], asked


def test_the_kinds_of_change_stand_under_what_they_happen_to(client, cast):
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page(client, cast.cora))
    told = {label: re.findall(r"<option[^>]*>([^<]+)</option>", options) for label, options in groups}
    assert {"Agreement", "Cycle", "Organisation"} <= told.keys()
    assert "… changed …." in told["Organisation"] and "… changed …." in told["Cycle"]
    assert sum(len(options) for options in told.values()) == len(audit.sentences())


def test_it_is_narrowed_by_days(client, cast):
    whole = len(lines(client, cast.cora))
    today, tomorrow, yesterday = cast.today, cast.today + timedelta(days=1), cast.today - timedelta(days=1)
    assert [len(lines(client, cast.cora, since=day)) for day in (yesterday, today, tomorrow)] == [whole, whole, 0]
    assert [len(lines(client, cast.cora, until=day)) for day in (yesterday, today, tomorrow)] == [0, whole, whole]


@pytest.mark.parametrize("asked", [{"since": "yesterday"}, {"kind": "accounts.user"}, {"verb": "x"}, {"words": "a" * 101}])
def test_an_address_that_cannot_be_understood_shows_nothing_and_says_why(client, cast, asked):
    shown = page(client, cast.cora, **asked)
    assert "<title> Error:" in shown or "<title>Error:" in shown
    assert "0 changes" in shown


def test_where_nothing_fits_a_way_back_is_shown(client, cast):
    assert "Show the whole log" in page(client, cast.cora, words="nothing-has-this")


def test_it_has_pages_and_the_file_has_them_all(client, cast, agreements):
    agreements(11)
    whole = lines(client, cast.cora)
    assert len(whole) > 50
    numbers = [re.findall(r"<time datetime", page(client, cast.cora, page=n)) for n in (1, 2)]
    assert (len(numbers[0]), len(numbers[1])) == (50, min(50, len(whole) - 50))


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_however_much_there_is(client, cast, django_assert_num_queries, count):
    for n in range(count):
        agreement = mou_demo.agreement_draft(
            cast.programme, cast.ngo, cast.agency, title=str(n), starts=cast.starts, ends=cast.ends, by=cast.cora
        )
        mou.share_agreement(agreement=agreement, user=cast.carol, by=cast.cora)
    client.force_login(cast.cora)
    with django_assert_num_queries(13):
        client.get(LOG)
