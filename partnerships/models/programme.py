"""Programmes, who holds which role in them, and what roles of both kinds give today."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User, addresses_of
from accounts.roles import MEMBER_ROLES, OWN_PERMS, PROGRAMME_ROLES, programme_role_choices
from core import access
from core.calendar import Calendar
from core.models import Record
from partnerships.models.organisation import LiveQuerySet, Membership, Organisation

YEAR = timedelta(days=366)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Reading programmes."""

    def visible_to(self, user: User, perm: str = "fellowships.view_cycle") -> Self:
        """Programmes in which one holds a role."""
        return self.filter(pk__in=access.reach(user, perm)["programme"])

    def run_by(self, user: User) -> Self:
        """Programmes that one coordinates."""
        return self.visible_to(user, "fellowships.edit_cycle")


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

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
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
        public = [_t("the public holidays of %(place)s") % {"place": self.calendar}] if self.calendar else []
        return "; ".join(public + local) or _t("none")

    def coordinators(self) -> list[Person]:
        """Who runs it today."""
        rows = ProgrammeRole.objects.live().filter(programme=self, role="coordinator").select_related("person").order_by("pk")
        return [row.person for row in rows]

    def coordinator_addresses(self) -> list[str]:
        """Where messages about the programme go."""
        return addresses_of(self.coordinators())


class ProgrammeRole(models.Model):
    """Who holds which role in a programme, from when until when (the first day that no longer counts)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    role = models.CharField(max_length=30, choices=programme_role_choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = LiveQuerySet.as_manager()

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


def live_scopes(user: User, perm: str) -> access.Scopes:
    """For core.access: where `user` holds `perm` today, as keys: organisations, programmes, and what is one's own.

    "signing" are the organisations in whose programmes one holds it: those that they sign for.
    """
    giving = [role.slug for role in MEMBER_ROLES.values() if perm in role.perms | role.signing]
    members = Membership.objects.live().filter(person=user.person_id, role__in=giving)
    held = [(organisation, MEMBER_ROLES[role]) for organisation, role in members.values_list("organisation", "role")]
    roles = ProgrammeRole.objects.giving(perm, PROGRAMME_ROLES).filter(person=user.person_id)
    return {
        "organisation": [organisation for organisation, role in held if perm in role.perms],
        "signing": [organisation for organisation, role in held if perm in role.signing],
        "programme": list(roles.values_list("programme", flat=True)),
        "person": [user.person_id] if user.person_id and perm in OWN_PERMS else [],
    }


def live_roles_of(person: int | None) -> list[Membership | ProgrammeRole]:
    """What somebody holds today: roles in programmes first, then in organisations. Two queries."""
    roles = ProgrammeRole.objects.live().filter(person=person).select_related("programme").order_by("programme__name", "pk")
    members = Membership.objects.live().filter(person=person).select_related("organisation").order_by("organisation__name", "pk")
    return [*roles, *members]
