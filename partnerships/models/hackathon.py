"""A hackathon: an event whose outputs are followed for a year."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person, User
from accounts.roles import PART_ROLES
from core import access
from core.models import Record, known, pair
from core.sharing import Reached, Way
from partnerships import kinds
from partnerships.models.organisation import Membership, Organisation, named_at
from partnerships.models.programme import Programme
from partnerships.states import DEFAULT_DAYS, LONGEST, MOST_QUESTIONS, ROUND, HackathonState

VIEW = "partnerships.view_hackathon"


def default_days() -> list[int]:
    """After how many days it is asked what became of an output, unless somebody says otherwise."""
    return list(DEFAULT_DAYS)


def spaced(days: list[int]) -> list[int]:
    """The same days in order. Raises ValidationError where one could not be asked to its end before the next is due."""
    found = sorted(days)
    if not 1 <= len(found) <= MOST_QUESTIONS:
        raise ValidationError(_("Ask at least once and at most %(most)s times.") % {"most": MOST_QUESTIONS})
    if found[0] < 1 or found[-1] > LONGEST:
        raise ValidationError(_("Write numbers of days from 1 to %(longest)s.") % {"longest": LONGEST})
    if any(later - earlier < ROUND.days for earlier, later in pairwise(found)):
        words = {"days": ROUND.days}
        raise ValidationError(
            _("Leave at least %(days)s days between two questions: one is reminded of twice before the next is due.") % words
        )
    return found


class HackathonQuerySet(models.QuerySet["Hackathon"]):
    """Reading hackathons."""

    def visible_to(self, user: User, perm: str = VIEW) -> Self:
        """Those of one's programmes and of those that one's organisation signs for; those with an output for one's
        organisation, or for which one answers; those that are shared with one."""
        return self.filter(Hackathon.reached.by(access.reach(user, perm)))

    def published(self) -> Self:
        """Let out by its programme, and not held by an organisation that is sensitive."""
        return self.filter(published_at__isnull=False, organiser__sensitive=False)

    def search(self, words: str) -> Self:
        """Every word occurs in the title, the place, or the name of who held it."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(title__icontains=word) | Q(venue__icontains=word) | named_at("organiser", word))
        return found

    def programmes(self) -> list[tuple[str, str]]:
        """(ref, name) of the programmes of these: the choices of a filter."""
        return list(self.order_by("programme__name").values_list("programme__ref", "programme__name").distinct())

    def with_gaps(self) -> Self:
        """Each with `outputs`: how many it has, and `incomplete`: how many lack an agency or an owner."""
        gap = Q(output__isnull=False) & (Q(output__agency=None) | Q(output__owner=None))
        return self.annotate(outputs=Count("output"), incomplete=Count("output", filter=gap))

    def over(self, today: date) -> Self:
        """Open, and the last day is past or is today: it can be closed."""
        return self.filter(state=HackathonState.OPEN, ends__lte=today)


def here(reach: access.Reach) -> list[int]:
    """Where one works today. Who answers for an output answers as long as they work at its agency, and no longer."""
    return list(Membership.objects.live().filter(person__in=reach["person"]).values_list("organisation", flat=True))


def _outputs() -> models.QuerySet[Any]:
    # By name: the models of outputs stand above this one.
    found: models.QuerySet[Any] = apps.get_model("partnerships.Output")._default_manager.all()
    return found


def at_work() -> Exists:
    """Of an output: its owner holds a role at its agency today."""
    return Exists(Membership.objects.live().filter(person=OuterRef("owner"), organisation=OuterRef("agency")))


class Hackathon(Record):
    """An event of a programme. It is open until its outputs are complete; closing it plans the questions."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    organiser = models.ForeignKey(Organisation, verbose_name=gettext_lazy("organiser"), on_delete=models.PROTECT)
    title = models.CharField(gettext_lazy("title"), max_length=200)
    summary = models.TextField(gettext_lazy("summary"), max_length=600, blank=True)
    starts = models.DateField(gettext_lazy("first day"))
    ends = models.DateField(gettext_lazy("last day"))
    venue = models.CharField(gettext_lazy("place"), max_length=300, blank=True)
    in_person = models.PositiveIntegerField(gettext_lazy("people on the spot"), null=True, blank=True)
    online = models.PositiveIntegerField(gettext_lazy("people online"), null=True, blank=True)
    users = models.PositiveIntegerField(gettext_lazy("of them, people who live with the problem"), null=True, blank=True)
    follow_up_days = models.JSONField(gettext_lazy("days after which it is asked"), default=default_days)
    state = models.CharField(max_length=20, choices=HackathonState, default=HackathonState.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    personal = kinds.HACKATHON
    objects = HackathonQuerySet.as_manager()
    reached = Reached(
        VIEW,
        Way("programme", "programme"),
        Way("signing", "programme__organisation"),
        Way("organisation", "agency", _outputs, "hackathon"),
        Way("person", "owner", lambda: _outputs().filter(at_work()), "hackathon", PART_ROLES["owner"]),
        Way("hackathon", "pk"),
    )

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_hackathon", "Can see the hackathon"),
            ("edit_hackathon", "Can run the hackathon"),
            ("answer_follow_up", "Can say what became of an output"),
            ("share_hackathon", "Can share the hackathon with one person"),
        ]
        ordering = ["-starts", "title", "pk"]
        constraints = [
            known("state", HackathonState.values, "hackathon_state_known"),
            models.UniqueConstraint(name="hackathon_title_once", fields=["programme", "title"]),
            models.CheckConstraint(name="hackathon_ends_after_start", condition=Q(ends__gte=F("starts"))),
            models.CheckConstraint(
                name="hackathon_closed_on_a_day",
                condition=Q(state=HackathonState.CLOSED, closed_on__isnull=False) | Q(state=HackathonState.OPEN, closed_on=None),
            ),
            models.CheckConstraint(name="hackathon_closed_when_over", condition=Q(closed_on=None) | Q(closed_on__gte=F("ends"))),
            pair("published_at", "published_by", "hackathon_published_pair"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def closed(self) -> bool:
        return self.state == HackathonState.CLOSED

    @property
    def kept_back(self) -> bool:
        """It is on no public page, whoever published it: its organiser is sensitive."""
        return self.organiser.sensitive

    @property
    def people(self) -> int | None:
        """How many took part, where both numbers are known or one is."""
        known_numbers = [number for number in (self.in_person, self.online) if number is not None]
        return sum(known_numbers) if known_numbers else None

    def questions(self) -> list[tuple[int, date]]:
        """(days, day on which it is due) of each question, the soonest first. Counted from the last day."""
        return [(days, self.ends + timedelta(days=days)) for days in sorted(self.follow_up_days)]


class HackathonShare(access.Share):
    """A hackathon shared with one person: a juror."""

    part, opens = PART_ROLES["juror"], VIEW
    content_object = models.ForeignKey(Hackathon, on_delete=models.CASCADE)
    personal = kinds.HACKATHON_SHARE
