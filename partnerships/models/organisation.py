"""Organisations, and who holds which role in them from when until when."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Held, LiveQuerySet, Person, User
from accounts.roles import MEMBER_ROLES, member_role_choices
from core import access, panels
from core.models import ExternalId, Record
from partnerships import kinds
from partnerships.kinds import OrganisationKind


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reading organisations."""

    def visible_to(self, user: User, perm: str = "partnerships.view_organisation") -> Self:
        """One's own organisations; who runs a programme or administers the site sees the whole register: hosts and those who
        sign for a programme come from all of it."""
        reach = access.reach(user, perm)
        return self if reach["programme"] or reach["site"] else self.filter(pk__in=reach["organisation"])

    def published(self) -> Self:
        """Those of which an app shows something to everybody: what is of no public record is in no public list either. Nothing
        is shown of one that is sensitive."""
        found = Q(pk__in=[])
        for showing in panels.showings_of("partnerships.organisation"):
            found |= Q(pk__in=showing.keys())
        return self.filter(found, sensitive=False)

    def names_kept_back(self) -> list[tuple[int, list[str]]]:
        """(key, all its names, the registered one first) of each that stands on no public page."""
        rows = self.filter(sensitive=True).order_by("pk").values_list("pk", "name", "short_name", "former_names")
        return [(key, [name for name in (registered, short, *former) if name]) for key, registered, short, former in rows]

    def search(self, words: str) -> Self:
        """Every word occurs in the name, the city or the former names."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(former_names__icontains=word))
        return found

    def called(self, words: str) -> "Organisation | None":
        """The one with this reference or this name, whatever the capitals."""
        wanted = words.strip()
        return self.filter(ref__iexact=wanted).first() or self.filter(name__iexact=wanted).first()

    def with_people(self) -> Self:
        """Each with `people_today`: how many hold a role in it today."""
        live = Membership.objects.live().filter(organisation=OuterRef("pk")).order_by().values("organisation")
        count = live.annotate(count=Count("person", distinct=True)).values("count")
        return self.annotate(people_today=Coalesce(Subquery(count), 0))

    def kinds(self) -> list[str]:
        """The kinds that occur; "" where nobody has said."""
        return list(self.order_by("kind").values_list("kind", flat=True).distinct())

    def countries(self) -> list[str]:
        """The countries that occur, in order."""
        return list(self.exclude(country="").order_by("country").values_list("country", flat=True).distinct())


class Organisation(Record):
    """A body that can be a party, a host or a partner. What a lawyer needs to name it stands here once."""

    name = models.CharField(_("registered name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=100, blank=True)
    registration = models.CharField(_("registration number"), max_length=100, blank=True)
    legal_basis = models.CharField(
        _("legal basis"), max_length=300, blank=True, help_text=_("The law or decision that lets it sign agreements.")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    notice_email = models.EmailField(_("e-mail for notices"), blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    about = models.TextField(_("about"), blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    former_names = models.JSONField(_("former names"), default=list, blank=True)
    sensitive = models.BooleanField(_("sensitive"), default=False)  # on no public page, nor any record that would name it

    personal = kinds.ORGANISATIONS
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_organisation", "Can see the organisation"),
            ("edit_organisation", "Can change the organisation"),
            ("add_member", "Can give people roles in the organisation"),
        ]
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="organisation_by_name")]
        constraints = [
            models.CheckConstraint(name="organisation_kind_known", condition=Q(kind__in=["", *OrganisationKind.values]))
        ]

    def __str__(self) -> str:
        return self.name

    def people(self, role: str) -> list[Person]:
        """Who holds a role here today, the longest-serving first."""
        rows = Membership.objects.live().filter(organisation=self, role=role).select_related("person").order_by("since", "pk")
        return [row.person for row in rows]

    @property
    def label(self) -> str:
        return self.short_name or self.name


class Membership(Held):
    """A role in an organisation."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    role = models.CharField(max_length=30, choices=member_role_choices)
    title = models.CharField(_("position"), max_length=150, blank=True)
    personal = kinds.MEMBERSHIP

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["person", "until"], name="membership_live")]
        constraints = [
            models.UniqueConstraint(
                name="membership_stands_once", fields=["person", "organisation", "role"], condition=Q(until=None)
            )
        ]

    @property
    def role_label(self) -> str:
        return str(MEMBER_ROLES[self.role].label)

    def alike(self) -> LiveQuerySet:
        """The other rows of the same person in the same role here."""
        same = {"person": self.person_id, "organisation": self.organisation_id, "role": self.role}
        return Membership.objects.filter(**same).exclude(pk=self.pk)


def with_sign_in(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Rows of roles, each with `signs_in`, whether the person can sign in today, and `email`, the address or None."""
    user = User.objects.filter(person=OuterRef("person"))
    found: models.QuerySet[Any] = rows.annotate(
        signs_in=Exists(user.filter(is_active=True)), email=Subquery(user.values("email")[:1])
    )
    return found


def register_as_known(source: str) -> list[dict[str, object]]:
    """Each organisation as a row of an import may refer to it: by its name, and by the key that this source has for it, else by
    its own reference."""
    keys = {ref: key for key, ref in ExternalId.objects.refs(source, "partnerships.organisation").items()}
    rows = Organisation.objects.order_by("pk").values_list("ref", "name")
    return [{"key": keys.get(ref, ref), "name": name} for ref, name in rows]
