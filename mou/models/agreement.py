"""An agreement: its terms, its parties, its frozen versions, who signed which, and whom it is shared with."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person, User
from accounts.roles import PART_ROLES
from core import access
from core.calendar import Calendar
from core.models import Record, known, pair
from core.sharing import Reached, Way
from mou import kinds
from mou.states import LOOKS, AgreementState, DutyState
from partnerships.models import Organisation, Programme, in_tree, named_at, tree_choices

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
EXECUTED = [AgreementState.IN_FORCE, AgreementState.EXPIRED]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Reading agreements."""

    def visible_to(self, user: User, perm: str = "mou.view_agreement") -> Self:
        """Agreements of one's organisations, of the programmes one has a role in, and those shared with one.

        A draft belongs to the programme until it is sent: the other party sees it from then on.
        """
        reach = access.reach(user, perm, AgreementShare)
        return self.filter(Agreement.reached.by(reach))

    def published(self) -> Self:
        """Executed, and its parties let it be shown; not while one of them is sensitive."""
        shown = self.filter(state__in=EXECUTED, published_at__isnull=False)
        return shown.exclude(pk__in=Party.objects.filter(organisation__sensitive=True).values("agreement"))

    def with_parties(self) -> Self:
        return self.select_related("programme").prefetch_related("party_set__organisation", "party_set__signatory")

    def with_signatures(self) -> Self:
        """What a list shows of each: its parties and who has signed which version, without the texts; since when it waits."""
        versions = AgreementVersion.objects.defer("text").order_by("number").prefetch_related("signature_set")
        return self.waiting().with_parties().prefetch_related(Prefetch("agreementversion_set", queryset=versions))

    def waiting(self) -> Self:
        """Each with `waits_since` to sort by: what since() says, and far in the future for what waits for nobody."""
        moved = Q(state__in=[AgreementState.DRAFT, AgreementState.DECLINED])
        since = Case(When(state=AgreementState.OUT, then=F("sent_at")), When(moved, then=F("changed")), default=Value(NEVER))
        return self.annotate(waits_since=since)

    def out_longer(self, days: int) -> Self:
        """Out for signature for more than so many days."""
        return self.filter(state=AgreementState.OUT, sent_at__lt=timezone.now() - timedelta(days=days))

    def to_sign_by(self, user: User) -> Self:
        """Out, and waiting for the signature of this person: a party that they are named for has not signed this version."""
        later = AgreementVersion.objects.filter(agreement=OuterRef("version__agreement"), number__gt=OuterRef("version__number"))
        counts = Signature.objects.filter(party=OuterRef("pk")).filter(~Exists(later))
        open_parties = Party.objects.signable_by(user).filter(~Exists(counts))
        return self.filter(state=AgreementState.OUT, pk__in=open_parties.values("agreement"))

    def with_party(self, organisation: str | Organisation) -> Self:
        """Those to which an organisation is a party; the organisation or a value of in_tree()."""
        value = organisation if isinstance(organisation, str) else organisation.ref
        return self.filter(pk__in=Party.objects.filter(in_tree("organisation", value)).values("agreement"))

    def organisations(self, *, labels: bool = False) -> list[tuple[str, str]]:
        """(ref, name) of everybody who is a party to one of these, by name: the choices of a filter."""
        return tree_choices(Party.objects.filter(agreement__in=self.order_by().values("pk")), "organisation", labels=labels)

    def programmes(self) -> list[tuple[str, str]]:
        """(ref, name) of the programmes that these belong to."""
        return list(self.order_by("programme__name").values_list("programme__ref", "programme__name").distinct())

    def years(self) -> list[int]:
        """The years in which these came into force, the latest first."""
        return [day.year for day in self.order_by().exclude(effective_on=None).dates("effective_on", "year", order="DESC")]

    def with_duty_counts(self, today: date) -> Self:
        """Each with `duties` and `late`: how many dates its duties have, and how many of them have passed undone."""
        late = Q(duty__state=DutyState.OPEN, duty__due__lt=today)
        return self.annotate(duties=Count("duty"), late=Count("duty", filter=late))

    def with_kept(self, today: date) -> Self:
        """Each with `fallen`, `kept`, `late`: dates of its duties that have come, and of these the accepted and the passed."""
        # By name: the model of duties stands above this one.
        counted = apps.get_model("mou.Duty")._default_manager.filter(agreement=OuterRef("pk")).order_by().values("agreement")

        def number(**which: Any) -> Coalesce:
            return Coalesce(Subquery(counted.filter(**which).annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(
            fallen=number(due__lte=today),
            kept=number(due__lte=today, state=DutyState.ACCEPTED),
            late=number(due__lt=today, state=DutyState.OPEN),
        )

    def by_state(self) -> dict[str, int]:
        """How many are in which state."""
        return dict(self.order_by().values_list("state").annotate(Count("pk")))

    def covering(self, organisation: Organisation, starts: date, ends: date) -> Self:
        """In force, with this organisation as a party, for the whole of these days."""
        return self.filter(
            state=AgreementState.IN_FORCE, party__organisation=organisation, starts__lte=starts, ends__gte=ends
        ).distinct()

    def search(self, words: str) -> Self:
        """Every word occurs in the number, the title or the name of a party."""
        found = self
        for word in words.split()[:8]:
            parties = Party.objects.filter(named_at("organisation", word))
            found = found.filter(Q(ref__icontains=word) | Q(title__icontains=word) | Q(pk__in=parties.values("agreement")))
        return found


class Agreement(Record):
    """The `ref` is the number of the agreement: given once, in order, never again."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=40, choices=kinds.template_choices)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=AgreementState, default=AgreementState.DRAFT)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)  # the last day it covers
    terms = models.JSONField(default=dict)  # {placeholder id: value} beyond what party records and the template give
    units = models.JSONField(default=list)  # what one set of dates is made for: [{ref, label, project, starts, ends}]
    left_out = models.JSONField(default=list)  # keys of duties of the template that this agreement does not have
    effective_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    personal = kinds.AGREEMENT
    objects = AgreementQuerySet.as_manager()
    reached = Reached(
        "mou.view_agreement",
        Way("programme", "programme"),
        Way("organisation", "organisation", lambda: Party.objects.sent(), "agreement"),
        Way("agreement", "pk"),
    )

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_agreement", "Can read"),
            ("draft_agreement", "Can draft"),
            ("send_agreement", "Can send for signature"),
            ("share_agreement", "Can share"),
            ("publish_agreement", "Can publish"),
            ("sign_agreement", "Can sign for a party"),
        ]
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["programme", "state", "-id"], name="agreement_of_programme"),
            models.Index(fields=["state", "ends"], name="agreement_by_end"),
        ]
        constraints = [
            known("state", AgreementState.values, "agreement_state_known"),
            models.CheckConstraint(
                name="agreement_in_force_since",
                condition=Q(state__in=EXECUTED, effective_on__isnull=False, starts__isnull=False, ends__isnull=False)
                | (~Q(state__in=EXECUTED) & Q(effective_on=None)),
            ),
            models.CheckConstraint(
                name="agreement_ends_after_start", condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=models.F("starts"))
            ),
            pair("published_at", "published_by", "agreement_published_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def text(self) -> kinds.Template:
        """The template it is made from."""
        return kinds.template(self.template)

    @property
    def tone(self) -> str:
        """How the state looks: the tone of design.md that goes with the word."""
        return LOOKS[self.state][0]

    @property
    def sign(self) -> str:
        """The sign before the word of the state."""
        return LOOKS[self.state][1]

    def holidays_text(self) -> str:
        """The holidays that are no business days around its days, as the programme has them now."""
        return self.programme.holidays_text(self.starts, self.ends)

    def parties(self) -> list["Party"]:
        """In the order in which the text names them."""
        return sorted(self.party_set.all(), key=lambda party: party.pk)

    @property
    def kept_back(self) -> bool:
        """It is on no public page, whoever published it: a party is sensitive."""
        return any(party.organisation.sensitive for party in self.parties())

    def version(self) -> "AgreementVersion | None":
        """What was last sent for signature."""
        if "agreementversion_set" in getattr(self, "_prefetched_objects_cache", {}):
            return max(self.agreementversion_set.all(), key=lambda version: version.number, default=None)
        return self.agreementversion_set.order_by("-number").first()

    def values(self) -> dict[str, Any]:
        """Every blank that can be filled now: defaults of the template, then the parties' records, then the terms."""
        found = {p.id: p.default for p in self.text.placeholders if p.default is not None}
        for party in self.parties():
            organisation = party.organisation
            facts = {
                "legal_name": organisation.name,
                "legal_form": organisation.legal_form,
                "registration": organisation.registration,
                "legal_basis": organisation.legal_basis,
                "address": organisation.address,
                "notice_email": organisation.notice_email,
            }
            found |= {f"{party.role}.{name}": value for name, value in facts.items() if value}
        found |= {
            "agreement.number": self.ref,
            "agreement.version": self.agreementversion_set.count() + 1,
            "agreement.effective_date": _("the day of the last required signature"),
            "agreement.holiday_calendar": self.holidays_text(),
            "agreement.time_zone": self.programme.time_zone,
        }
        if self.starts and self.ends:
            found |= {"placement.start_date": self.starts, "placement.end_date": self.ends, "agreement.expiry_date": self.ends}
        return found | {name: value for name, value in self.terms.items() if value not in ("", None)}

    def blanks(self) -> list[kinds.Placeholder]:
        """The blanks that nothing fills yet, in the order of the catalogue."""
        values = self.values()
        return [placeholder for placeholder in self.text.placeholders if placeholder.id not in values]

    def idle_parties(self) -> list["Party"]:
        """Parties that would owe nothing: an agreement in which one side only receives is none."""
        owing = {
            self.text.party_of(duty["debtor"]) for _clause, duty in self.text.obligations() if duty["id"] not in self.left_out
        }
        return [party for party in self.parties() if party.role not in owing]

    def missing_signatures(self) -> list["Party"]:
        """Parties that have not signed the version that is out."""
        version = self.version()
        signed = {signature.party_id for signature in version.signature_set.all()} if version else set()
        return [party for party in self.parties() if party.pk not in signed]

    def since(self) -> datetime | None:
        """Since when it waits for somebody, if it does."""
        if self.state == AgreementState.OUT:
            return self.sent_at
        return self.changed if self.state in (AgreementState.DRAFT, AgreementState.DECLINED) else None

    def days_waiting(self) -> int:
        """Whole days since then, by the calendar of the page."""
        since = self.since()
        return (timezone.localdate() - timezone.localdate(since)).days if since else 0


class PartyQuerySet(models.QuerySet["Party"]):
    """Reading parties."""

    def sent(self) -> Self:
        """Of agreements that were sent: until then a draft belongs to the programme."""
        return self.filter(agreement__in=AgreementVersion.objects.values("agreement"))

    def signable_by(self, user: Any) -> Self:
        """Where `user` is named to sign and still may: a role in that organisation, never a share or a programme."""
        reach = access.reach(user, "mou.sign_agreement")
        return self.filter(organisation__in=reach["organisation"], signatory=getattr(user, "person_id", None) or 0)

    def unsigned(self, version: "AgreementVersion | None") -> Self:
        """Those that have not signed this version."""
        return self.exclude(pk__in=Signature.objects.filter(version=version).values("party"))


class Party(models.Model):
    """An organisation in its part of the agreement, and who signs for it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)  # the template's name for it: programme, host
    signatory = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    personal = kinds.PARTY
    objects = PartyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="party_once", fields=["agreement", "organisation"]),
            models.UniqueConstraint(name="party_role_once", fields=["agreement", "role"]),
        ]

    @property
    def label(self) -> str:
        """What the text calls it: "Host"."""
        return next(str(row["label"]) for row in self.agreement.text.data["parties"] if row["id"] == self.role)


class AgreementVersion(models.Model):
    """A text as it was sent: exactly these characters. `text` is canonical JSON; its SHA-256 is what is consented to."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now)
    personal = kinds.AGREEMENT_VERSION

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="version_number_once", fields=["agreement", "number"])]

    def __str__(self) -> str:
        return f"{self.agreement.ref} v{self.number}"

    def signatures(self) -> list["Signature"]:
        """Who signed these characters, the first first, with the parties they signed for."""
        return list(self.signature_set.select_related("party"))

    def document(self) -> dict[str, Any]:
        """The text as data."""
        return dict(json.loads(self.text))

    def business_days(self) -> Calendar:
        """The business days that this text gives: what the programme changes later moves nothing that was signed."""
        document = self.document()
        local = {date.fromisoformat(day): name for day, name in document["local_holidays"].items()}
        return Calendar(document["calendar"], extra=local)

    def rendition(self, kind: str) -> "Rendition | None":
        """The PDF of this text: "copy" before, "executed" with the record of the signatures."""
        return next((row for row in self.rendition_set.all() if row.kind == kind), None)


class Rendition(models.Model):
    """A PDF made of a version. Made once; the same text and moment give the same bytes."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="rendition_once", fields=["version", "kind"]),
            known("kind", ["copy", "executed"], "rendition_kind_known"),
        ]


class Signature(models.Model):
    """One party's consent to one version: who, when, to what bytes. Never changed, never deleted."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # as printed: outlives a change of name
    title = models.CharField(max_length=150, blank=True)
    organisation_name = models.CharField(max_length=200)
    shown = models.CharField(gettext_lazy("SHA-256 of what was shown"), max_length=64)
    consent = models.TextField()
    method = models.CharField(max_length=40)
    signed_at = models.DateTimeField()
    personal = kinds.SIGNATURE

    class Meta:
        default_permissions = ()
        ordering = ["signed_at", "pk"]
        constraints = [models.UniqueConstraint(name="signature_once", fields=["version", "party"])]


class AgreementShare(access.Share):
    """An agreement shared with one person: outside counsel, say."""

    part, opens = PART_ROLES["counsel"], "mou.view_agreement"
    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE)
    personal = kinds.AGREEMENT_SHARE
