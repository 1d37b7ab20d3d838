"""The handover of a placement: a plan of sections, each with what it asks, who receives it, and how it stands."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from core import access
from core.calendar import parse, plan
from core.models import Record, known, pair
from fellowships import kinds
from fellowships.kinds import handover_outline
from fellowships.models.placement import SOON, Placement
from fellowships.states import DONE, MET, TONES, Level, PlacementState, SectionState, Standing
from partnerships.models import Membership, named_at, tree_choices

VIEW, RECEIVE = "fellowships.view_handover", "fellowships.receive_handover"
UNDER_WAY = (PlacementState.PLANNED, PlacementState.ACTIVE)  # of the placement, while its handover is worked on


def _within(user: User, perm: str, placement: str) -> Q:
    """Where somebody holds `perm`: their own placement, those at their organisation, of their programmes, of those that it signs
    for, and what is shared with them. placement: the way to it, with "__" at the end."""
    reach = access.reach(user, perm)
    return (
        Q(**{f"{placement}fellow__person__in": reach["person"]})
        | Q(**{f"{placement}host__organisation__in": reach["organisation"]})
        | Q(**{f"{placement}host__cycle__programme__in": reach["programme"]})
        | Q(**{f"{placement}host__cycle__programme__organisation__in": reach["signing"]})
        | Q(**{f"{placement}host__cycle__in": reach["cycle"]})
        | Q(**{f"{placement}in": reach["placement"]})
    )


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Reading handovers."""

    def visible_to(self, user: User, perm: str = VIEW) -> Self:
        """Those of the placements where one holds the permission, and those of which one receives a section."""
        received = Q(pk__in=Section.objects.received_by(user).values("handover"))
        if perm == RECEIVE:
            return self.filter(received)
        within = _within(user, perm, "placement__")
        return self.filter(within | received if perm == VIEW else within)

    def with_standing(self, today: date | None = None) -> Self:
        """Each with `musts`, `met` (accepted or waived ones of these), and `standing`, worked out for the day."""
        today = today or timezone.localdate()
        return self.annotate(musts=_number(Q()), met=_number(Q(state__in=MET))).annotate(
            standing=Case(
                When(musts__gt=0, met=F("musts"), then=Value(Standing.ACCEPTED.value)),
                When(placement__state=PlacementState.WITHDRAWN, then=Value(Standing.STOPPED.value)),
                When(due__lt=today, then=Value(Standing.LATE.value)),
                When(met__gt=0, then=Value(Standing.IN_PART.value)),
                default=Value(Standing.DRAFT.value),
                output_field=models.CharField(),
            )
        )

    def standings(self, today: date | None = None) -> dict[str, int]:
        """{standing: how many}, in one query; a standing that nobody has is not in it."""
        rows: Any = self.with_standing(today).order_by()
        return dict(rows.values_list("standing").annotate(Count("pk")))

    def with_words(self) -> Self:
        return self.select_related(
            "placement__fellow__person", "placement__host__organisation", "placement__host__cycle__programme",
            "placement__project", "lead",
        )  # fmt: skip

    def with_missing(self) -> Self:
        """With what missing() reads: the sections without their texts."""
        rows = Section.objects.select_related("receiver").defer("answers", "questions").order_by("number")
        return self.prefetch_related(Prefetch("section_set", queryset=rows))

    def to_complete(self, today: date | None = None) -> Self:
        """Accepted, and the last day of the active placement has come."""
        today = today or timezone.localdate()
        rows = self.filter(placement__state=PlacementState.ACTIVE, placement__ends__lte=today)
        return rows.with_standing(today).filter(standing=Standing.ACCEPTED)

    def search(self, words: str) -> Self:
        """Every word occurs in the name of the fellow, of the host, of the project or of a receiver."""
        found = self
        for word in words.split()[:8]:
            receiving = Section.objects.filter(receiver__name__icontains=word).values("handover")
            found = found.filter(
                Q(placement__fellow__person__name__icontains=word)
                | named_at("placement__host__organisation", word)
                | Q(placement__project__title__icontains=word)
                | Q(pk__in=receiving)
            )
        return found

    def organisations(self) -> list[tuple[str, str]]:
        """(ref, name) of the hosts of these: the choices of a filter."""
        return tree_choices(self, "placement__host__organisation")

    def cycles(self) -> list[tuple[str, str]]:
        """(ref, "cycle, programme") of these, the latest first."""
        place = "placement__host__cycle__"
        names = (f"{place}ref", f"{place}name", f"{place}programme__name")
        rows = self.order_by(f"-{place}year", f"-{place}starts", f"{place}name").values_list(*names)
        return [(ref, f"{name}, {programme}") for ref, name, programme in rows.distinct()]


def _number(which: Q) -> Coalesce:
    """How many required sections of a handover are like this."""
    rows = Section.objects.filter(which, handover=OuterRef("pk"), level=Level.MUST).order_by().values("handover")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


class Handover(Record):
    """The plan of one placement. What it asks was copied from the shipped outline, so that a later one changes nothing here."""

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT)
    outline = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    lead = models.ForeignKey(
        Person, verbose_name=_("receiving lead"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField(max_length=200)  # for `due`, in the grammar of docs/due-rules.md
    due = models.DateField(null=True, blank=True)  # the day by which the whole plan is to be accepted
    milestones = models.JSONField(default=list)  # [{id, label, due: rule}]

    objects = HandoverQuerySet.as_manager()
    personal = kinds.HANDOVER

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_handover", "Can see the handover"),
            ("edit_handover", "Can write the sections of the handover"),
            ("assign_handover", "Can name who receives"),
            ("waive_handover", "Can waive a required section"),
            ("receive_handover", "Can be named to receive a section"),
        ]
        ordering = ["placement__host__organisation__name", "placement__fellow__person__name", "pk"]
        indexes = [models.Index(fields=["due"], name="handover_by_date")]

    def __str__(self) -> str:
        return str(self.placement)

    @property
    def under_way(self) -> bool:
        """It is worked on: the placement is planned or active."""
        return self.placement.state in UNDER_WAY

    def receivers(self) -> models.QuerySet[Person]:
        """Who can be named to receive: people with a role at the host today, and never the fellow."""
        live = Membership.objects.live().filter(organisation=self.placement.host.organisation_id)
        return Person.objects.filter(pk__in=live.values("person")).exclude(pk=self.placement.fellow.person_id).order_by("name")

    def reading(self) -> list[Person]:
        """Who reads the plan because a section is for them: while they have a role at the host."""
        return list(self.receivers().filter(pk__in=self.section_set.values("receiver")))

    def sections(self) -> list["Section"]:
        """In order, with everybody who has a part in them. One query, once."""
        if not hasattr(self, "_sections"):
            rows = self.section_set.select_related("receiver", "accepted_by", "waived_by").order_by("number")
            self._sections = list(rows)
            for section in self._sections:
                section.handover = self
        return self._sections

    def missing(self) -> list["Section"]:
        """The required sections that are neither accepted nor waived. Asks nothing after with_missing()."""
        return [section for section in self.section_set.all() if section.level == Level.MUST and section.state not in MET]

    def blocking(self) -> list[str]:
        """Whose acceptance is missing, each once with how many: "Stella (3)", "somebody still to be named for Data (1)"."""
        counted: dict[str, int] = {}
        for section in self.missing():
            name = section.waits_on()
            counted[name] = counted.get(name, 0) + 1
        return [f"{name} ({number})" for name, number in counted.items()]

    def day_of(self, rule: str) -> date | None:
        """The day that a rule gives for this placement by the programme's calendar; None while its days are not known."""
        placement = self.placement
        programme = placement.host.cycle.programme
        anchors: dict[str, date | datetime] = {
            name: day for name, day in (("start", placement.first_day), ("end", placement.last_day)) if day
        }
        parsed = parse(rule)
        if not set(parsed.anchors()) <= anchors.keys():
            return None
        dues = plan(parsed, anchors, programme.business_days(), zone=ZoneInfo(programme.time_zone), limit=1)
        return dues[0].day if dues else None

    def dates(self) -> list[tuple[str, date]]:
        """(what, day) of the milestones, the earliest first."""
        found = [(row["label"], day) for row in self.milestones if (day := self.day_of(row["due"]))]
        return sorted(found, key=lambda row: row[1])

    def standing_sign(self) -> tuple[str, str]:
        """(word, tone). After with_standing()."""
        standing: str = self.standing  # type: ignore[attr-defined]
        return str(Standing(standing).label), TONES[standing]


class SectionQuerySet(models.QuerySet["Section"]):
    """Reading sections."""

    def received_by(self, user: User) -> Self:
        """Those that one is named to receive, while one has a role at the host."""
        organisations = access.reach(user, RECEIVE)["organisation"]
        if not organisations:
            return self.none()
        return self.filter(receiver=user.person_id, handover__placement__host__organisation__in=organisations)

    def visible_to(self, user: User, perm: str = VIEW) -> Self:
        """As the handover is; of one that one only receives a part of, all sections: they refer to each other."""
        if perm == RECEIVE:
            return self.received_by(user)
        within = _within(user, perm, "handover__placement__")
        received = Q(handover__in=self.model.objects.received_by(user).values("handover"))
        return self.filter(within | received if perm == VIEW else within)

    def under_way(self) -> Self:
        return self.filter(handover__placement__state__in=UNDER_WAY)

    def to_write(self, today: date | None = None) -> Self:
        """Open, and due within two weeks, late, or sent back by who is to receive it."""
        today = today or timezone.localdate()
        return self.under_way().filter(~Q(sent_back="") | Q(due__lte=today + SOON), state=SectionState.OPEN)

    def offered(self) -> Self:
        return self.under_way().filter(state=SectionState.OFFERED)

    def by_handover(self) -> list[dict[str, Any]]:
        """One line for each handover: {plan, name, host, n, first (due), one (of them, by ref), since (offered)}."""
        place = "handover__placement__"
        names = {
            "plan": F("handover__ref"),
            "name": F(f"{place}fellow__person__name"),
            "host": F(f"{place}host__organisation__name"),
        }
        lines: Any = (
            self.order_by()
            .values(**names)
            .annotate(n=Count("pk"), first=models.Min("due"), one=models.Min("ref"), since=models.Max("offered_at"))
        )
        return sorted(lines, key=lambda line: (line["first"] or date.max, line["name"]))


class Section(Record):
    """One section of a handover. Only its receiver accepts it; who waives it says why. The fellow does neither."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT)
    key = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    level = models.CharField(max_length=10, choices=Level)
    owner_role = models.CharField(max_length=40)
    rule = models.CharField(max_length=200)
    due = models.DateField(null=True, blank=True)
    questions = models.JSONField(default=list)  # [{id, text, type, required, help?, choices?}]
    done_means = models.CharField(max_length=300)
    restricted = models.BooleanField(default=False)  # read only by who writes it, who receives it, and the receiving lead
    receiver = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict, blank=True)  # {question: text}
    state = models.CharField(max_length=20, choices=SectionState, default=SectionState.OPEN)
    offered_at = models.DateTimeField(null=True, blank=True)
    sent_back = models.TextField(blank=True)  # what was missing when it came back; gone when it is offered again
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_sha256 = models.CharField(max_length=64, blank=True)  # of what was shown, see sha256()
    waived_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was waived or left out

    personal = kinds.SECTION
    objects = SectionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["handover", "number"]
        indexes = [
            models.Index(fields=["receiver", "state"], name="section_of_receiver"),
            models.Index(fields=["state", "due"], name="section_by_date"),
        ]
        constraints = [
            known("state", SectionState.values, "section_state_known"),
            known("level", Level.values, "section_level_known"),
            models.UniqueConstraint(name="section_once", fields=["handover", "key"]),
            pair("accepted_by", "accepted_at", "section_accepted_who_and_when"),
            models.CheckConstraint(
                name="section_accepted_by_its_receiver",
                condition=Q(state=SectionState.ACCEPTED, accepted_by__isnull=False, receiver=F("accepted_by"))
                & ~Q(accepted_sha256="")
                | ~Q(state=SectionState.ACCEPTED) & Q(accepted_by=None, accepted_sha256=""),
            ),
            pair("waived_by", "waived_at", "section_waived_who_and_when"),
            models.CheckConstraint(
                name="section_waived_with_reason",
                condition=Q(state=SectionState.WAIVED, level=Level.MUST, waived_by__isnull=False) & ~Q(reason="")
                | Q(state=SectionState.LEFT_OUT, level=Level.SHOULD, waived_by=None) & ~Q(reason="")
                | ~Q(state__in=[SectionState.WAIVED, SectionState.LEFT_OUT]) & Q(waived_by=None, reason=""),
            ),
            models.CheckConstraint(
                name="section_offered_to_somebody",
                condition=~Q(state__in=[SectionState.OFFERED, SectionState.ACCEPTED])
                | Q(receiver__isnull=False, offered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def role_label(self) -> str:
        """The part of the work that its owner answers for: "Data"."""
        role = handover_outline().roles.get(self.owner_role)
        return role["label"] if role else self.owner_role

    def waits_on(self) -> str:
        """Whose acceptance is missing: the name, or for what nobody is named."""
        return str(self.receiver) if self.receiver else _t("somebody still to be named for %(role)s") % {"role": self.role_label}

    def unanswered(self) -> list[str]:
        """The questions that need an answer before it is offered, and have none."""
        return [row["text"] for row in self.questions if row.get("required") and not str(self.answers.get(row["id"], "")).strip()]

    def told(self) -> list[dict[str, Any]]:
        """The questions, each with its answer: {id, text, required, answer}."""
        return [{**row, "answer": self.answers.get(row["id"], "")} for row in self.questions]

    def sha256(self) -> str:
        """Of all that its receiver is shown: what it asks, what "done" means, and the answers."""
        whole = [self.handover_id, self.key, self.number, self.title, self.done_means, self.questions, self.answers]
        return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def days_late(self, today: date | None = None) -> int:
        """Whole days since it was due; 0 while it is not late, and where nobody has to do anything about it."""
        late = self.due and self.state not in DONE and ((today or timezone.localdate()) - self.due).days
        return max(late or 0, 0)

    def standing(self, today: date | None = None) -> tuple[str, str]:
        """(word, tone), worked out from the day."""
        today = today or timezone.localdate()
        late = self.days_late(today) > 0
        if self.state == SectionState.OPEN:
            if late:
                return _t("Late"), "bad"
            if self.sent_back:
                return _t("Sent back"), "wait"
            return (_t("Due"), "wait") if self.due and self.due <= today + SOON else (_t("Open"), "gone")
        if self.state == SectionState.OFFERED:
            return (_t("Offered, late"), "bad") if late else (_t("Offered"), "info")
        return self.get_state_display(), "good" if self.state == SectionState.ACCEPTED else "gone"


def last_day_has_come(placement: Placement) -> bool:
    """By the calendar where the programme is."""
    today = timezone.localdate(timezone=ZoneInfo(placement.host.cycle.programme.time_zone))
    return placement.last_day is not None and placement.last_day <= today
