"""A fellow in a cycle, and where they work in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from accounts.roles import PART_ROLES
from core import access
from core.models import Record, known
from core.sharing import Reached, Way
from fellowships import kinds
from fellowships.models.cycle import Cycle, Host, Project
from fellowships.states import OVER, CycleState, FellowState, PlacementState
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import named_at, tree_choices

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Counts:
    """A cohort in numbers. `people` = `places` + `replacements`: who leaves stays counted, and so does who follows."""

    people: int
    places: int
    placed: int
    unplaced: int
    withdrawn: int
    replaced: int


NOBODY = Counts(people=0, places=0, placed=0, unplaced=0, withdrawn=0, replaced=0)
ON = Q(state=FellowState.TAKES_PART)
# What each figure of a cohort counts, and what the list behind it shows. Needs with_placed().
GROUPS: Mapping[str, Q] = {
    "places": Q(replaces=None),
    "placed": ON & Q(has_place=True),
    "unplaced": ON & Q(has_place=False),
    "withdrawn": ~ON,
    "replaced": ~ON & Q(is_followed=True),
}


def _numbers() -> dict[str, models.Count]:
    return {"people": models.Count("pk")} | {name: models.Count("pk", filter=group) for name, group in GROUPS.items()}


class FellowQuerySet(models.QuerySet["Fellow"]):
    """Reading the people of cohorts."""

    def visible_to(self, user: User, perm: str = "fellowships.view_placement") -> Self:
        """Oneself, who works at one's organisation, and the cohorts of one's programmes and of those that it signs for; the
        cohort of a cycle and the fellow of a placement that are shared with one."""
        reach = access.reach(user, perm)
        there = Placement.objects.filter(Q(host__organisation__in=reach["organisation"]) | Q(pk__in=reach["placement"]))
        return self.filter(
            Q(person__in=reach["person"])
            | Q(cycle__in=reach["cycle"])
            | Q(cycle__programme__in=reach["programme"])
            | Q(cycle__programme__organisation__in=reach["signing"])
            | Q(pk__in=there.values("fellow"))
        )

    def with_placed(self) -> Self:
        """Each with `has_place`: a placement that was not withdrawn; and `is_followed`: somebody follows in the place."""
        standing = Placement.objects.filter(fellow=OuterRef("pk")).exclude(state=PlacementState.WITHDRAWN)
        follower = Fellow.objects.filter(replaces=OuterRef("pk"))
        return self.annotate(has_place=Exists(standing), is_followed=Exists(follower))

    def counts(self) -> Counts:
        """In one query, from rows: nothing is counted by hand."""
        return Counts(**self.with_placed().order_by().aggregate(**_numbers()))

    def counts_by_cycle(self) -> dict[int, Counts]:
        """{cycle: its counts}, in one query for all of them. A cycle without anybody is not in it."""
        rows = self.with_placed().order_by().values("cycle").annotate(**_numbers())
        return {cycle: Counts(*numbers) for cycle, *numbers in rows.values_list("cycle", "people", *GROUPS)}

    def in_group(self, name: str) -> Self:
        """Those whom the figure of this name counts: a key of GROUPS."""
        return self.with_placed().filter(GROUPS[name])

    def search(self, words: str) -> Self:
        """Every word occurs in the name or in the home."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(person__name__icontains=word) | Q(home__icontains=word))
        return found

    def with_placements(self, placements: "PlacementQuerySet") -> Self:
        """With the person, and those of their placements that are among these."""
        rows = placements.with_words().with_cover().order_by("pk")
        return (
            self.with_placed()
            .select_related("person", "cycle")
            .prefetch_related(Prefetch("placement_set", queryset=rows, to_attr="shown"))
        )


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

    personal = kinds.FELLOW
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

    def outlook(self) -> tuple[str, str]:
        """(word, tone) of a place in the cohort, the worst of its placements. After with_placements()."""
        if self.state == FellowState.WITHDRAWN:
            return _t("Left"), "gone"
        shown: list[Placement] = getattr(self, "shown", [])
        standing = [placement.outlook() for placement in shown if placement.state != PlacementState.WITHDRAWN]
        if not standing:
            return _t("Unplaced"), "wait"
        return min(standing, key=lambda found: TROUBLE.index(found[1]))

    def where(self) -> str:
        """The hosts of its placements, or of those that ended. After with_placements()."""
        shown: list[Placement] = getattr(self, "shown", [])
        standing = [placement for placement in shown if placement.state != PlacementState.WITHDRAWN]
        return ", ".join(dict.fromkeys(placement.host.organisation.label for placement in standing or shown))


def parts_of(person: Person) -> list[Fellow]:
    """Where somebody takes part and has not left, each with cycle and programme."""
    rows = Fellow.objects.filter(person=person, state=FellowState.TAKES_PART).select_related("cycle__programme")
    return list(rows.order_by("cycle__name", "pk"))


TROUBLE = ("bad", "wait", "info", "good", "gone")


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Reading placements."""

    def visible_to(self, user: User, perm: str = "fellowships.view_placement") -> Self:
        """One's own, those at one's organisation, those of one's programmes and of those that it signs for; those that are
        shared with one, or whose cycle is."""
        return self.filter(Placement.reached.by(access.reach(user, perm)))

    def standing(self) -> Self:
        return self.exclude(state=PlacementState.WITHDRAWN)

    def with_words(self) -> Self:
        return self.select_related(
            "fellow__person", "host__organisation", "host__cycle__programme", "host__agreement", "project", "agreement"
        )

    def with_reasons(self) -> Self:
        """With all that the sentence needs that says why one cannot start: who has signed the host's agreement."""
        agreements = Prefetch("host__agreement", queryset=Agreement.objects.with_signatures())
        return self.select_related(
            "fellow__person", "host__organisation", "host__cycle__programme", "project", "agreement"
        ).prefetch_related(agreements)

    def with_days(self) -> Self:
        """Each with `first` and `last`: its own days, or the cycle's."""
        return self.annotate(first=Coalesce("starts", "host__cycle__starts"), last=Coalesce("ends", "host__cycle__ends"))

    def with_cover(self) -> Self:
        """Each with `covered`: an agreement in force with its host covers every day of it."""
        covering = Agreement.objects.filter(
            state=AgreementState.IN_FORCE,
            programme=OuterRef("host__cycle__programme"),
            starts__lte=OuterRef("first"),
            ends__gte=OuterRef("last"),
            party__organisation=OuterRef("host__organisation"),
        )
        return self.with_days().annotate(covered=Exists(covering))

    def to_start(self, today: date | None = None) -> Self:
        """Planned, and their first day is within two weeks or past."""
        soon = (today or timezone.localdate()) + SOON
        takes_part = Q(fellow__state=FellowState.TAKES_PART)
        return self.with_days().filter(takes_part, state=PlacementState.PLANNED, first__lte=soon)

    def search(self, words: str) -> Self:
        """Every word occurs in the name of the fellow, of the host or of the project."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(fellow__person__name__icontains=word) | named_at("host__organisation", word) | Q(project__title__icontains=word)
            )
        return found

    def running(self) -> Self:
        """Planned or active: what there is to look after now."""
        return self.filter(state__in=[PlacementState.PLANNED, PlacementState.ACTIVE], fellow__state=FellowState.TAKES_PART)

    def for_public(self) -> Self:
        """What everybody may see of these once their cycle is published: standing, of somebody who takes part, not at a host
        that is sensitive.

        Each with `named`: the person agrees, at this moment, that their name is shown.
        """
        named = Person.objects.named_in_public().filter(pk=OuterRef("fellow__person"))
        shown = self.standing().filter(fellow__state=FellowState.TAKES_PART, host__organisation__sensitive=False)
        return shown.annotate(named=Exists(named))

    def published(self) -> Self:
        return self.for_public().filter(host__cycle__state=CycleState.PUBLISHED)

    def people_by_cycle(self) -> dict[int, int]:
        """{cycle: how many people}, in one query."""
        return dict(self.order_by().values_list("host__cycle").annotate(models.Count("fellow", distinct=True)))

    def projects(self) -> list[dict[str, Any]]:
        """What is worked on: {number, title, where, people}, by title; `number` is the ref of the project."""
        rows = self.standing().exclude(project=None).order_by("project__title", "host__organisation__name")
        names = {"number": F("project__ref"), "title": F("project__title"), "where": F("host__organisation__name")}
        counted: Any = rows.values(**names).annotate(people=models.Count("fellow", distinct=True))
        return list(counted)

    def organisations(self) -> list[tuple[str, str]]:
        """(ref, name) of the hosts of these placements: the choices of a filter."""
        return tree_choices(self, "host__organisation")

    def cycles(self) -> list[tuple[str, str]]:
        """(ref, "cycle, programme") of these placements, the latest first."""
        rows = self.order_by("-host__cycle__year", "-host__cycle__starts", "host__cycle__name").values_list(
            "host__cycle__ref", "host__cycle__name", "host__cycle__programme__name"
        )
        return [(ref, f"{name}, {programme}") for ref, name, programme in rows.distinct()]


class Placement(Record):
    """A fellow at a host. ACTIVE needs an agreement in force that covers its days, COMPLETED a handover whose required
    sections are accepted or waived: the database refuses without."""

    fellow = models.ForeignKey(Fellow, on_delete=models.PROTECT)
    host = models.ForeignKey(Host, on_delete=models.PROTECT)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=20, choices=PlacementState, default=PlacementState.PLANNED)
    starts = models.DateField(_("first day"), null=True, blank=True)
    ends = models.DateField(_("last day"), null=True, blank=True)
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    personal = kinds.PLACEMENT
    objects = PlacementQuerySet.as_manager()
    reached = Reached(
        "fellowships.view_placement",
        Way("person", "fellow__person", part=PART_ROLES["fellow"]),
        Way("organisation", "host__organisation"),
        Way("programme", "host__cycle__programme"),
        Way("signing", "host__cycle__programme__organisation"),
        Way("cycle", "host__cycle"),
        Way("placement", "pk"),
    )

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_placement", "Can see the placement"),
            ("edit_placement", "Can plan and start it"),
            ("share_placement", "Can share the placement with one person"),
        ]
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
                condition=~Q(state__in=[PlacementState.ACTIVE, PlacementState.COMPLETED])
                | Q(starts__isnull=False, ends__isnull=False, agreement__isnull=False),
            ),
            models.CheckConstraint(
                name="placement_ended_has_day",
                condition=Q(state__in=OVER, ended_on__isnull=False) | ~Q(state__in=OVER) & Q(ended_on=None),
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

    def in_text(self) -> dict[str, Any]:
        """As Exhibit 1 of the host's agreement has it. Days outside the cycle stay what they are: the text has to cover them."""
        return {
            "ref": self.ref,
            "label": self.fellow.person.name,
            "project": self.project.title if self.project else "",
            "problem": self.project.problem if self.project else "",
            "summary": self.project.summary if self.project else "",
            "scope": self.project.scope if self.project else {},
            "starts": self.first_day and self.first_day.isoformat(),
            "ends": self.last_day and self.last_day.isoformat(),
        }

    def outlook(self, covered: bool | None = None) -> tuple[str, str]:
        """(word, tone) of how it stands, worked out from the day. `covered` is asked for, or known from with_cover()."""
        today = timezone.localdate()
        if self.state == PlacementState.PLANNED:
            if getattr(self, "covered", False) if covered is None else covered:
                return self.get_state_display(), "info"
            first = self.first_day
            return (_t("Blocked"), "bad") if first and first <= today + SOON else (_t("Unsigned"), "wait")
        if self.state == PlacementState.ACTIVE:
            over = self.last_day is not None and self.last_day < today
            return (_t("Ended"), "gone") if over else (self.get_state_display(), "good")
        if self.state == PlacementState.COMPLETED:
            return self.get_state_display(), "good"
        return self.get_state_display(), "gone"
