"""Access that ends while somebody is at work: the next request of every kind is refused, the same second.

The browser page that is open, the form that was opened before, the bookmarked link, the list, its CSV, the PDF, the JSON, the
confirmation that only has to be pressed, and the job that was already asked for.
"""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts import actions as accounts
from accounts.models import Person, SiteRole
from core import actions as core
from core import files, importing
from core.access import HOUSE
from core.imports.targets import target_of
from core.jobs import run_jobs
from core.models import Event, Import
from fellowships.models import Project
from mou import actions as mou
from mou.models import Agreement, Signature
from partnerships import actions as partnerships
from partnerships.models import Membership, Organisation, ProgrammeRole
from tests.test_access_roles import VERBS, Like, answers_of
from tests.test_access_table import DESK, REFUSED, ask, expected
from tests.test_access_table import world as table  # noqa: F401

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def world(table: SimpleNamespace) -> SimpleNamespace:  # noqa: F811
    return table


def ends_memberships(c: SimpleNamespace, person: Person) -> None:
    for row in Membership.objects.live().filter(person=person):
        partnerships.end_membership(membership=row, by=c.cora)


def ends_programme_roles(c: SimpleNamespace, person: Person) -> None:
    for row in ProgrammeRole.objects.live().filter(person=person):
        partnerships.end_programme_role(role=row, by=c.ada)


def ends_site_roles(c: SimpleNamespace, person: Person) -> None:
    for row in SiteRole.objects.live().filter(person=person):
        accounts.end_site_role(role=row, by=HOUSE)


def ends_shares(c: SimpleNamespace, person: Person) -> None:
    for agreement in Agreement.objects.filter(ref__in=[c.refs["agreement"], c.refs["draft"]]):
        mou.unshare_agreement(agreement=agreement, user=c.carol, by=c.cora)


def deactivates(c: SimpleNamespace, person: Person) -> None:
    accounts.deactivate_sign_in(person=person, reason="Left.", by=HOUSE)


# Amir's copy of his data and his request to be erased are his own, whatever role he held.
OWN = {
    "GET 200, POST 405": "accounts:export_detail accounts:erasure_detail",
    "GET 403, POST 405": "accounts:export_file",
    "GET 405, POST 302": "accounts:erasure_take_back",
    REFUSED: "accounts:erasure_refuse",
}
# Who is at work, what ends, and as whom of the table they are answered from then on ("" = led to the door).
ENDS: dict[str, tuple[str, Any, Like | None]] = {
    "a membership, of a reviewer": ("amir", ends_memberships, Like("rita", OWN)),
    "a membership, of a signatory": ("sofia", ends_memberships, Like("rita")),
    "two memberships, of a lead who signs": ("nora", ends_memberships, Like("rita")),
    "a programme role, of the coordinator": ("cora", ends_programme_roles, Like("rita")),
    "a programme role, of an auditor": ("audrey", ends_programme_roles, Like("rita")),
    "a site role": ("ada", ends_site_roles, Like("rita")),
    "a share": ("carol", ends_shares, Like("rita")),
    "the sign-in, of a signatory": ("sofia", deactivates, None),
    "the sign-in, of the coordinator": ("cora", deactivates, None),
    "the sign-in, of the fellow": ("felix", deactivates, None),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", ENDS)
def test_the_next_request_of_every_kind_is_refused(client, world, what):
    name, end, like = ENDS[what]
    client.force_login(getattr(world, name))
    opened = {}
    for rows in DESK.values():
        for route, (address, _data, row) in rows.items():
            if any(name in names.split() and "GET 200" in answers for names, answers in row.items()):
                opened[route] = client.get(address.format(**world.refs)).status_code
    assert set(opened.values()) <= {200, 302} and len(opened) > 15
    end(world, getattr(world, name).person)
    events = Event.objects.count()
    wrong = []
    for rows in DESK.values():
        for route, (address, data, row) in rows.items():
            url = address.format(**world.refs)
            answers = answers_of(like, route, row) if like else None
            for verb in VERBS:
                want = {302} if like is None else expected(answers, "GET" if verb == "HEAD" else verb) if answers else {404}
                answer = ask(client, verb, url, data)
                if answer.status_code not in want:
                    wrong.append(f"{verb} {route}: {answer.status_code}, not {sorted(want)}")
                elif like is None and not answer["Location"].startswith("/accounts/login/"):
                    wrong.append(f"{verb} {route}: led to {answer['Location']}")
    assert wrong == []
    assert Event.objects.count() == events


LISTS = ("agreements", "duties", "cycles", "placements", "projects", "organisations", "handovers", "hackathons", "programmes")


@pytest.mark.slow
@pytest.mark.parametrize("what", [what for what, (_name, _end, like) in ENDS.items() if like])
def test_their_lists_and_files_are_empty_from_then_on(client, world, what):
    name, end, _like = ENDS[what]
    client.force_login(getattr(world, name))

    def lines() -> dict[str, int]:
        return {place: len(client.get(f"/desk/{place}/?format=csv").content.splitlines()) - 1 for place in LISTS}

    before = lines()
    assert sum(before.values()) > 1
    end(world, getattr(world, name).person)
    own = {"hackathons": 0, "cycles": 0, "placements": 0, "projects": 0, "handovers": 0}  # nobody of these is a fellow
    assert lines() == dict.fromkeys(LISTS, 0) | own


# ------------------------------------------------------------------------------------------------- what only has to be pressed


@dataclass(frozen=True)
class Press:
    """A form that is open and filled in: where, what it sends, and what must still be so afterwards."""

    name: str
    end: Any
    page: str
    sends: dict[str, str]
    unchanged: Any
    status: int = 404


PRESSED = {
    "sign": Press(
        "sofia", ends_memberships, "/desk/agreements/{agreement}/sign/", {"consent": "on"}, lambda c: Signature.objects.count()
    ),
    "decline": Press(
        "sofia",
        ends_memberships,
        "/desk/agreements/{agreement}/decline/",
        {"reason": "Not so."},
        lambda c: Agreement.objects.get(ref=c.refs["agreement"]).state,
    ),
    "end of a share": Press(
        "cora",
        ends_programme_roles,
        "/desk/agreements/{agreement}/share/",
        {"email": "otto@example.org"},
        lambda c: c.otto.has_perm("mou.view_agreement", Agreement.objects.get(ref=c.refs["agreement"])),
    ),
    "change of the register": Press(
        "cora",
        ends_programme_roles,
        "/desk/organisations/{agency}/edit/",
        {"name": "Renamed"},
        lambda c: Organisation.objects.get(pk=c.agency.pk).name,
    ),
    "end of another's membership": Press(
        "cora",
        ends_programme_roles,
        "/desk/organisations/{agency}/members/{membership}/end/",
        {},
        lambda c: Membership.objects.get(pk=c.refs["membership"]).until,
    ),
    "deactivation of another": Press(
        "ada",
        ends_site_roles,
        "/desk/people/{amirs}/deactivate/",
        {"reason": "x"},
        lambda c: type(c.amir).objects.get(pk=c.amir.pk).is_active,
    ),
    "import": Press(
        "cora",
        ends_programme_roles,
        "/desk/imports/{checked}/apply/",
        {"decided": "on"},
        lambda c: Import.objects.get(ref=c.refs["checked"]).state,
    ),
    "report of a duty": Press(
        "stella",
        ends_memberships,
        "/desk/duties/{open}/report/",
        {"evidence": "Done."},
        lambda c: Event.objects.filter(verb="duty.reported").count(),
    ),
}


@pytest.mark.parametrize("way", ["ended", "deactivated"])
@pytest.mark.parametrize("what", PRESSED)
def test_a_form_that_was_open_and_filled_in_changes_nothing(client, world, what, way):
    press = PRESSED[what]
    user = getattr(world, press.name)
    client.force_login(user)
    url = press.page.format(**world.refs)
    opened = client.get(url)
    assert opened.status_code == 200
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', opened.content.decode()))
    (press.end if way == "ended" else deactivates)(world, user.person)
    was, events = press.unchanged(world), Event.objects.count()
    answer = client.post(url, hidden | press.sends)
    assert answer.status_code == (404 if way == "ended" else 302), answer.content[:300]
    assert (press.unchanged(world), Event.objects.count()) == (was, events)


def test_a_form_is_not_refused_while_the_role_lasts(client, world):
    """The same press a second earlier goes through: the test above refuses what ended and nothing else."""
    client.force_login(world.sofia)
    url = PRESSED["sign"].page.format(**world.refs)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.get(url).content.decode()))
    before = Signature.objects.count()
    assert client.post(url, hidden | {"consent": "on"}).status_code == 302
    assert Signature.objects.count() == before + 1


# ------------------------------------------------------------------------------------------------- what was asked for before


@pytest.mark.parametrize("end", [ends_programme_roles, deactivates], ids=["ended", "deactivated"])
@pytest.mark.parametrize("step", ["check", "apply"])
def test_an_import_that_was_asked_for_is_not_made_for_somebody_who_may_no_longer(world, step, end):
    DBTaskResult.objects.all().delete()  # what the world itself has asked for
    brought = [importing.Brought("projects.csv", b"slug,title\nzz-late,Too late\n")]
    imported = importing.begin(target_of("projects"), world.programme.ref, brought, world.cora)
    core.set_mapping(imported=imported, mapping=imported.mapping, origin="edited", shown=imported.turn, by=world.cora)
    core.ask_check(imported=imported, by=world.cora)
    if step == "apply":
        importing.check_import(imported.ref, str(imported.turn))
        imported.refresh_from_db()
        core.ask_apply(imported=imported, shown=imported.turn, by=world.cora)
    end(world, world.cora.person)
    projects = Project.objects.count()
    run_jobs()
    imported.refresh_from_db()
    assert imported.problem == "Who asked for it may no longer import to this place."
    assert Project.objects.count() == projects and not Project.objects.filter(title="Too late").exists()


def test_the_file_of_an_agreement_is_not_served_to_a_link_that_is_kept(world):
    """Neither under its page nor under its name in the store, before and after."""
    client = Client()
    client.force_login(world.amir)
    link = f"/desk/agreements/{world.refs['agreement']}/pdf/copy/"
    assert client.get(link).status_code == 200
    ends_memberships(world, world.amir.person)
    assert client.get(link).status_code == 404
    kept = files.keep(b"%PDF-1.7", "pdf")
    assert {client.get(f"{place}{kept}").status_code for place in ("/media/", "/media/images/", "/files/", "/documents/")} == {
        404
    }
