"""A cycle of a programme, the hosts in it with their agreements, and the projects they offer."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import PART_ROLES
from core import access
from core.models import Record, known
from core.sharing import Reached, Way
from fellowships import kinds
from fellowships.states import PROJECT_LOOKS, CycleState, PlacementState, ProjectStatus
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import Organisation, Programme, named_at, tree_choices

STANDING = [AgreementState.DRAFT, AgreementState.OUT, AgreementState.IN_FORCE]


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Reading cycles."""

    def visible_to(self, user: User, perm: str = "fellowships.view_cycle") -> Self:
        """Cycles of one's programmes, of those that one's organisation signs for, in which it is a host, in which one is or was
        a fellow, and those that are shared with one or have a placement that is."""
        return self.filter(Cycle.reached.by(access.reach(user, perm)))

    def published(self) -> Self:
        return self.filter(state=CycleState.PUBLISHED)

    def with_hosts(self) -> Self:
        """Each with `hosts`: how many of its hosts everybody may see."""
        return self.annotate(hosts=Count("host", filter=Q(host__organisation__sensitive=False)))

    def not_over(self, today: date) -> Self:
        """Those of which Cycle.over() says no."""
        return self.exclude(ends__lt=today).exclude(starts=None, ends=None, year__lt=today.year)

    def search(self, words: str) -> Self:
        """Every word occurs in the name of the cycle or of the programme."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(programme__name__icontains=word))
        return found

    def programmes(self) -> list[tuple[str, str]]:
        """(ref, name) of the programmes of these cycles: the choices of a filter."""
        return list(self.order_by("programme__name").values_list("programme__ref", "programme__name").distinct())


def undated(programmes: models.QuerySet[Programme]) -> models.QuerySet[Programme]:
    """Those of which no cycle has a first and a last day."""
    return programmes.exclude(pk__in=Cycle.objects.exclude(starts=None).exclude(ends=None).values("programme"))


def _rows(name: str) -> Callable[[], models.QuerySet[Any]]:
    """By name: the models of fellows and placements stand above these."""
    return lambda: apps.get_model(f"fellowships.{name}")._default_manager.all()


class Cycle(Record):
    """One round of a programme. A cycle of an old list may have a year and no days."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    starts = models.DateField(_("first day"), null=True, blank=True)
    ends = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(max_length=20, choices=CycleState, default=CycleState.PREPARING)
    summary = models.TextField(_("summary for the public page"), blank=True, max_length=600)

    personal = kinds.CYCLE
    objects = CycleQuerySet.as_manager()
    reached = Reached(
        "fellowships.view_cycle",
        Way("programme", "programme"),
        Way("signing", "programme__organisation"),
        Way("organisation", "organisation", lambda: Host.objects.all(), "cycle"),
        Way("person", "person", _rows("Fellow"), "cycle", PART_ROLES["fellow"]),
        Way("cycle", "pk"),
        Way("placement", "pk", _rows("Placement"), "host__cycle"),
    )

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_cycle", "Can see the cycle"),
            ("edit_cycle", "Can run the cycle"),
            ("share_cycle", "Can share the cycle with one person"),
        ]
        ordering = ["-year", "-starts", "name"]
        indexes = [models.Index(fields=["programme", "-year", "id"], name="cycle_of_programme")]
        constraints = [
            known("state", CycleState.values, "cycle_state_known"),
            models.UniqueConstraint(name="cycle_name_once", fields=["programme", "name"]),
            models.CheckConstraint(
                name="cycle_ends_after_start", condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=models.F("starts"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        """The word for how it stands: one that is over and was never published is not in preparation any more."""
        return _t("Over") if self.state == CycleState.PREPARING and self.over(timezone.localdate()) else self.get_state_display()

    def over(self, today: date) -> bool:
        """Its last day is past, or it has no days and its year is."""
        return self.ends < today if self.ends else bool(self.starts is None and self.year and self.year < today.year)

    def week(self, today: date) -> tuple[int, int] | None:
        """(which week this is, how many there are) while it runs."""
        if self.starts is None or self.ends is None or not self.starts <= today <= self.ends:
            return None
        return (today - self.starts).days // 7 + 1, (self.ends - self.starts).days // 7 + 1


class HostQuerySet(models.QuerySet["Host"]):
    """Reading hosts."""

    def visible_to(self, user: User, perm: str = "fellowships.view_cycle") -> Self:
        """Those of one's programmes, of those that one's organisation signs for and of cycles that are shared with one; one's own
        organisations, and where one is or was placed or a placement is shared with one: never the others of a cycle."""
        reach = access.reach(user, perm)
        # By name: the models of placements stand above this one.
        placed = Q(placement__fellow__person__in=reach["person"]) | Q(placement__in=reach["placement"])
        return self.filter(
            Q(cycle__programme__in=reach["programme"])
            | Q(cycle__programme__organisation__in=reach["signing"])
            | Q(organisation__in=reach["organisation"])
            | Q(cycle__in=reach["cycle"])
            | Q(pk__in=Host.objects.filter(placed).order_by().values("pk"))
        )

    def published(self) -> Self:
        return self.for_public().filter(cycle__state=CycleState.PUBLISHED)

    def for_public(self) -> Self:
        """What everybody may see of these once their cycle is published."""
        return self.filter(organisation__sensitive=False)

    def with_words(self) -> Self:
        """With the agreement, its parties, and who has signed it."""
        agreements = Agreement.objects.with_signatures()
        return self.select_related("organisation", "cycle__programme__organisation").prefetch_related(
            Prefetch("agreement", queryset=agreements)
        )

    def with_people(self) -> Self:
        """Each with `people`: how many work or are to work there."""
        standing = ~Q(placement__state=PlacementState.WITHDRAWN)
        return self.annotate(people=Count("placement__fellow", filter=standing, distinct=True))

    def without_agreement(self) -> Self:
        """Neither one that stands nor a draft of one, and not the organisation that signs for the programme itself."""
        others = ~Q(cycle__programme__organisation=F("organisation")) | Q(cycle__programme__organisation=None)
        return self.filter(others, Q(agreement=None) | ~Q(agreement__state__in=STANDING))

    def soon(self, days: int) -> Self:
        """Their cycle starts within so many days, or has started and is not over."""
        today = timezone.localdate()
        return self.filter(cycle__starts__lte=today + timedelta(days=days), cycle__ends__gte=today)

    def numbers_by_cycle(self) -> dict[int, int]:
        """{cycle: how many hosts}, in one query."""
        return dict(self.order_by().values_list("cycle").annotate(Count("pk")))


class Host(Record):
    """An organisation that takes fellows in a cycle, and the agreement under which it does."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = HostQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["organisation__name"]
        constraints = [models.UniqueConstraint(name="host_once_a_cycle", fields=["cycle", "organisation"])]

    def __str__(self) -> str:
        return self.organisation.name


class ProjectQuerySet(models.QuerySet["Project"]):
    """Reading projects."""

    def visible_to(self, user: User, perm: str = "fellowships.view_cycle") -> Self:
        """Those of one's programmes, of those that one's organisation signs for, those that it offers, and those that are or
        were worked on there, by oneself, or in what is shared with one."""
        reach = access.reach(user, perm)
        # By name: the models of placements stand above this one.
        there = Q(placement__host__organisation__in=reach["organisation"]) | Q(placement__fellow__person__in=reach["person"])
        there |= Q(placement__in=reach["placement"]) | Q(placement__host__cycle__in=reach["cycle"])
        return self.filter(
            Q(programme__in=reach["programme"])
            | Q(programme__organisation__in=reach["signing"])
            | Q(organisation__in=reach["organisation"])
            | Q(pk__in=Project.objects.filter(there).order_by().values("pk"))
        )

    def for_host(self, host: Host) -> Self:
        """Those of the programme that this host offers, and those that nobody in particular does."""
        return self.filter(Q(organisation=None) | Q(organisation=host.organisation), programme=host.cycle.programme)

    def to_do(self) -> Self:
        """Neither finished nor stopped."""
        return self.exclude(status__in=[ProjectStatus.FINISHED, ProjectStatus.STOPPED])

    def search(self, words: str) -> Self:
        """Every word occurs in the title, the problem, the summary or the name of the organisation."""
        found = self
        for word in words.split()[:8]:
            texts = Q(title__icontains=word) | Q(problem__icontains=word) | Q(summary__icontains=word)
            found = found.filter(texts | named_at("organisation", word))
        return found

    def with_people(self, placements: models.QuerySet[Any]) -> Self:
        """Each with `people`: how many work or worked on it, in those of these placements that were not withdrawn."""
        standing = placements.exclude(state=PlacementState.WITHDRAWN).filter(project=OuterRef("pk")).order_by()
        people = standing.values("project").annotate(people=Count("fellow", distinct=True)).values("people")
        return self.annotate(people=Coalesce(Subquery(people), 0))

    def programmes(self) -> list[tuple[str, str]]:
        """(ref, name) of the programmes of these: the choices of a filter."""
        return list(self.order_by("programme__name").values_list("programme__ref", "programme__name").distinct())

    def organisations(self) -> list[tuple[str, str]]:
        """(ref, name) of those who offer these."""
        return tree_choices(self, "organisation")


class Project(Record):
    """What a host wants to get done. `status` is what is known of it, `status_as_written` the word of an imported list."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(max_length=20, choices=ProjectStatus, default=ProjectStatus.UNKNOWN)
    status_as_written = models.CharField(max_length=100, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    problem = models.TextField(_("problem"), blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    about = models.TextField(_("about"), blank=True)
    scope = models.JSONField(_("description for the agreement"), default=dict, blank=True)  # {mou.kinds.ScopeField.id: text}

    objects = ProjectQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["title", "pk"]
        constraints = [known("status", ProjectStatus.values, "project_status_known")]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """How the status looks."""
        return PROJECT_LOOKS[self.status]
