"""One answer to "who sees this": the list, the object and Django's own has_perm, against a table worked out by hand."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Person, SiteRole, User
from accounts.roles import MEMBER_ROLES, OWN_PERMS, PART_ROLES, PROGRAMME_ROLES, SITE_ROLES
from core import access, sharing
from core.access import HOUSE
from core.inbox import waiting_for
from core.models import Message
from core.panels import panels_of
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from mou import actions as mou
from mou.models import Agreement, AgreementShare, AgreementVersion, Duty, Obligation, Party
from partnerships import actions as partnerships
from partnerships.models import Membership, Organisation, Programme, ProgrammeRole

# fmt: off
PERMS: dict[type, list[str]] = {
    Organisation: ["partnerships.view_organisation", "partnerships.edit_organisation", "partnerships.add_member"],
    Programme: [
        "partnerships.view_programme", "partnerships.edit_programme", "partnerships.open_programme",
        "partnerships.give_programme_role", "fellowships.view_cycle", "fellowships.edit_cycle",
    ],
    Person: ["accounts.view_person", "accounts.keep_sign_in", "accounts.change_address"],
    Agreement: ["mou.view_agreement", "mou.sign_agreement", "mou.send_agreement", "mou.publish_agreement"],
    Duty: ["mou.view_agreement"],
    Cycle: ["fellowships.view_cycle", "fellowships.edit_cycle"],
    Host: ["fellowships.view_cycle", "fellowships.edit_cycle"],
    Project: ["fellowships.view_cycle", "fellowships.edit_cycle"],
    Fellow: ["fellowships.view_placement", "fellowships.edit_placement"],
    Placement: ["fellowships.view_placement", "fellowships.edit_placement"],
}
# fmt: on


class World:
    """A generated state in the database, and what each person should see of it, worked out row by row."""

    def __init__(self, seed: int) -> None:
        self.seed, self.today = seed, timezone.localdate()
        rng = self.rng = random.Random(seed)
        make = Person.objects.create
        self.users = [
            User.objects.create(
                email=f"{seed}-{n}@example.org",
                person=make(name="x") if rng.random() < 0.8 else None,
                is_active=rng.random() < 0.8,
                is_superuser=rng.random() < 0.2,
            )
            for n in range(4)
        ]
        self.people = [user.person for user in self.users if user.person] or [make(name="nobody's")]
        organisations = [Organisation.objects.create(name=f"o{seed}-{n}") for n in range(3)]
        signing = [None, *organisations]
        programmes = [Programme.objects.create(name=f"p{seed}-{n}", organisation=rng.choice(signing)) for n in range(2)]
        self._agreements(organisations, programmes)
        self._cycles(organisations, programmes)
        self.members = [
            Membership.objects.create(person=person, organisation=organisation, role=role, **self.days(-1, 0, 1))
            for person, organisation, role in rng.sample(list(product(self.people, organisations, MEMBER_ROLES)), k=5)
        ]
        self.roles = [
            ProgrammeRole.objects.create(person=person, programme=programme, role=role, **self.days(-1, 0, 1))
            for person, programme, role in rng.sample(list(product(self.people, programmes, PROGRAMME_ROLES)), k=3)
        ]
        self.site = [
            SiteRole.objects.create(person=person, role="administrator", **self.days(-1, 0, 1))
            for person in rng.sample(self.people, k=rng.choice([0, 0, 1]))
        ]
        for _ in range(4):
            until = rng.choice([None, self.today, self.today + timedelta(days=1)])
            perm = rng.choice(PERMS[Agreement])
            access.share(rng.choice(self.agreements), rng.choice(self.users), perm, by=HOUSE, until=until)
        self.lent: list[tuple[User, Any, frozenset[str], date | None]] = []
        for perm, part, objects in [
            ("fellowships.view_cycle", "cycle_auditor", self.cycles),
            ("fellowships.view_placement", "mentor", self.placements),
        ]:
            for user, obj in rng.sample(list(product(self.users, objects)), k=min(2, len(objects))):
                until = rng.choice([None, self.today, self.today + timedelta(days=1)])
                access.share(obj, user, perm, by=HOUSE, until=until)
                self.lent.append((user, obj, PART_ROLES[part].perms, until))

    def administers(self, user: User, perm: str) -> bool:
        return any(self.live(r) and r.person_id == user.person_id and perm in SITE_ROLES[r.role].perms for r in self.site)

    def days(self, *until: int) -> dict[str, date | None]:
        """A role from before or from today or from tomorrow, without an end or with one."""
        since, ends = self.rng.choice([-9, -9, 0, 1]), self.rng.choice([None, None, *until])
        return {
            "since": self.today + timedelta(days=since),
            "until": None if ends is None else self.today + timedelta(days=max(ends, since)),
        }

    def _agreements(self, organisations: list[Organisation], programmes: list[Programme]) -> None:
        self.agreements, self.parties, self.sent, self.duties = [], [], set(), []
        for n in range(4):
            programme = self.rng.choice(programmes)
            agreement = Agreement.objects.create(
                ref=f"A{self.seed}-{n}", programme=programme, template="host-placement", title="a"
            )
            chosen = self.rng.sample(organisations, k=2)
            parties = [Party.objects.create(agreement=agreement, organisation=o, role=f"r{o.pk}") for o in chosen]
            if self.rng.random() < 0.5:
                version = AgreementVersion.objects.create(agreement=agreement, number=1, text="{}", sha256="0")
                self.sent.add(agreement.pk)
                facts = {"key": "OB-1", "clause": "1", "title": "t", "rule": "0 days after start", "per": "agreement"}
                roles = {"debtor": parties[0], "creditor": parties[1], "debtor_role": "host", "creditor_role": "programme"}
                obligation = Obligation.objects.create(agreement=agreement, version=version, **facts, **roles)
                self.duties.append(Duty.objects.create(obligation=obligation, agreement=agreement, due=self.today))
            self.agreements.append(agreement)
            self.parties += parties

    def _cycles(self, organisations: list[Organisation], programmes: list[Programme]) -> None:
        self.cycles = [Cycle.objects.create(programme=self.rng.choice(programmes), name=f"c{n}") for n in range(3)]
        self.hosts = [
            Host.objects.create(cycle=cycle, organisation=organisation)
            for cycle in self.cycles
            for organisation in self.rng.sample(organisations, k=1)
        ]
        self.fellows = [Fellow.objects.create(cycle=cycle, person=self.rng.choice(self.people)) for cycle in self.cycles]
        self.projects = [
            Project.objects.create(programme=self.rng.choice(programmes), organisation=organisation, title="p")
            for organisation in [None, *self.rng.sample(organisations, k=2)]
        ]
        self.placements = [
            Placement.objects.create(fellow=fellow, host=host, project=self.rng.choice([None, *self.projects]))
            for fellow, host in zip(self.fellows, self.hosts, strict=True)
            if self.rng.random() < 0.7
        ]

    def live(self, row: Any) -> bool:
        return row.since <= self.today and (row.until is None or row.until > self.today)

    def member(self, user: User, perm: str, organisations: Iterable[int]) -> bool:
        return any(
            self.live(m)
            and m.person_id == user.person_id
            and m.organisation_id in organisations
            and perm in MEMBER_ROLES[m.role].perms
            for m in self.members
        )

    def signs(self, user: User, perm: str, programme: Programme) -> bool:
        """Somebody's organisation signs for the programme, and their role in it lets them see what is in it."""
        return any(
            self.live(m)
            and m.person_id == user.person_id
            and m.organisation_id == programme.organisation_id
            and perm in MEMBER_ROLES[m.role].signing
            for m in self.members
        )

    def runs(self, user: User, perm: str, programme: int | None = None) -> bool:
        return any(
            self.live(r)
            and r.person_id == user.person_id
            and (programme is None or r.programme_id == programme)
            and perm in PROGRAMME_ROLES[r.role].perms
            for r in self.roles
        )

    def shared(self, user: User, perm: str, agreement: int) -> bool:
        return any(
            s.user_id == user.pk
            and s.content_object_id == agreement
            and s.permission.codename == perm.split(".")[1]
            and (s.until is None or s.until > self.today)
            for s in AgreementShare.objects.select_related("permission")
        )

    def borrows(self, user: User, perm: str, *objects: Any) -> bool:
        """One of these is shared with somebody today, and that opens what is asked for."""
        return any(
            reader == user and obj in objects and perm in opened and (until is None or until > self.today)
            for reader, obj, opened, until in self.lent
        )

    def sees(self, user: User, perm: str, obj: Any) -> bool:
        """Without a query of the code under test."""
        if not user.is_active:
            return False
        own = user.person_id if user.person_id and perm in OWN_PERMS else None
        if isinstance(obj, Organisation):
            return self.member(user, perm, [obj.pk]) or self.runs(user, perm) or self.administers(user, perm)
        if isinstance(obj, Programme):
            return self.inside(user, perm, obj) or self.administers(user, perm)
        if isinstance(obj, Person):
            return self.administers(user, perm) or (self.runs(user, perm) and self.in_the_register(obj, perm))
        if isinstance(obj, Agreement | Duty):
            agreement = obj if isinstance(obj, Agreement) else next(a for a in self.agreements if a.pk == obj.agreement_id)
            parties = {p.organisation_id for p in self.parties if p.agreement_id == agreement.pk}
            return (
                (agreement.pk in self.sent and self.member(user, perm, parties))
                or self.runs(user, perm, agreement.programme_id)
                or self.shared(user, perm, agreement.pk)
            )
        if isinstance(obj, Cycle):
            hosting = {h.organisation_id for h in self.hosts if h.cycle_id == obj.pk}
            takes_part = own is not None and any(f.cycle_id == obj.pk and f.person_id == own for f in self.fellows)
            lent = self.borrows(user, perm, obj, *(p for p in self.placements if p.host.cycle_id == obj.pk))
            return self.member(user, perm, hosting) or takes_part or lent or self.inside(user, perm, obj.programme)
        if isinstance(obj, Project):
            worked = [p for p in self.placements if p.project_id == obj.pk]
            at = {obj.organisation_id, *(p.host.organisation_id for p in worked)}
            works = own is not None and any(p.fellow.person_id == own for p in worked)
            lent = self.borrows(user, perm, *worked, *(p.host.cycle for p in worked))
            return self.member(user, perm, at) or works or lent or self.inside(user, perm, obj.programme)
        if isinstance(obj, Host):
            placed = own is not None and any(p.host_id == obj.pk and p.fellow.person_id == own for p in self.placements)
            placed = placed or self.borrows(user, perm, obj.cycle, *(p for p in self.placements if p.host_id == obj.pk))
            return self.member(user, perm, [obj.organisation_id]) or placed or self.inside(user, perm, obj.cycle.programme)
        fellow = obj if isinstance(obj, Fellow) else obj.fellow
        placements = [p for p in self.placements if p.fellow_id == fellow.pk]
        at = {p.host.organisation_id for p in placements}
        if self.borrows(user, perm, fellow.cycle, *(placements if obj == fellow else [obj])):
            return True
        return self.member(user, perm, at) or own == fellow.person_id or self.inside(user, perm, fellow.cycle.programme)

    def in_the_register(self, person: Person, perm: str) -> bool:
        """Whom a coordinator sees, and of those whose sign-in they keep: who runs nothing, today or from a day on."""
        lasting = [r for r in [*self.roles, *self.site] if r.until is None or r.until > self.today]
        runs = perm == "accounts.keep_sign_in" and any(r.person_id == person.pk for r in lasting)
        return not runs and any(m.person_id == person.pk for m in self.members)

    def inside(self, user: User, perm: str, programme: Programme) -> bool:
        return self.runs(user, perm, programme.pk) or self.signs(user, perm, programme)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(16))
def test_list_object_and_has_perm_agree_with_the_table(db, seed):
    world = World(seed)
    wrong = []
    for model, perms in PERMS.items():
        objects = list(model.objects.all())
        assert objects != [] or model in (Duty, Placement)
        for user in world.users:
            for perm in perms:
                listed = set(model.objects.visible_to(user, perm))
                for obj in objects:
                    expected = world.sees(user, perm, obj)
                    answers = (obj in listed, access.holds(user, perm, obj), user.has_perm(perm, obj))
                    if answers != (expected,) * 3:
                        wrong.append(f"{user} {perm} {obj!r}: {answers}, not {expected}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_who_is_said_to_see_a_record_is_who_sees_it(db, seed):
    """The same ways read from the other end: the page "who can see this" and the table, over generated states."""
    world, wrong, found = World(seed), [], 0
    for obj in [*world.agreements, *world.cycles, *world.placements]:
        sharing_it = {share.user_id for share in sharing.shares(obj) if share.user.is_active}
        listed = {reader.user for reader in sharing.readers(obj)} | sharing_it
        expected = {user.pk for user in world.users if world.sees(user, type(obj).reached.perm, obj)}
        found += len(expected)
        if listed != expected:
            wrong.append(f"{obj!r}: {listed}, not {expected}")
        for user in world.users:
            if bool(sharing.standing(obj, user)) != (user.pk in expected and user.person_id is not None):
                wrong.append(f"{user} at {obj!r}: {sharing.standing(obj, user)}")
    assert wrong == [] and found


def test_the_generated_states_say_yes_often_enough_to_mean_something(db):
    """A table that only ever refuses would agree with a house that refuses everybody."""
    found = {model: 0 for model in PERMS}
    for seed in range(14):
        with transaction.atomic():
            world = World(seed)
            for model, perms in PERMS.items():
                found[model] += sum(world.sees(u, p, o) for u in world.users for p in perms for o in model.objects.all())
            transaction.set_rollback(True)
    assert [model.__name__ for model, count in found.items() if count < 5] == []


def test_the_end_of_a_membership_is_the_end_the_same_second(cast, agreement):
    assert access.holds(cast.amir, "mou.view_agreement", agreement)
    partnerships.end_membership(membership=Membership.objects.get(person=cast.amir.person), by=HOUSE)
    assert not access.holds(cast.amir, "mou.view_agreement", agreement)
    assert not access.holds(cast.rita, "mou.view_agreement", agreement)


def test_the_end_of_a_programme_role_is_the_end_the_same_second(cast, agreement):
    assert access.holds(cast.cora, "mou.send_agreement", agreement)
    partnerships.end_programme_role(role=ProgrammeRole.objects.get(person=cast.cora.person), by=HOUSE)
    assert not access.holds(cast.cora, "mou.send_agreement", agreement)


def test_a_share_ends_on_its_day_and_with_the_sign_in(cast, agreement):
    for until, seen in [(None, True), (cast.today + timedelta(days=1), True), (cast.today, False)]:
        mou.share_agreement(agreement=agreement, user=cast.carol, until=until, by=cast.cora)
        assert access.holds(cast.carol, "mou.view_agreement", agreement) is seen
    assert AgreementShare.objects.get().by == cast.cora.ref
    accounts.close_sign_in(user=cast.carol, by=HOUSE)
    assert AgreementShare.objects.count() == 0 and Person.objects.filter(name="Carol").exists()


def test_a_share_can_be_taken_back_and_gives_reading_only(cast, agreement):
    assert access.holds(cast.carol, "mou.view_agreement", agreement)
    assert not access.holds(cast.carol, "mou.sign_agreement", agreement)
    mou.unshare_agreement(agreement=agreement, user=cast.carol, by=cast.cora)
    assert not access.holds(cast.carol, "mou.view_agreement", agreement)


def test_nobody_a_superuser_and_a_global_permission_see_nothing(cast, agreement):
    cast.otto.user_permissions.add(*Permission.objects.filter(codename="view_agreement"))
    for user in (AnonymousUser(), cast.otto, cast.rooth):
        for model in PERMS:
            own = {cast.elsewhere} if user == cast.otto and model is Organisation else set()
            assert set(access.visible(model, user)) == own, (user, model)
    assert not cast.rooth.has_perm("mou.view_agreement", agreement)


def test_a_message_is_seen_by_whom_it_went_to_and_nobody_else(cast, agreement):
    assert {message.to for message in Message.objects.all()} == {"sofia@example.org", "nora@example.org", "carol@example.org"}
    people = ("sofia", "nora", "carol", "cora", "otto", "rooth")
    seen = {name: len(access.visible(Message, getattr(cast, name))) for name in people}
    assert seen == {"sofia": 1, "nora": 1, "carol": 1, "cora": 0, "otto": 0, "rooth": 0}
    assert list(access.visible(Message, AnonymousUser())) == []


def mentions(items: Iterable[Any], ref: str) -> bool:
    return any(ref in str(vars(item)) for item in items)


NAMES = ("cora", "amir", "sofia", "stella", "nora", "felix", "otto", "carol", "rita", "audrey", "edna", "rooth")


def test_a_panel_names_an_agreement_only_to_who_may_read_it(cast, agreement):
    """It is handed what the reader sees, whatever the page it stands on."""
    for obj in (cast.agency, cast.ngo):
        told = {name for name in NAMES if mentions(panels_of(obj, getattr(cast, name)), agreement.ref)}
        assert told == {"cora", "amir", "sofia", "stella", "nora", "carol", "audrey"}


def test_a_draft_waits_for_the_coordinator_alone_and_what_is_out_for_its_signatories(cast, agreement_ready):
    def waits_for() -> set[str]:
        return {name for name in NAMES if mentions(waiting_for(getattr(cast, name)), agreement_ready.ref)}

    assert waits_for() == {"cora"}
    mou.send_agreement(agreement=agreement_ready, by=cast.cora)
    assert waits_for() == {"sofia", "nora"}


def test_guardian_makes_no_user_of_its_own(db):
    assert User.objects.count() == 0


def test_every_guarded_model_has_one_share_table_and_every_permission_of_a_role_exists(db):
    tables = {name: share.__name__ for name, share in access.share_tables().items()}
    assert tables == {
        "agreement": "AgreementShare",
        "cycle": "CycleShare",
        "hackathon": "HackathonShare",
        "placement": "PlacementShare",
    }
    assert all(share.opens in share.part.perms for share in access.share_tables().values())
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}
    tables = (MEMBER_ROLES, PROGRAMME_ROLES, SITE_ROLES, PART_ROLES)
    named = OWN_PERMS.union(*(role.perms | role.signing for table in tables for role in table.values()))
    assert named - known == set()


def test_shares_live_in_direct_tables_only(cast, agreement):
    assert AgreementShare.objects.count() == 1
    assert apps.get_model("guardian", "UserObjectPermission").objects.count() == 0
