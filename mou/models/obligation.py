"""What a party has promised, and each date on which it is due."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import access
from core.models import Record, known
from mou.kinds import catalogue
from mou.models.agreement import Agreement, AgreementShare, AgreementVersion, Party
from mou.states import DutyState

SOON = timedelta(days=14)


class Obligation(models.Model):
    """A promise as the signed text has it: who owes what to whom, by which rule."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT)
    key = models.CharField(max_length=20)  # OB-07: the same over all versions
    clause = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="owes")
    creditor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="is_owed")
    debtor_role = models.CharField(max_length=40)
    creditor_role = models.CharField(max_length=40)
    rule = models.CharField(max_length=200)  # in the grammar of docs/due-rules.md
    per = models.CharField(max_length=20)
    evidence = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    survives = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="obligation_key_once", fields=["agreement", "key"])]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def debtor_label(self) -> str:
        return catalogue().roles[self.debtor_role]["label"]

    @property
    def creditor_label(self) -> str:
        return catalogue().roles[self.creditor_role]["label"]

    @property
    def evidence_label(self) -> str:
        return catalogue().evidence[self.evidence]


class DutyQuerySet(models.QuerySet["Duty"]):
    """Reading duties."""

    def visible_to(self, user: User, perm: str = "mou.view_agreement") -> Self:
        """A duty is seen by whom its agreement is seen; drafts have none."""
        reach = access.reach(user, perm, AgreementShare)
        mine = Party.objects.filter(organisation__in=reach["organisation"])
        return self.filter(
            Q(agreement__in=mine.values("agreement"))
            | Q(agreement__programme__in=reach["programme"])
            | Q(agreement__in=reach.shared)
        )

    def late(self, today: date) -> Self:
        return self.filter(state=DutyState.OPEN, due__lt=today)

    def with_words(self) -> Self:
        return self.select_related(
            "agreement", "obligation", "obligation__debtor__organisation", "obligation__creditor__organisation"
        )

    def by_urgency(self) -> Self:
        """Open ones first, by date; then what waits; then what was sent and accepted."""
        order = Case(
            When(state=DutyState.OPEN, then=Value(0)),
            When(state=DutyState.SENT, then=Value(1)),
            When(state=DutyState.WAITING, then=Value(2)),
            default=Value(3),
        )
        return self.order_by(order, F("due").asc(nulls_last=True), "pk")


class Duty(Record):
    """One date of an obligation, for one unit (a place, say) where there is one set of dates for each."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    unit = models.CharField(max_length=20, blank=True)
    unit_label = models.CharField(max_length=200, blank=True)
    number = models.PositiveIntegerField(default=1)
    due = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # where the rule counts hours
    waits_for = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, choices=DutyState, default=DutyState.OPEN)
    evidence = models.TextField(blank=True)
    sent_back = models.TextField(blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["due", "pk"]
        indexes = [
            models.Index(fields=["agreement", "state", "due"], name="duty_of_agreement"),
            models.Index(fields=["state", "due", "id"], name="duty_by_date"),
        ]
        constraints = [
            known("state", DutyState.values, "duty_state_known"),
            models.UniqueConstraint(name="duty_once", fields=["obligation", "unit", "number"]),
            models.CheckConstraint(
                name="duty_has_date_or_waits",
                condition=Q(state=DutyState.WAITING, due=None) & ~Q(waits_for="")
                | ~Q(state=DutyState.WAITING) & Q(due__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.obligation.title

    @property
    def event_label(self) -> str:
        return catalogue().events.get(self.waits_for, self.waits_for)

    def standing(self, today: date | None = None) -> tuple[str, str]:
        """(word, tone): late and due are computed from the day, never stored."""
        today = today or timezone.localdate()
        if self.state == DutyState.WAITING:
            return _("Waits for an event"), "gone"
        if self.state == DutyState.SENT:
            return _("Sent"), "info"
        if self.state == DutyState.ACCEPTED:
            return _("Accepted"), "good"
        assert self.due is not None  # the constraint duty_has_date_or_waits
        if self.due < today:
            return _("Late"), "bad"
        return (_("Due"), "wait") if self.due <= today + SOON else (_("Not due"), "gone")


