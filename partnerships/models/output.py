"""What a team of a hackathon made, who answers for it, and what is known of what became of it."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person, User, addresses_of
from core import access
from core.models import Record, known
from partnerships import kinds
from partnerships.models.hackathon import VIEW, Hackathon, here
from partnerships.models.organisation import Membership, Organisation
from partnerships.states import LOOKS, NOT_ASKED, FollowUpState, Outcome, OutputKind

is_address = URLValidator(schemes=["http", "https"])


def reached(user: User, perm: str, output: str = "") -> Q:
    """Outputs of one's programmes and of those that one's organisation signs for; of one's organisation; one's own; those of
    hackathons that are shared with one.

    `output`: the way to the output from what is filtered, such as "output__". Others of the same hackathon are not seen.
    """
    reach = access.reach(user, perm)
    return (
        Q(**{f"{output}hackathon__programme__in": reach["programme"]})
        | Q(**{f"{output}hackathon__programme__organisation__in": reach["signing"]})
        | Q(**{f"{output}agency__in": reach["organisation"]})
        | Q(**{f"{output}owner__in": reach["person"], f"{output}agency__in": here(reach)})
        | Q(**{f"{output}hackathon__in": reach["hackathon"]})
    )


def at_hand(output: str = "") -> Exists:
    """The owner still works at the agency, and can sign in to answer. `output`: as in reached()."""
    return Exists(
        Membership.objects.live().filter(
            person=OuterRef(f"{output}owner"),
            organisation=OuterRef(f"{output}agency"),
            person__in=User.objects.filter(is_active=True).values("person"),
        )
    )


class OutputQuerySet(models.QuerySet["Output"]):
    """Reading outputs."""

    def visible_to(self, user: User, perm: str = VIEW) -> Self:
        return self.filter(reached(user, perm))

    def published(self) -> Self:
        """Of a published hackathon, and not of an agency that is sensitive."""
        return self.for_public().filter(hackathon__in=Hackathon.objects.published())

    def for_public(self) -> Self:
        """What everybody may see of these once their hackathon is published."""
        return self.filter(~Q(agency__sensitive=True))

    def with_present(self) -> Self:
        """Each with its present state: that of the latest question that was answered or given up.

        `outcome` ("" before the first), `outcome_days`, `outcome_id`; `asked` whether a question is open; `next_due`.
        """
        questions = Output.objects.filter(pk=OuterRef("pk"))
        settled = [FollowUpState.ANSWERED, FollowUpState.UNKNOWN]
        latest = questions.filter(followup__state__in=settled).order_by("-followup__days")[:1]
        coming = questions.filter(followup__state=FollowUpState.SCHEDULED).order_by("followup__days")[:1]
        return self.select_related("hackathon", "agency", "owner").annotate(
            outcome=Coalesce(Subquery(latest.values("followup__outcome")), Value(NOT_ASKED)),
            outcome_days=Subquery(latest.values("followup__days")),
            outcome_id=Subquery(latest.values("followup__pk")),
            asked=Exists(questions.filter(followup__state=FollowUpState.ASKED)),
            next_due=Subquery(coming.values("followup__due")),
        )

    def with_owner(self) -> Self:
        """Each with `at_hand`: whether its owner works at the agency today and can sign in."""
        return self.annotate(at_hand=at_hand())

    def with_names(self) -> Self:
        """Each with `named`: whether its owner agrees to be named in public."""
        return self.annotate(named=Exists(Person.objects.named_in_public().filter(pk=OuterRef("owner"))))

    def needing_owner(self) -> Self:
        """Questions are still to come or open, and nobody named would get them."""
        coming = [FollowUpState.SCHEDULED, FollowUpState.ASKED]
        followed = Output.objects.filter(pk=OuterRef("pk"), followup__state__in=coming)
        return self.with_owner().filter(Exists(followed), at_hand=False)

    def numbers_by_hackathon(self) -> dict[int, int]:
        """{hackathon: how many outputs}, in one query."""
        return dict(self.order_by().values_list("hackathon").annotate(Count("pk")))

    def incomplete(self) -> Self:
        """Without an agency and an owner there: the hackathon cannot be closed."""
        return self.filter(Q(agency=None) | Q(owner=None))

    def numbers_by_outcome(self) -> dict[str, int]:
        """{outcome: how many}, after with_present(): every outcome of the list, "" for those not asked yet. One query."""
        rows: Any = self.order_by()
        counted = dict(rows.values_list("outcome").annotate(number=Count("pk")))
        return {outcome: counted.get(outcome, 0) for outcome in [*Outcome.values, NOT_ASKED]}


class Output(Record):
    """One result of a hackathon. Agency and owner may be missing until it is closed."""

    hackathon = models.ForeignKey(Hackathon, on_delete=models.PROTECT)
    number = models.PositiveSmallIntegerField(gettext_lazy("number"))
    title = models.CharField(gettext_lazy("title"), max_length=200)
    summary = models.TextField(gettext_lazy("summary"), max_length=600, blank=True)
    kind = models.CharField(gettext_lazy("kind"), max_length=20, choices=OutputKind, blank=True)
    team_size = models.PositiveSmallIntegerField(gettext_lazy("people in the team"), null=True, blank=True)
    users = models.PositiveSmallIntegerField(gettext_lazy("of them, people who live with the problem"), null=True, blank=True)
    prize = models.BooleanField(gettext_lazy("prize"), default=False)
    link = models.URLField(gettext_lazy("link"), max_length=500, blank=True)
    agency = models.ForeignKey(Organisation, verbose_name=gettext_lazy("agency"), null=True, blank=True, on_delete=models.PROTECT)
    owner = models.ForeignKey(
        Person, verbose_name=gettext_lazy("owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    next_step = models.CharField(gettext_lazy("next step"), max_length=300, blank=True)

    personal = kinds.ABOUT_OUTPUT
    objects = OutputQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["hackathon", "number"]
        constraints = [
            known("kind", ["", *OutputKind.values], "output_kind_known"),
            models.UniqueConstraint(name="output_number_once", fields=["hackathon", "number"]),
            models.UniqueConstraint(name="output_title_once", fields=["hackathon", "title"]),
            models.CheckConstraint(name="output_owner_at_an_agency", condition=Q(owner=None) | Q(agency__isnull=False)),
            models.CheckConstraint(
                name="output_users_in_the_team",
                condition=Q(team_size=None) | Q(users=None) | Q(users__lte=F("team_size")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def addressees(self) -> tuple[str, list[str]]:
        """(whom, their addresses): the owner who works at the agency and signs in, else its leads, else the coordinators."""
        if Output.objects.filter(at_hand(), pk=self.pk).exists():
            return "owner", addresses_of([self.owner_id])  # type: ignore[list-item]  # who is at hand is there
        found = addresses_of(self.agency.people("lead")) if self.agency else []
        if found:
            return "leads", found
        found = self.hackathon.programme.coordinator_addresses()
        return ("coordinators", found) if found else ("nobody", [])

    @property
    def present(self) -> Any:
        """The FollowUp that its present state comes from, or None; after with_present(). No query where they are prefetched."""
        latest: int | None = getattr(self, "outcome_id")  # noqa: B009
        return next((question for question in self.followup_set.all() if question.pk == latest), None)

    @property
    def course(self) -> list[Any]:
        """What it was before: the questions that are over, in order, but for the present one."""
        over = [question for question in self.followup_set.all() if question.outcome and question != self.present]
        return sorted(over, key=lambda question: question.days)

    @property
    def outcome_label(self) -> str:
        """The word of its present state, after with_present()."""
        return outcome_label(self.outcome)  # type: ignore[attr-defined]

    @property
    def tone(self) -> str:
        return LOOKS[self.outcome][0]  # type: ignore[attr-defined]

    @property
    def sign(self) -> str:
        return LOOKS[self.outcome][1]  # type: ignore[attr-defined]


def outcome_label(outcome: str) -> str:
    """The word for people; "" is not asked yet."""
    return str(Outcome(outcome).label) if outcome else _("Not asked yet")


def address_in(evidence: str) -> str:
    """The evidence itself where it is a web address, "" where it is a text."""
    try:
        is_address(evidence)
    except ValidationError:
        return ""
    return evidence


def choices_of(rows: Any, ref: str, name: str) -> list[tuple[str, str]]:
    """(ref, name) of what a list holds, in the order of the names: the choices of a filter."""
    return list(rows.order_by(name, ref).exclude(**{f"{ref}__isnull": True}).values_list(ref, name).distinct())


def people_at(agency: Organisation | None) -> models.QuerySet[Person]:
    """Who holds a role there today, by name: one of them can be the owner of an output. Nobody where no agency is chosen."""
    return Person.objects.filter(pk__in=Membership.objects.live().filter(organisation=agency).values("person")).order_by(
        "name", "pk"
    )
