"""What became of an output: each question, the letters that asked it, and the answer."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, Max, Min, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from core.models import Record, known
from partnerships import kinds
from partnerships.models.hackathon import VIEW
from partnerships.models.organisation import Membership, named_at
from partnerships.models.output import Output, address_in, at_hand, outcome_label, reached
from partnerships.states import FOLLOW_UP_LOOKS, LOOKS, PATIENCE, PROVEN, ROUND, FollowUpState, Letter, Outcome

S = FollowUpState


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Reading questions."""

    def visible_to(self, user: User, perm: str = VIEW) -> Self:
        """A question is seen by whom its output is seen."""
        return self.filter(reached(user, perm, "output__"))

    def published(self) -> Self:
        """A question is public with its output."""
        return self.filter(output__in=Output.objects.published())

    def with_words(self) -> Self:
        return self.select_related("output__hackathon", "output__agency", "output__owner", "answered_by").annotate(
            letters=Count("reminder")
        )

    def with_letters(self) -> Self:
        """With the letters that left and the answers that were corrected, each in order."""
        return self.prefetch_related("reminder_set", "earlieranswer_set__answered_by")

    def search(self, words: str) -> Self:
        """Every word occurs in the title of the output or of the hackathon, or in the name of the agency."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(output__title__icontains=word) | Q(output__hackathon__title__icontains=word) | named_at("output__agency", word)
            )
        return found

    def by_urgency(self) -> Self:
        """What waits for an answer first, then what is to come, then what is over; each by date."""
        order = Case(When(state=S.ASKED, then=Value(0)), When(state=S.SCHEDULED, then=Value(1)), default=Value(2))
        return self.order_by(order, "due", "pk")

    def counts(self) -> dict[str, int]:
        """How many stand where, in one query: asked, scheduled, answered, unknown, all.

        What was answered with "unknown" is unknown, whoever said it.
        """
        return self.order_by().aggregate(
            asked=Count("pk", filter=Q(state=S.ASKED)),
            scheduled=Count("pk", filter=Q(state=S.SCHEDULED)),
            answered=Count("pk", filter=Q(state=S.ANSWERED) & ~Q(outcome=Outcome.UNKNOWN)),
            unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN)),
            all=Count("pk"),
        )

    def by_days(self) -> list[dict[str, Any]]:
        """For each of the checks: after how many days, the first day, how many questions, how many answered, unknown, open."""
        rows: Any = self.order_by("days").values("days")
        return list(
            rows.annotate(
                number=Count("pk"),
                day=Max("due"),
                answered=Count("pk", filter=Q(state=S.ANSWERED) & ~Q(outcome=Outcome.UNKNOWN)),
                unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN)),
                asked=Count("pk", filter=Q(state=S.ASKED)),
            )
        )

    def upcoming(self) -> date | None:
        """The next day on which one of these is asked."""
        found: date | None = self.filter(state=S.SCHEDULED).order_by().aggregate(day=Min("due"))["day"]
        return found

    def asked_of(self, user: User) -> Self:
        """Open questions that wait for this person: their own, and as a lead those whose owner is not at hand.

        After visible_to(user, "partnerships.answer_follow_up"), which leaves nobody's but theirs.
        """
        own = Q(output__owner=user.person_id)
        lead = Q(output__agency__in=leads(user), at_hand=False)
        return self.annotate(at_hand=at_hand("output__")).filter(own | lead, state=S.ASKED)

    def due_to_ask(self, today: date) -> Self:
        """Planned and due, and no question of the same output is open: nobody is asked two things at once."""
        busy = FollowUp.objects.filter(state=S.ASKED).values("output")
        return self.filter(state=S.SCHEDULED, due__lte=today).exclude(output__in=busy).order_by("output", "days")

    def silent(self, today: date) -> Self:
        """Open, and the last letter left a week ago or earlier. Each with `letters` and `last`."""
        found = self.filter(state=S.ASKED).annotate(letters=Count("reminder"), last=Max("reminder__sent_on"))
        return found.filter(last__lte=today - PATIENCE).order_by("asked_on", "pk")


def leads(user: User) -> list[int]:
    """Where somebody is the lead today."""
    return list(Membership.objects.live().filter(person=user.person_id, role="lead").values_list("organisation", flat=True))


class FollowUp(Record):
    """One question about one output, after so many days. Closing the hackathon plans all of them."""

    output = models.ForeignKey(Output, on_delete=models.PROTECT)
    days = models.PositiveSmallIntegerField(_("days"))
    due = models.DateField(_("due"))
    state = models.CharField(max_length=20, choices=FollowUpState, default=FollowUpState.SCHEDULED)
    asked_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(default=False)  # a coordinator of the programme wrote it down for the owner

    personal = kinds.FOLLOW_UP
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["output", "days"]
        indexes = [models.Index(fields=["state", "due", "id"], name="follow_up_by_date")]
        constraints = [
            known("state", FollowUpState.values, "follow_up_state_known"),
            known("outcome", ["", *Outcome.values], "follow_up_outcome_known"),
            models.UniqueConstraint(name="follow_up_once", fields=["output", "days"]),
            models.UniqueConstraint(name="one_question_at_a_time", fields=["output"], condition=Q(state=S.ASKED)),
            models.CheckConstraint(
                name="follow_up_asked_on_a_day",
                condition=Q(state=S.SCHEDULED, asked_on=None)
                | Q(state__in=[S.ASKED, S.ANSWERED], asked_on__isnull=False)
                | Q(state=S.UNKNOWN),
            ),
            models.CheckConstraint(
                name="follow_up_answer_is_whole",
                condition=Q(state=S.ANSWERED, answered_on__isnull=False, answered_by__isnull=False) & ~Q(outcome="")
                | Q(state=S.UNKNOWN, answered_on=None, answered_by=None, outcome=Outcome.UNKNOWN)
                | Q(state__in=[S.SCHEDULED, S.ASKED], answered_on=None, answered_by=None, outcome=""),
            ),
            models.CheckConstraint(name="follow_up_outcome_is_proven", condition=~Q(outcome__in=PROVEN) | ~Q(evidence="")),
            models.CheckConstraint(name="follow_up_not_asked_early", condition=Q(asked_on=None) | Q(asked_on__gte=F("due"))),
        ]

    def __str__(self) -> str:
        return f"{self.output.title}, {self.days}"

    @property
    def gives_up_on(self) -> date | None:
        """The day on which it counts as unknown unless somebody answers, where no night is missed."""
        return self.asked_on + ROUND if self.asked_on and self.state == S.ASKED else None

    @property
    def waited(self) -> int:
        """Days since it was asked."""
        return (timezone.localdate() - self.asked_on).days if self.asked_on else 0

    @property
    def outcome_label(self) -> str:
        return outcome_label(self.outcome) if self.outcome else ""

    @property
    def evidence_link(self) -> str:
        """The evidence where it is a web address."""
        return address_in(self.evidence)

    @property
    def word(self) -> str:
        """What a list says of it: what became of the output, or where the question stands."""
        return self.outcome_label or self.get_state_display()

    @property
    def tone(self) -> str:
        return (LOOKS[self.outcome] if self.outcome else FOLLOW_UP_LOOKS[self.state])[0]

    @property
    def sign(self) -> str:
        return (LOOKS[self.outcome] if self.outcome else FOLLOW_UP_LOOKS[self.state])[1]

    @property
    def state_tone(self) -> str:
        return FOLLOW_UP_LOOKS[self.state][0]

    @property
    def state_sign(self) -> str:
        return FOLLOW_UP_LOOKS[self.state][1]

    def later(self) -> FollowUpQuerySet:
        """The questions about the same output that come after this one."""
        return FollowUp.objects.filter(output=self.output_id, days__gt=self.days)


class EarlierAnswer(models.Model):
    """An answer that another one took the place of, as it was given, and why. The last one stands on the question itself."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT)
    number = models.PositiveSmallIntegerField()  # from 1: the first that was given
    outcome = models.CharField(max_length=20, choices=Outcome)
    evidence = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    answered_on = models.DateField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf = models.BooleanField()
    why = models.CharField(max_length=300)
    created = models.DateTimeField(auto_now_add=True)
    personal = kinds.EARLIER_ANSWER

    class Meta:
        default_permissions = ()
        ordering = ["follow_up", "-number"]
        constraints = [
            known("outcome", Outcome.values, "earlier_outcome_known"),
            models.UniqueConstraint(name="earlier_answer_once", fields=["follow_up", "number"]),
        ]

    @property
    def outcome_label(self) -> str:
        return outcome_label(self.outcome)


class Reminder(models.Model):
    """A letter that left about a question: the row keeps it from leaving twice."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=Letter)
    sent_on = models.DateField()
    to = models.CharField(max_length=20)  # owner, leads, coordinators or nobody: whom it reached
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["sent_on", "pk"]
        constraints = [
            known("kind", Letter.values, "reminder_kind_known"),
            models.UniqueConstraint(name="reminder_once", fields=["follow_up", "kind"]),
            models.UniqueConstraint(name="one_letter_a_day", fields=["follow_up", "sent_on"]),
        ]
