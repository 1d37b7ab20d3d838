"""The organisation that signs for a programme is one of its two partners: its people read the whole of it, change nothing,
and read nothing of a programme that another organisation signs for."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from accounts.roles import MEMBER_ROLES
from core.access import HOUSE, visible
from core.inbox import waiting_for
from fellowships import actions, demo
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.conftest import sign_in_for
from tests.reading import buttons, names, next_of, page, reason, rows, table_of

ALL = (Cycle, Host, Fellow, Placement, Project)


@pytest.fixture
def beside(cast) -> SimpleNamespace:
    """A programme that Elsewhere signs for, with its own host and fellow; Otto is Elsewhere's signatory."""
    programme = partnerships.open_programme(name="Other", organisation=cast.elsewhere, coordinator=cast.rita.person, by=HOUSE)
    board = partnerships.add_organisation(name="Quay Board", by=HOUSE)
    days = {"starts": cast.starts, "ends": cast.ends, "by": cast.rita}
    return SimpleNamespace(
        programme=programme, **vars(demo.planned(programme, board, sign_in_for("wanda").person, name="Theirs", **days))
    )


def seen(user) -> dict[str, set[str]]:
    return {model.__name__: {str(row) for row in visible(model, user)} for model in ALL}


NOTHING: dict[str, set[str]] = {model.__name__: set() for model in ALL}
EVERYTHING = {
    "Cycle": {"First cycle"},
    "Host": {"Agency", "Harbour Board"},
    "Fellow": {"Felix", "Hana", "Ines"},
    "Placement": {"Felix · Agency", "Hana · Harbour"},
    "Project": {"Permits without a queue", "Tide tables"},
}


@pytest.mark.parametrize(("role", "reads"), [(role, role != "official") for role in MEMBER_ROLES])
def test_who_may_read_its_agreements_reads_the_programme_and_an_official_does_not(cast, harbour, beside, role, reads):
    user = sign_in_for("nils")
    assert seen(user) == NOTHING
    member = partnerships.add_member(organisation=cast.ngo, person=user.person, role=role, by=cast.cora)
    assert seen(user) == (EVERYTHING if reads else NOTHING)
    partnerships.end_membership(membership=member, by=cast.cora)
    assert seen(user) == NOTHING


def test_each_signing_organisation_reads_its_own_programme_alone(client, cast, harbour, beside):
    assert (seen(cast.nora), seen(cast.otto)["Cycle"]) == (EVERYTHING, {"Theirs"})
    mine = [
        f"/desk/cycles/{cast.cycle.ref}/",
        f"/desk/cycles/{cast.cycle.ref}/fellows/",
        f"/desk/fellows/{harbour.fellow.ref}/",
        f"/desk/placements/{harbour.placement.ref}/",
    ]
    theirs = [
        f"/desk/cycles/{beside.cycle.ref}/",
        f"/desk/cycles/{beside.cycle.ref}/fellows/",
        f"/desk/fellows/{beside.fellow.ref}/",
        f"/desk/placements/{beside.placement.ref}/",
    ]
    for who, opened, closed in [(cast.nora, mine, theirs), (cast.otto, theirs, mine)]:
        client.force_login(who)
        assert [client.get(url).status_code for url in opened] == [200] * 4
        assert [client.get(url).status_code for url in closed] == [404] * 4
        assert [client.post(url + "edit/").status_code for url in closed] == [404] * 4


def test_when_another_organisation_signs_from_now_on_the_first_reads_nothing_more(client, cast, harbour):
    client.force_login(cast.nora)
    assert client.get(f"/desk/cycles/{cast.cycle.ref}/").status_code == 200
    partnerships.edit_programme(programme=cast.programme, organisation=cast.elsewhere, calendar="", time_zone="UTC", by=cast.cora)
    assert client.get(f"/desk/cycles/{cast.cycle.ref}/").status_code == 404
    assert (seen(cast.nora)["Placement"], seen(cast.otto)["Placement"]) == (set(), EVERYTHING["Placement"])


def test_the_cycle_shows_everybody_with_figures_and_no_button(client, cast, harbour):
    client.force_login(cast.nora)
    answer = client.get(f"/desk/cycles/{cast.cycle.ref}/")
    assert [row[:2] for row in rows(answer)] == [["Agency", "1"], ["Harbour Board", "1"]]
    assert (buttons(answer), next_of(answer)) == ([], [])
    text = page(answer)
    for shown in ("Felix", "Hana", "Ines", "Tide tables", "The cohort", "Cora added Harbour Board as a host."):
        assert shown in text
    assert names(client.get(f"/desk/cycles/{cast.cycle.ref}/fellows/")) == ["Felix", "Hana", "Ines"]
    assert [line[1] for line in table_of(client.get("/desk/placements/?format=csv"))[1:]] == ["Felix", "Hana"]


def test_a_name_leads_only_where_the_reader_may_go(client, cast, harbour):
    """The register is not theirs: the hosts are named, and lead nowhere."""
    client.force_login(cast.nora)
    assert names(client.get(f"/desk/cycles/{cast.cycle.ref}/")) == []
    client.force_login(cast.stella)
    assert names(client.get(f"/desk/cycles/{cast.cycle.ref}/")) == ["Agency"]


def test_a_draft_stays_with_the_programme_until_it_is_sent(client, cast, agreement_draft):
    client.force_login(cast.nora)
    addresses = [
        f"/desk/cycles/{cast.cycle.ref}/",
        f"/desk/placements/{cast.placement.ref}/",
        f"/desk/fellows/{cast.fellow.ref}/",
    ]
    for url in addresses:
        assert agreement_draft.ref not in client.get(url).content.decode()
    assert rows(client.get(addresses[0])) == [["Agency", "1", "–", "Not in force", "–"]]
    client.force_login(cast.audrey)
    assert f"Cora drafted agreement {agreement_draft.ref} for Agency." in page(client.get(addresses[0]))


def test_what_is_out_is_theirs_to_read_and_its_placement_says_who_has_not_signed(client, cast, agreement):
    client.force_login(cast.nora)
    assert rows(client.get(f"/desk/cycles/{cast.cycle.ref}/"))[0][2] == agreement.ref
    missing = f"Agreement {agreement.ref} is not signed yet. Missing: Nora for NGO; Sofia for Agency."
    assert next_of(client.get(f"/desk/placements/{cast.placement.ref}/")) == ["The placement cannot start yet", missing]


def test_reading_is_all_they_may(client, cast, harbour):
    client.force_login(cast.nora)
    only = "Only a coordinator of the programme may do that."
    places = [f"cycles/{cast.cycle.ref}/{path}/" for path in ("edit", "publish", "fellows/new", "hosts/new")]
    places += [f"hosts/{cast.host.ref}/agreement/"]
    places += [f"fellows/{cast.fellow.ref}/{path}/" for path in ("place", "withdraw", "replace")]
    places += [f"placements/{cast.placement.ref}/{path}/" for path in ("plan", "start", "withdraw")]
    for place in places:
        answer = client.post(f"/desk/{place}")
        assert (answer.status_code, reason(answer)) == (403, only), place
    with pytest.raises(PermissionDenied, match=only):
        actions.edit_placement(placement=cast.placement, facts={"ends": cast.starts}, by=cast.nora)
    with pytest.raises(PermissionDenied, match="You do not coordinate this programme"):
        actions.edit_project(project=cast.project, facts={"title": "Mine"}, by=cast.nora)
    assert [item for item in waiting_for(cast.nora) if item.url.startswith(("/desk/cycles/", "/desk/placements/"))] == []


def test_an_ended_role_closes_the_pages_in_an_open_session(client, cast):
    client.force_login(cast.nora)
    url = f"/desk/placements/{cast.placement.ref}/"
    assert client.get(url).status_code == 200
    for member in Membership.objects.filter(person=cast.nora.person):
        partnerships.end_membership(membership=member, by=cast.cora)
    assert client.get(url).status_code == 404
