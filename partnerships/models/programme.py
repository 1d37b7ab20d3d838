"""Programmes, who holds which role in them, and what roles of both kinds give today."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Held, LiveQuerySet, Person, SiteRole, User, addresses_of
from accounts.roles import (
    MEMBER_PERMS,
    MEMBER_ROLES,
    OWN_PERMS,
    PROGRAMME_PERMS,
    PROGRAMME_ROLES,
    SITE_PERMS,
    SITE_ROLES,
    programme_role_choices,
)
from core import access
from core.calendar import Calendar, place_of
from core.models import Record
from core.once import once
from core.sharing import Reader
from partnerships import kinds
from partnerships.models.organisation import Membership, Organisation, named_at

YEAR = timedelta(days=366)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Reading programmes."""

    def visible_to(self, user: User, perm: str = "partnerships.view_programme") -> Self:
        """Programmes in which one holds a role, and those that one's organisation signs for. Who administers the site: all."""
        reach = access.reach(user, perm)
        if reach["site"]:
            return self
        return self.filter(Q(pk__in=reach["programme"]) | Q(organisation__in=reach["signing"]))

    def run_by(self, user: User) -> Self:
        """Programmes that one coordinates."""
        return self.visible_to(user, "fellowships.edit_cycle")

    def search(self, words: str) -> Self:
        """Every word occurs in the name or in that of the organisation that signs."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | named_at("organisation", word))
        return found

    def without_coordinator(self) -> Self:
        """Nobody runs them today."""
        live = ProgrammeRole.objects.live().filter(programme=OuterRef("pk"), role="coordinator")
        return self.filter(~Exists(live))

    def without_organisation(self) -> Self:
        """Nobody signs for them yet."""
        return self.filter(organisation=None)

    def with_words(self) -> Self:
        """Each with what a line of a list says: the organisation, and `running`, the rows of who coordinates it today."""
        live = ProgrammeRole.objects.live().filter(role="coordinator").select_related("person").order_by("person__name", "pk")
        return self.select_related("organisation").prefetch_related(Prefetch("programmerole_set", live, to_attr="running"))

    def organisations(self) -> list[tuple[str, str]]:
        """The organisations that sign for them, as choices: (ref, name)."""
        rows = self.exclude(organisation=None).order_by("organisation__name")
        return list(rows.values_list("organisation__ref", "organisation__name").distinct())


class Programme(Record):
    """A fellowship programme, and the organisation that signs for it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("signing organisation"), null=True, blank=True, on_delete=models.PROTECT
    )
    calendar = models.CharField(
        _("holiday calendar"), max_length=20, blank=True, help_text=_("A country, or a part of one: US, DE-BY, GB-ENG.")
    )
    local_holidays = models.JSONField(_("local holidays"), default=dict, blank=True)  # {ISO day: name}
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")

    personal = kinds.PROGRAMME
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_programme", "Can see the programme"),
            ("edit_programme", "Can change the programme"),
            ("open_programme", "Can open programmes"),
            ("give_programme_role", "Can give people roles in programmes"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def business_days(self) -> Calendar:
        """The business days that time limits of the programme follow."""
        return Calendar(self.calendar, extra={date.fromisoformat(day): name for day, name in self.local_holidays.items()})

    def local_days(self, first: date | None = None, last: date | None = None) -> dict[str, str]:
        """{ISO day: name} of the local days off, in order; given two days, those from a year before until a year after."""
        days = sorted(self.local_holidays.items())
        if first is None or last is None:
            return dict(days)
        around = (first - YEAR).isoformat(), (last + YEAR).isoformat()
        return {day: name for day, name in days if around[0] <= day <= around[1]}

    def holidays_text(self, first: date | None = None, last: date | None = None) -> str:
        """The days that are no business days besides the week-end, for people and for the text of an agreement."""
        local = [
            _t("%(day)s (%(name)s)") % {"day": date_format(date.fromisoformat(day), "j F Y"), "name": name}
            for day, name in self.local_days(first, last).items()
        ]
        place = {"place": place_of(self.calendar), "code": self.calendar} if self.calendar else {}
        public = [_t("the public holidays of %(place)s (calendar %(code)s)") % place] if place else []
        return "; ".join(public + local) or _t("none")

    def coordinators(self) -> list[Person]:
        """Who runs it today."""
        rows = ProgrammeRole.objects.live().filter(programme=self, role="coordinator").select_related("person").order_by("pk")
        return [row.person for row in rows]

    def coordinator_addresses(self) -> list[str]:
        """Where messages about the programme go."""
        return addresses_of(self.coordinators())


class ProgrammeRole(Held):
    """A role in a programme."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    role = models.CharField(max_length=30, choices=programme_role_choices)
    personal = kinds.PROGRAMME_ROLE

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["person", "until"], name="programme_role_live")]
        constraints = [
            models.UniqueConstraint(
                name="programme_role_stands_once", fields=["person", "programme", "role"], condition=Q(until=None)
            )
        ]

    @property
    def role_label(self) -> str:
        return str(PROGRAMME_ROLES[self.role].label)

    def alike(self) -> LiveQuerySet:
        """The other rows of the same person in the same role here."""
        same = {"person": self.person_id, "programme": self.programme_id, "role": self.role}
        return ProgrammeRole.objects.filter(**same).exclude(pk=self.pk)


def live_scopes(user: User, perm: str) -> access.Scopes:
    """For core.access: where `user` holds `perm` today, as keys: organisations, programmes, and what is one's own.

    "signing" are the organisations in whose programmes one holds it: those that they sign for. "site" is not empty for who
    holds it everywhere; "person" has, beside oneself, those whom a coordinator looks after.
    """
    person = user.person_id
    if person is None:
        return {}
    members = once(("roles in organisations", person), lambda: _members(person)) if perm in MEMBER_PERMS else []
    held = [(organisation, MEMBER_ROLES[role]) for organisation, role in members]
    programmes = once(("roles in programmes", person), lambda: _programmes(person)) if perm in PROGRAMME_PERMS else []
    running = [programme for programme, role in programmes if perm in PROGRAMME_ROLES[role].perms]
    site = once(("roles on the site", person), lambda: _on_the_site(person)) if perm in SITE_PERMS else []
    own = [person] if perm in OWN_PERMS else []
    others = once(("register", perm), lambda: _in_the_register(perm)) if running and perm in PEOPLE_PERMS else []
    return {
        "organisation": [organisation for organisation, role in held if perm in role.perms],
        "signing": [organisation for organisation, role in held if perm in role.signing],
        "programme": running,
        "site": [key for key, role in site if perm in SITE_ROLES[role].perms],
        "person": own + others,
    }


Places = list[tuple[int, str]]


def _members(person: int) -> Places:
    """(organisation, role) of today, by key."""
    rows = Membership.objects.live().filter(person=person, role__in=MEMBER_ROLES)
    return list(rows.values_list("organisation", "role"))


def _programmes(person: int) -> Places:
    """(programme, role)."""
    rows = ProgrammeRole.objects.live().filter(person=person, role__in=PROGRAMME_ROLES)
    return list(rows.values_list("programme", "role"))


def _on_the_site(person: int) -> Places:
    """(row, role)."""
    rows = SiteRole.objects.live().filter(person=person, role__in=SITE_ROLES)
    return list(rows.values_list("pk", "role"))


def holders(perm: str, scopes: Mapping[str, Iterable[int]], person: int | None = None) -> list[Reader]:
    """For core.sharing: the same from the other end. Who holds `perm` today at these places and can sign in, one line a role.

    scopes: keys as live_scopes() names them. person: of this one alone. Three queries, and one for people themselves.
    """
    found: list[Reader] = []
    asked = {name: set(keys) for name, keys in scopes.items()}
    inside = [role.slug for role in MEMBER_ROLES.values() if perm in role.perms]
    beside = [role.slug for role in MEMBER_ROLES.values() if perm in role.signing]
    for scope, giving in (("organisation", inside), ("signing", beside)):
        if keys := asked.get(scope):
            members = Membership.objects.live().filter(organisation__in=keys, role__in=giving)
            found += [_reader(row, row.organisation, scope) for row in _who_can_come(members, "organisation", person)]
    if keys := asked.get("programme"):
        roles = ProgrammeRole.objects.giving(perm, PROGRAMME_ROLES).filter(programme__in=keys)
        found += [_reader(row, row.programme, "programme") for row in _who_can_come(roles, "programme", person)]
    if (keys := asked.get("person")) and perm in OWN_PERMS:
        users = User.objects.filter(person__in=keys, is_active=True).select_related("person").order_by("person__name", "pk")
        found += [Reader(user.pk, str(user), "", "", "person") for user in users if person in (None, user.person_id)]
    return found


def _who_can_come(rows: models.QuerySet[Any], place: str, person: int | None) -> models.QuerySet[Any]:
    users = User.objects.filter(person=OuterRef("person"), is_active=True)
    able: Any = rows.annotate(user=Subquery(users.values("pk")[:1])).exclude(user=None).select_related(place, "person")
    found: models.QuerySet[Any] = able if person is None else able.filter(person=person)
    return found.order_by(f"{place}__name", "person__name", "pk")


def _reader(row: Any, place: Any, scope: str) -> Reader:
    return Reader(row.user, row.person.name, row.role_label, str(place), scope, place.ref, row.until)


# What a coordinator may do for people: who runs a programme gives roles in every organisation, so this reaches as far.
PEOPLE_PERMS = frozenset({"accounts.view_person", "accounts.keep_sign_in", "accounts.shield_person"})


def _in_the_register(perm: str) -> list[int]:
    """Keys of everybody who holds or held a role in an organisation; to keep their sign-in, only who runs nothing."""
    people = Membership.objects.order_by().values_list("person", flat=True).distinct()
    if perm == "accounts.keep_sign_in":
        for model in (ProgrammeRole, SiteRole):
            people = people.exclude(person__in=model.objects.lasting().values("person"))
    return list(people)


def offices_of(person: Person) -> list[str]:
    """What somebody signs, runs, edits or audits for others, or ever did or is to: "Signatory of Agency"."""
    roles = ProgrammeRole.objects.filter(person=person).select_related("programme").order_by("pk")
    signs = [role.slug for role in MEMBER_ROLES.values() if "mou.sign_agreement" in role.perms]
    members = Membership.objects.filter(person=person, role__in=signs).select_related("organisation").order_by("pk")
    words = [(role.role_label, role.programme.name) for role in roles]
    words += [(row.role_label, row.organisation.name) for row in members]
    return [_t("%(role)s of %(where)s") % {"role": role, "where": where} for role, where in words]


def live_roles_of(person: int | None) -> list[SiteRole | Membership | ProgrammeRole]:
    """What somebody holds today: roles on the site first, in programmes, then in organisations. Three queries."""
    site = SiteRole.objects.live().filter(person=person).order_by("pk")
    roles = ProgrammeRole.objects.live().filter(person=person).select_related("programme").order_by("programme__name", "pk")
    members = Membership.objects.live().filter(person=person).select_related("organisation").order_by("organisation__name", "pk")
    return [*site, *roles, *members]


def acting_for(user: User) -> list[tuple[str, str]]:
    """For core.sharing: (for whom, as what) somebody acts today, each place once with all roles there. One query."""
    if not user.person_id:
        return []
    words = {"site": SITE_ROLES, "programme": PROGRAMME_ROLES, "organisation": MEMBER_ROLES}
    rows = [_held_at(model, place, user.person_id) for place, model in _PLACES.items()]
    places: dict[tuple[int, str, int], list[str]] = {}
    for order, kind, name, key, role, _row in sorted(rows[0].union(*rows[1:], all=True)):
        places.setdefault((order, name or _t("this site"), key), []).append(str(words[kind][role].label))
    return [(name, ", ".join(held)) for (_order, name, _key), held in places.items()]


_PLACES: dict[str, Any] = {"site": SiteRole, "programme": ProgrammeRole, "organisation": Membership}


def _held_at(model: Any, place: str, person: int) -> Any:
    """(order of the kind, kind, name of the place, its key, role, key of the row) of live roles of one kind."""
    name, key = (F(f"{place}__name"), F(place)) if place != "site" else (Value(""), Value(0))
    facts = {"order": Value(list(_PLACES).index(place)), "kind": Value(place), "called": name, "key": key}
    rows = model.objects.live().filter(person=person).order_by().annotate(**facts)
    return rows.values_list("order", "kind", "called", "key", "role", "pk")


def places_of_user() -> Any:
    """For accounts: at how many organisations and programmes, and whether on this site, the person of a User acts today."""
    total: Any = Value(0)
    for place, model in _PLACES.items():
        rows = model.objects.live().filter(person=OuterRef("person")).order_by().values("person")
        distinct = Count(place, distinct=True) if place != "site" else Count("person", distinct=True)
        total = total + Coalesce(Subquery(rows.annotate(number=distinct).values("number")), Value(0))
    return total


def lasting_roles_of(person: Person) -> list[SiteRole | Membership | ProgrammeRole]:
    """What somebody holds today or from a day on, in the same order. Three queries."""
    site = SiteRole.objects.lasting().filter(person=person).order_by("pk")
    roles = ProgrammeRole.objects.lasting().filter(person=person).select_related("programme")
    members = Membership.objects.lasting().filter(person=person).select_related("organisation")
    return [*site, *roles.order_by("programme__name", "pk"), *members.order_by("organisation__name", "pk")]


def keepers_of_the_chain() -> list[str]:
    """The addresses of who audits a programme or administers the site today. Three queries."""
    audits = ProgrammeRole.objects.live().filter(role="auditor").values_list("person", flat=True)
    runs = SiteRole.objects.live().filter(role="administrator").values_list("person", flat=True)
    return addresses_of({*audits, *runs})


def steps_asked_of(person: Person) -> list[str]:
    """Which of today's roles ask for a second step when signing in: "Signatory of Agency". Three queries."""
    found = []
    for row in live_roles_of(person.pk):
        if isinstance(row, SiteRole):
            role, where = SITE_ROLES[row.role], _t("this site")
        elif isinstance(row, ProgrammeRole):
            role, where = PROGRAMME_ROLES[row.role], row.programme.name
        else:
            role, where = MEMBER_ROLES[row.role], row.organisation.name
        if role.second_step:
            found.append(_t("%(role)s of %(where)s") % {"role": role.label, "where": where})
    return found
