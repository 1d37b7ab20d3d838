"""A cycle of a programme, the hosts in it with their agreements, and the projects they offer."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import access
from core.models import Record, known
from fellowships.states import CycleState, ProjectStatus
from mou.models import Agreement
from partnerships.models import Organisation, Programme


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Reading cycles."""

    def visible_to(self, user: User, perm: str = "fellowships.view_cycle") -> Self:
        """Cycles of one's programmes, of which one's organisation is a host, and in which one is or was a fellow."""
        reach = access.reach(user, perm)
        hosting = Host.objects.filter(organisation__in=reach["organisation"])
        # By name: the models of fellows stand above this one.
        return self.filter(
            Q(programme__in=reach["programme"]) | Q(pk__in=hosting.values("cycle")) | Q(fellow__person__in=reach["person"])
        ).distinct()

    def published(self) -> Self:
        return self.filter(state=CycleState.PUBLISHED)

    def search(self, words: str) -> Self:
        """Every word occurs in the name of the cycle or of the programme."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(programme__name__icontains=word))
        return found


class Cycle(Record):
    """One round of a programme. A cycle of an old list may have a year and no days."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    starts = models.DateField(_("first day"), null=True, blank=True)
    ends = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(max_length=20, choices=CycleState, default=CycleState.PREPARING)
    summary = models.TextField(_("summary for the public page"), blank=True, max_length=600)

    objects = CycleQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("view_cycle", "Can see the cycle"), ("edit_cycle", "Can run the cycle")]
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


class Host(Record):
    """An organisation that takes fellows in a cycle, and the agreement under which it does."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["organisation__name"]
        constraints = [models.UniqueConstraint(name="host_once_a_cycle", fields=["cycle", "organisation"])]

    def __str__(self) -> str:
        return self.organisation.name


class Project(Record):
    """What a host wants to get done. `status` is what is known of it, `status_raw` the word an imported list had for that."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(max_length=20, choices=ProjectStatus, default=ProjectStatus.UNKNOWN)
    status_raw = models.CharField(max_length=100, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    problem = models.TextField(_("problem"), blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    about = models.TextField(_("about"), blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["title", "pk"]
        constraints = [known("status", ProjectStatus.values, "project_status_known")]

    def __str__(self) -> str:
        return self.title
