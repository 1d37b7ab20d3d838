"""A fellow in a cycle, and where they work in it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from core import access
from core.models import Record, known
from fellowships.models.cycle import Cycle, Host, Project
from fellowships.states import FellowState, PlacementState
from mou.models import Agreement


@dataclass(frozen=True)
class Counts:
    """A cohort in numbers. `people` = `places` + `replacements`: who leaves stays counted, and so does who follows."""

    people: int
    places: int
    placed: int
    unplaced: int
    withdrawn: int
    replaced: int


class FellowQuerySet(models.QuerySet["Fellow"]):
    """Reading the people of cohorts."""

    def visible_to(self, user: User, perm: str = "fellowships.view_placement") -> Self:
        """Oneself, who works at one's organisation, and the cohorts of one's programmes."""
        reach = access.reach(user, perm)
        there = Placement.objects.filter(host__organisation__in=reach["organisation"])
        return self.filter(
            Q(person__in=reach["person"]) | Q(cycle__programme__in=reach["programme"]) | Q(pk__in=there.values("fellow"))
        )

    def with_placed(self) -> Self:
        """Each with `placed`: has a placement that was not withdrawn."""
        standing = Placement.objects.filter(fellow=OuterRef("pk")).exclude(state=PlacementState.WITHDRAWN)
        return self.annotate(placed=Exists(standing), followed=Exists(Fellow.objects.filter(replaces=OuterRef("pk"))))

    def counts(self) -> Counts:
        """In one query, from rows: nothing is counted by hand."""
        on = Q(state=FellowState.TAKES_PART)
        row = self.with_placed().aggregate(
            people=models.Count("pk"),
            places=models.Count("pk", filter=Q(replaces=None)),
            placed=models.Count("pk", filter=on & Q(placed=True)),
            unplaced=models.Count("pk", filter=on & Q(placed=False)),
            withdrawn=models.Count("pk", filter=~on),
            replaced=models.Count("pk", filter=~on & Q(followed=True)),
        )
        return Counts(**row)


class Fellow(Record):
    """A person's part in one cycle. Who follows somebody that left is a row of its own that says whom it replaces."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=FellowState, default=FellowState.TAKES_PART)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    left_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    skills = models.JSONField(default=list, blank=True)
    home = models.CharField(_("home"), max_length=200, blank=True)

    objects = FellowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["person__name", "pk"]
        constraints = [
            known("state", FellowState.values, "fellow_state_known"),
            models.UniqueConstraint(name="fellow_once_a_cycle", fields=["cycle", "person"]),
            models.CheckConstraint(
                name="fellow_left_when_withdrawn",
                condition=Q(state=FellowState.WITHDRAWN, left_on__isnull=False)
                | Q(state=FellowState.TAKES_PART, left_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Reading placements."""

    def visible_to(self, user: User, perm: str = "fellowships.view_placement") -> Self:
        """One's own, those at one's organisation, those of one's programmes."""
        reach = access.reach(user, perm)
        return self.filter(
            Q(fellow__person__in=reach["person"])
            | Q(host__organisation__in=reach["organisation"])
            | Q(host__cycle__programme__in=reach["programme"])
        )

    def standing(self) -> Self:
        return self.exclude(state=PlacementState.WITHDRAWN)

    def with_words(self) -> Self:
        return self.select_related(
            "fellow__person", "host__organisation", "host__cycle__programme", "host__agreement", "project", "agreement"
        )


class Placement(Record):
    """A fellow at a host. ACTIVE needs an agreement in force that covers its days: the database refuses without it."""

    fellow = models.ForeignKey(Fellow, on_delete=models.PROTECT)
    host = models.ForeignKey(Host, on_delete=models.PROTECT)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=20, choices=PlacementState, default=PlacementState.PLANNED)
    starts = models.DateField(_("first day"), null=True, blank=True)
    ends = models.DateField(_("last day"), null=True, blank=True)
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("view_placement", "Can see the placement"), ("edit_placement", "Can plan and start it")]
        ordering = ["host__organisation__name", "fellow__person__name", "pk"]
        indexes = [models.Index(fields=["host", "state"], name="placement_of_host")]
        constraints = [
            known("state", PlacementState.values, "placement_state_known"),
            models.UniqueConstraint(
                name="placement_once_a_project",
                fields=["fellow", "host", "project"],
                condition=Q(project__isnull=False) & ~Q(state=PlacementState.WITHDRAWN),
            ),
            models.UniqueConstraint(
                name="placement_once_without_project",
                fields=["fellow", "host"],
                condition=Q(project=None) & ~Q(state=PlacementState.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="placement_ends_after_start", condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=F("starts"))
            ),
            models.CheckConstraint(
                name="placement_active_has_days_and_agreement",
                condition=~Q(state=PlacementState.ACTIVE) | Q(starts__isnull=False, ends__isnull=False, agreement__isnull=False),
            ),
            models.CheckConstraint(
                name="placement_withdrawn_has_day",
                condition=Q(state=PlacementState.WITHDRAWN, ended_on__isnull=False)
                | ~Q(state=PlacementState.WITHDRAWN) & Q(ended_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fellow.person} · {self.host.organisation.label}"

    @property
    def first_day(self) -> date | None:
        """Its own, or the cycle's."""
        return self.starts or self.host.cycle.starts

    @property
    def last_day(self) -> date | None:
        """Its own, or the cycle's."""
        return self.ends or self.host.cycle.ends
