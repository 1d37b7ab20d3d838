"""A share opens one record to one person for reading: cycles, placements, hackathons, agreements, all alike.

Max is a mentor, Jude a juror, Axel an auditor of one cycle, Carol counsel: each by a share, and nothing else. Fran keeps the
money of the programme, Nils leads and Nell works in the NGO that signs for it.
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from core import access, sharing
from core.access import HOUSE
from core.audit import history
from core.models import Event, Message
from fellowships import actions as fellowships
from fellowships.models import CycleShare, Handover, PlacementShare, Section
from mou import actions as mou
from mou.models import AgreementShare, Duty
from partnerships import actions as partnerships
from partnerships.models import HackathonShare
from tests.conftest import PASSWORD, sign_in_for
from tests.partnerships.events import closed
from tests.reading import buttons, page, problems, said, soup, title, words
from tests.threads import at_once

TABLES = (AgreementShare, CycleShare, HackathonShare, PlacementShare)
LISTS = {"agreement": "agreements", "cycle": "cycles", "placement": "placements", "hackathon": "hackathons"}
SHARES = {
    "agreement": mou.share_agreement,
    "cycle": fellowships.share_cycle,
    "placement": fellowships.share_placement,
    "hackathon": partnerships.share_hackathon,
}


@pytest.fixture
def world(cast: SimpleNamespace, agreement_in_force: Any) -> SimpleNamespace:
    """Each kind of record, shared with one of them; a placement with its handover, a hackathon with outputs, and a second cycle,
    placement and hackathon that are shared with nobody."""
    c = cast
    for name in ("max", "jude", "axel", "fran", "nils", "nell"):
        setattr(c, name, sign_in_for(name))
    partnerships.give_programme_role(programme=c.programme, person=c.fran.person, role="finance", by=HOUSE)
    for user, role in ((c.nils, "ngo_lead"), (c.nell, "ngo_member")):
        partnerships.add_member(organisation=c.ngo, person=user.person, role=role, by=HOUSE)
    c.agreement = agreement_in_force
    fellowships.start_placement(placement=c.placement, by=c.cora)
    c.handover = Handover.objects.get(placement=c.placement)
    c.hackathon = closed(c)
    c.other_cycle = fellowships.open_cycle(programme=c.programme, name="Another", by=c.cora)
    c.other_hackathon = closed(c, title="Another")
    board = partnerships.add_organisation(name="Board", by=HOUSE)
    c.other_host = fellowships.add_host(cycle=c.cycle, organisation=board, by=c.cora)
    c.una = sign_in_for("una")
    c.other_fellow = fellowships.add_fellow(cycle=c.cycle, person=c.una.person, by=c.cora)
    c.other_placement = fellowships.add_placement(fellow=c.other_fellow, host=c.other_host, by=c.cora)
    fellowships.share_placement(placement=c.placement, user=c.max, by=c.cora)
    partnerships.share_hackathon(hackathon=c.hackathon, user=c.jude, by=c.cora)
    fellowships.share_cycle(cycle=c.cycle, user=c.axel, by=c.cora)
    c.records = {"agreement": c.agreement, "cycle": c.cycle, "placement": c.placement, "hackathon": c.hackathon}
    return c


def address(kind: str, obj: Any, more: str = "") -> str:
    return f"/desk/{LISTS[kind]}/{obj.ref}/{more}"


def status(client: Client, user: User, url: str) -> int:
    client.force_login(user)
    return client.get(url).status_code


# ------------------------------------------------------------------------------- the page says who sees it, and nobody else does


@pytest.mark.parametrize("kind", LISTS)
def test_who_stands_on_the_page_is_exactly_who_gets_the_record(client, world, kind):
    gone = sign_in_for("gone")
    for name, obj in world.records.items():
        SHARES[name](**{name: obj}, user=gone, by=world.cora)
    accounts.deactivate_sign_in(person=gone.person, reason="Left.", by=HOUSE)
    obj = world.records[kind]
    client.force_login(world.cora)
    tables = soup(client.get(address(kind, obj, "share/"))).select("main table")
    listed = [words(row.th) for table in tables for row in table.select("tbody tr")]
    people = {user.person.name: user for user in User.objects.exclude(person=None)}
    opened = {name for name, user in people.items() if status(client, user, address(kind, obj)) == 200}
    assert {name for name in listed if not name.startswith("Gone")} == opened
    assert [name for name in listed if name.startswith("Gone")] == ["Gone The sign-in is deactivated: it opens nothing."]


@pytest.mark.parametrize(("kind", "refused"), [("cycle", "felix stella amir max"), ("hackathon", "stella"), ("placement", "")])
def test_who_sees_a_part_does_not_read_who_sees_the_whole(client, world, kind, refused):
    obj = world.records[kind]
    for name in ("cora", "audrey", "nora", "nils", "axel", "jude", "max", "felix", "stella", "amir"):
        sees = status(client, getattr(world, name), address(kind, obj))
        want = 404 if sees == 404 else 403 if name in refused.split() else 200
        assert status(client, getattr(world, name), address(kind, obj, "share/")) == want, name


# ---------------------------------------------------------------------------------------------------- given, ended, told


@pytest.mark.parametrize("kind", LISTS)
def test_a_share_is_given_told_and_ended_and_opens_this_one_as_long(client, world, kind):
    obj = world.records[kind]
    share, otto = address(kind, obj, "share/"), world.otto
    assert status(client, otto, address(kind, obj)) == 404
    client.force_login(world.cora)
    assert said(client.post(share, {"email": "OTTO@example.org"}, follow=True)) == [
        "Otto can read it from now on, and got a mail."
    ]
    mail, part = Message.objects.get(to="otto@example.org"), access.share_tables()[kind].part
    assert (mail.subject, mail.link) == (f"Shared with you: {obj}", address(kind, obj))
    assert mail.lines == [f"It makes you: {part.label}. {part.sentence}", "You can read it until somebody ends that."]
    assert status(client, otto, address(kind, obj)) == 200
    assert address(kind, obj) in [link["href"] for link in soup(client.get("/desk/")).select("main a")]
    assert client.post(share, {"email": "rita@example.org"}).status_code in (403, 404)
    client.force_login(world.cora)
    (end,) = [link["href"] for link in soup(client.get(share)).select("main td a.btn") if "Otto" in words(link)]
    assert title(client.get(end)).startswith("End the share with Otto") and buttons(client.get(end)) == [
        "End the share",
        "Keep it",
    ]
    assert status(client, otto, address(kind, obj)) == 200
    client.force_login(world.cora)
    assert said(client.post(end, follow=True)) == ["Ended. Otto cannot read it by the share any more."]
    assert client.post(end).status_code == 404
    assert status(client, otto, address(kind, obj)) == 404
    told = [line.text for line in history(obj, limit=50)]
    assert f"Cora shared the {kind} with Otto." in told and "Cora ended the share with Otto." in told


@pytest.mark.parametrize("kind", LISTS)
def test_what_was_read_is_not_unread_so_sharing_asks_who_does_it_and_reading_and_ending_do_not(client, world, kind):
    obj, typed = world.records[kind], {"email": "otto@example.org", "until": ""}
    share = address(kind, obj, "share/")
    client.force_login(world.cora)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert title(client.get(share)).startswith("Who can see")
        late = client.post(share, typed)
        kept = {each["name"]: each["value"] for each in soup(late).select("main form input[type=hidden]")}
        assert late.status_code == 422 and {name: kept[name] for name in typed} == typed
        assert len(sharing.shares(obj)) == 1 and "What you typed is kept" in page(late)
        (end,) = [link["href"] for link in soup(client.get(share)).select("main td a.btn")]
        assert title(client.get(end)).startswith("End the share")
        assert client.post(share, typed | {"again-secret": PASSWORD})["Location"] == share
    assert len(sharing.shares(obj)) == 2


@pytest.mark.parametrize("kind", LISTS)
def test_a_share_ends_on_its_day_by_itself_and_another_day_is_on_record(client, world, kind):
    obj, until = world.records[kind], world.today + timedelta(days=5)
    client.force_login(world.cora)
    for day in (until - timedelta(days=2), until, until):
        client.post(address(kind, obj, "share/"), {"email": "otto@example.org", "until": day.isoformat()})
    first, second = Event.objects.filter(verb=f"{kind}.shared", data__name="Otto").order_by("seq")
    assert first.data["changes"]["shared"] == [False, True]
    assert second.data["changes"] == {"until": [(until - timedelta(days=2)).isoformat(), until.isoformat()]}  # no third
    with time_machine.travel(until - timedelta(days=1), tick=False):
        assert status(client, world.otto, address(kind, obj)) == 200
    with time_machine.travel(until, tick=False):
        assert status(client, world.otto, address(kind, obj)) == 404


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": ""}, "E-mail address: Fill this in."),
        ({"email": "nobody@example.org"}, "E-mail address: Nobody signs in here with this address."),
        ({"email": "otto@example.org", "until": "2020-01-01"}, "Until: That day is past or today: it would open nothing."),
        ({"email": "cora@example.org"}, "You see it by your role. Nobody shares with themselves: it would outlast the role."),
    ],
)
def test_what_cannot_be_shared_is_said_and_nothing_is_lost(client, world, kind, typed, sentence):
    obj = world.records[kind]
    client.force_login(world.cora)
    answer = client.post(address(kind, obj, "share/"), typed)
    assert answer.status_code == 422 and problems(answer)[0].startswith(sentence)
    assert typed["email"] in answer.content.decode() and len(sharing.shares(obj)) == 1


def test_a_share_of_one_record_is_not_ended_under_another(client, world):
    client.force_login(world.cora)
    key = PlacementShare.objects.get().pk
    assert client.post(address("placement", world.other_placement, f"share/{key}/end/")).status_code == 404
    assert PlacementShare.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_share_the_same_at_the_same_instant_make_one_share(cast):
    cycle, user, by = cast.cycle, cast.otto, cast.cora
    errors = at_once(*[lambda: fellowships.share_cycle(cycle=type(cycle).objects.get(pk=cycle.pk), user=user, by=by)] * 4)
    assert errors == []
    assert CycleShare.objects.filter(user=user).count() == 1
    assert Event.objects.filter(verb="cycle.shared").count() == 1


# ------------------------------------------------------------------------------------- the ways of who has nothing but a share


def test_counsel_goes_the_whole_way_by_the_share_and_no_step_without_it(client, world):
    """The first walk-through that fails when the table of shares is emptied."""
    duty = Duty.objects.filter(agreement=world.agreement).first()
    detail = address("agreement", world.agreement)
    record = [detail, f"{detail}text/", f"{detail}text.json", f"{detail}share/", f"/desk/duties/{duty.ref}/"]
    _walk(client, world.carol, record, {"/desk/agreements/": world.agreement.ref, "/desk/duties/?each=on": world.agreement.ref})


def test_a_mentor_goes_the_whole_way_by_the_share_and_no_step_without_it(client, world):
    """The second: what the fellow sees, and nothing of others."""
    section = Section.objects.filter(handover=world.handover).first()
    detail = address("placement", world.placement)
    record = [
        detail, f"{detail}share/", address("cycle", world.cycle), f"/desk/fellows/{world.fellow.ref}/",
        f"/desk/projects/{world.project.ref}/", f"/desk/handovers/{world.handover.ref}/",
        f"/desk/handovers/{world.handover.ref}/?format=csv", f"/desk/sections/{section.ref}/",
    ]  # fmt: skip
    lists = {
        "/desk/placements/": world.placement.ref,
        "/desk/handovers/": world.handover.ref,
        "/desk/cycles/": world.cycle.ref,
        "/desk/projects/": world.project.ref,
    }
    client.force_login(world.max)
    told = page(client.get(address("cycle", world.cycle)))
    assert "Agency" in told and "Board" not in told and "Una" not in told
    for hidden in (address("placement", world.other_placement), f"/desk/fellows/{world.other_fellow.ref}/"):
        assert client.get(hidden).status_code == 404
    for act in ("edit/", "withdraw/", "complete/"):
        assert client.post(detail + act).status_code == 403
    assert client.post(f"/desk/sections/{section.ref}/edit/", {"x": "y"}).status_code == 403
    _walk(client, world.max, record, lists)


def test_an_auditor_of_one_cycle_goes_the_whole_way_by_the_share_and_no_step_without_it(client, world):
    """The third: all that is in the cycle, no other cycle, no agreement and no log."""
    detail = address("cycle", world.cycle)
    record = [
        detail, f"{detail}fellows/", f"{detail}fellows/?format=csv", f"{detail}share/", address("placement", world.placement),
        address("placement", world.other_placement), f"/desk/fellows/{world.other_fellow.ref}/",
        f"/desk/handovers/{world.handover.ref}/",
    ]  # fmt: skip
    client.force_login(world.axel)
    assert "Board" in page(client.get(detail)) and "Una" in page(client.get(detail))
    for hidden in (address("cycle", world.other_cycle), address("agreement", world.agreement)):
        assert client.get(hidden).status_code == 404
    assert client.get("/desk/log/").status_code == 403
    assert client.post(f"{detail}edit/", {"name": "x"}).status_code == 403
    lists = {"/desk/cycles/": world.cycle.ref, "/desk/placements/": world.other_placement.ref}
    _walk(client, world.axel, record, lists)


def test_a_juror_goes_the_whole_way_by_the_share_and_no_step_without_it(client, world):
    """The fourth: all outputs of one hackathon."""
    outputs = list(world.hackathon.output_set.order_by("number"))
    detail = address("hackathon", world.hackathon)
    record = [detail, f"{detail}?format=csv", f"{detail}share/", *(f"/desk/outputs/{output.ref}/" for output in outputs)]
    client.force_login(world.jude)
    assert all(output.title in page(client.get(detail)) for output in outputs)
    assert client.get(address("hackathon", world.other_hackathon)).status_code == 404
    assert client.post(f"/desk/outputs/{outputs[0].ref}/edit/", {}).status_code == 403
    _walk(client, world.jude, record, {"/desk/hackathons/": world.hackathon.ref})


def _walk(client: Client, user: User, record: list[str], lists: dict[str, str]) -> None:
    """Every page and file opens and every list with its file has the record; with the tables of shares emptied, nothing does."""
    client.force_login(user)
    assert {url: client.get(url).status_code for url in record} == dict.fromkeys(record, 200)
    for url, ref in lists.items():
        assert ref in client.get(url).content.decode(), url
        assert _lines(client, url) > 0
    assert "Shared with you" in _heads(client)
    for table in TABLES:
        table.objects.all().delete()
    assert {url: client.get(url).status_code for url in record} == dict.fromkeys(record, 404)
    for url, ref in lists.items():
        assert ref not in client.get(url).content.decode() and _lines(client, url) == 0, url
    assert "Shared with you" not in _heads(client)


def _heads(client: Client) -> list[str]:
    return [words(head) for head in soup(client.get("/desk/")).select("main h2")]


def _lines(client: Client, url: str) -> int:
    file = client.get(url + ("&" if "?" in url else "?") + "format=csv").content.decode("utf-8-sig")
    return len([line for line in file.splitlines() if line.strip()]) - 1


# -------------------------------------------------------------------------------------------- roles that came beside the others

SEES = {  # by hand: which of the records, their lists' neighbours and duties each of the new roles opens
    "fran": "agreement cycle placement duty organisation programme",
    "nils": "agreement cycle placement handover hackathon duty programme ngo",
    "nell": "cycle placement programme ngo",
    "max": "cycle placement handover",
    "jude": "hackathon",
    "axel": "cycle placement handover",
}


def test_the_new_roles_open_what_their_sentences_say_and_change_nothing(client, world):
    duty = Duty.objects.filter(agreement=world.agreement).first()
    urls = {kind: address(kind, obj) for kind, obj in world.records.items()} | {
        "handover": f"/desk/handovers/{world.handover.ref}/",
        "duty": f"/desk/duties/{duty.ref}/",
        "organisation": f"/desk/organisations/{world.agency.ref}/",
        "ngo": f"/desk/organisations/{world.ngo.ref}/",
        "programme": f"/desk/programmes/{world.programme.ref}/",
    }
    for name, opened in SEES.items():
        client.force_login(getattr(world, name))
        found = {kind for kind, url in urls.items() if client.get(url).status_code == 200}
        want = set(opened.split()) | ({"ngo"} if name == "fran" else set())  # the register is one
        assert found == want, name
        changes = {kind: client.post(urls[kind] + "edit/").status_code for kind in ("cycle", "placement", "hackathon", "ngo")}
        assert set(changes.values()) <= {403, 404}, (name, changes)
    client.force_login(world.nell)
    assert world.agreement.ref not in client.get("/desk/agreements/").content.decode()
    assert client.get(urls["agreement"] + "text.json").status_code == 404


def test_the_new_roles_end_the_same_second(client, world):
    for name, model in (("fran", "partnerships.ProgrammeRole"), ("nils", "partnerships.Membership")):
        user = getattr(world, name)
        row = apps.get_model(model).objects.get(person=user.person)
        assert status(client, user, address("cycle", world.cycle)) == 200
        end = partnerships.end_programme_role if name == "fran" else partnerships.end_membership
        end(**{"role" if name == "fran" else "membership": row}, by=HOUSE)
        assert client.get(address("cycle", world.cycle)).status_code == 404


def test_an_ngo_role_is_offered_and_given_only_where_it_fits(client, cast):
    client.force_login(cast.cora)
    form = f"/desk/organisations/{cast.agency.ref}/members/new/"
    offered = {"agency": 6, "company": 6, "ngo": 8, "university": 8, "": 8}
    for kind, number in offered.items():
        partnerships.edit_organisation(organisation=cast.agency, facts={"kind": kind}, by=cast.cora)
        assert len(soup(client.get(form)).select("input[name=role]")) == number, kind
    partnerships.edit_organisation(organisation=cast.agency, facts={"kind": "agency"}, by=cast.cora)
    answer = client.post(form, {"name": "Nell", "email": "nell@example.org", "role": "ngo_member"})
    assert answer.status_code == 422 and problems(answer) == ["Role: Choose one of the list."]
    with pytest.raises(access.PermissionDenied, match="NGO member is no role in Agency, which is on record as: Public agency"):
        partnerships.add_member(organisation=cast.agency, person=cast.otto.person, role="ngo_member", by=HOUSE)
    assert not User.objects.filter(email="nell@example.org").exists()


def test_the_pages_ask_the_same_number_of_queries_however_many_see_it(client, world):
    def asked() -> dict[str, int]:
        found = {}
        for kind, obj in world.records.items():
            with CaptureQueriesContext(connection) as queries:
                client.get(address(kind, obj, "share/"))
            found[kind] = len(queries)
        return found

    client.force_login(world.cora)
    before = asked()
    for number in range(4):
        user = sign_in_for(f"more{number}")
        for kind, obj in world.records.items():
            SHARES[kind](**{kind: obj}, user=user, by=world.cora)
        partnerships.add_member(organisation=world.ngo, person=user.person, role="lead", by=HOUSE)
    assert asked() == before
    assert max(before.values()) < 60
