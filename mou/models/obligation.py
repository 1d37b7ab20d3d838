"""What a party has promised, and each date on which it is due."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, Count, F, Max, Min, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import access
from core.calendar import DueError, explain, parse, plan
from core.models import Record, known
from mou.kinds import catalogue, readable
from mou.models.agreement import Agreement, AgreementShare, AgreementVersion, Party
from mou.states import SIGNS, DutyState
from partnerships.models import named_at, tree_choices

SOON = timedelta(days=14)


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Reading obligations."""

    def with_counts(self, today: date) -> Self:
        """Each with how many dates it has, how many are accepted, late or wait for an event, and the next open one."""
        still = Q(duty__state=DutyState.OPEN)
        return self.select_related("debtor__organisation", "creditor__organisation").annotate(
            dates=Count("duty"),
            accepted=Count("duty", filter=Q(duty__state=DutyState.ACCEPTED)),
            late=Count("duty", filter=still & Q(duty__due__lt=today)),
            waiting=Count("duty", filter=Q(duty__state=DutyState.WAITING)),
            next_due=Min("duty__due", filter=still & Q(duty__due__gte=today)),
        )


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

    objects = ObligationQuerySet.as_manager()

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

    @property
    def rule_text(self) -> str:
        """The rule for people."""
        return readable(self.rule)

    @property
    def severity_label(self) -> str:
        return catalogue().severities[self.severity]


def anchors(agreement: Agreement, unit: Mapping[str, Any], executed: datetime) -> dict[str, Any]:
    """What the rules of an agreement count from. unit: the agreement itself or one of its units, with ISO days."""
    return {
        "executed": executed,
        "effective": agreement.effective_on,
        "start": date.fromisoformat(unit["starts"]),
        "end": date.fromisoformat(unit["ends"]),
        "expiry": agreement.ends,
    }


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

    def soon(self, today: date) -> Self:
        """Open, and due within two weeks."""
        return self.filter(state=DutyState.OPEN, due__gte=today, due__lte=today + SOON)

    def late_or_soon(self, today: date) -> Self:
        """Open, and its day has passed or comes within two weeks."""
        return self.filter(state=DutyState.OPEN, due__lte=today + SOON)

    def coordinated_by(self, user: User) -> Self:
        """Those of the programmes that this person coordinates, whoever owes them."""
        return self.filter(agreement__programme__in=access.reach(user, "mou.draft_agreement")["programme"])

    def owed_by(self, user: User) -> Self:
        """What this person's side has to do: their organisations, and the programmes they coordinate."""
        return self.filter(_side(user, "obligation__debtor"))

    def owed_to(self, user: User) -> Self:
        """What this person's side receives, and so accepts or sends back."""
        return self.filter(_side(user, "obligation__creditor"))

    def counts(self, today: date) -> dict[str, int]:
        """How many stand where, in one query: late, soon, open, waiting, sent, accepted, all."""
        still = Q(state=DutyState.OPEN)
        return self.order_by().aggregate(
            late=Count("pk", filter=still & Q(due__lt=today)),
            soon=Count("pk", filter=still & Q(due__gte=today, due__lte=today + SOON)),
            open=Count("pk", filter=still),
            waiting=Count("pk", filter=Q(state=DutyState.WAITING)),
            sent=Count("pk", filter=Q(state=DutyState.SENT)),
            accepted=Count("pk", filter=Q(state=DutyState.ACCEPTED)),
            all=Count("pk"),
        )

    def as_lines(self, today: date) -> Self:
        """A series as one line for each state it is in: its first date, with `alike`, `late_alike` and `last_due`.

        What is filtered out before is not counted. Two dates are alike when obligation, unit and state are the same.
        """
        alike = [F("obligation"), F("unit"), F("state")]
        return self.annotate(
            place=Window(RowNumber(), partition_by=alike, order_by=[F("due").asc(nulls_last=True), F("pk").asc()]),
            alike=Window(Count("pk"), partition_by=alike),
            late_alike=Window(Count("pk", filter=Q(state=DutyState.OPEN, due__lt=today)), partition_by=alike),
            last_due=Window(Max("due"), partition_by=alike),
        ).filter(place=1)

    def search(self, words: str) -> Self:
        """Every word occurs in the title, the number of the agreement, the place or the name of who owes it."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(obligation__title__icontains=word)
                | Q(agreement__ref__icontains=word)
                | Q(unit_label__icontains=word)
                | named_at("obligation__debtor__organisation", word)
            )
        return found

    def debtors(self) -> list[tuple[str, str]]:
        """(ref, name) of everybody who owes one of these, by name: the choices of a filter."""
        owing = Obligation.objects.filter(agreement__in=self.order_by().values("agreement"))
        return tree_choices(owing, "debtor__organisation")

    def agreements(self) -> list[tuple[str, str]]:
        """(ref, "number title") of the agreements that these belong to."""
        owing = Agreement.objects.filter(pk__in=self.order_by().values("agreement")).order_by("ref")
        return [(ref, f"{ref} {title}") for ref, title in owing.values_list("ref", "title")]

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


def _side(user: User, party: str) -> Q:
    """The same as rules._acts_for, for many: parties of one's organisations, and the programme's side of one's programmes."""
    mine = access.reach(user, "mou.view_agreement")["organisation"]
    coordinated = access.reach(user, "mou.draft_agreement")["programme"]
    programme = Q(**{f"{party}__role": "programme", "agreement__programme__in": coordinated})
    return Q(**{f"{party}__organisation__in": mine}) | programme


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

    def sign(self, today: date | None = None) -> str:
        """The sign before the word of its standing."""
        return "hourglass" if self.state == DutyState.WAITING else SIGNS[self.standing(today)[1]]

    def alike(self) -> DutyQuerySet:
        """All dates of the series that this one is of: itself alone where there is one date."""
        return Duty.objects.filter(obligation=self.obligation, unit=self.unit)

    def days_late(self, today: date | None = None) -> int:
        """Whole days since it was due; 0 while it is not late."""
        today = today or timezone.localdate()
        return max((today - self.due).days, 0) if self.due and self.state == DutyState.OPEN else 0

    def why(self) -> str:
        """How the rule gives this day, in one line; "" where it was counted from an event."""
        version = self.obligation.version
        document = version.document()
        units = {unit["ref"]: unit for unit in document["units"]}
        unit = units.get(self.unit, {"starts": document["starts"], "ends": document["ends"]})
        executed = max((signature.signed_at for signature in version.signatures()), default=version.frozen_at)
        calendar, zone = version.business_days(), ZoneInfo(document["time_zone"])
        rule = parse(self.obligation.rule)
        try:
            dues = plan(rule, anchors(self.agreement, unit, executed), calendar, zone=zone)
        except DueError:
            return ""
        found = dues[self.number - 1] if len(dues) >= self.number else None
        return explain(rule, found, calendar).partition(": ")[2] if found and found.day == self.due else ""
