"""Organisations, and who holds which role in them from when until when."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Held, LiveQuerySet, Person, User
from accounts.roles import MEMBER_ROLES, member_role_choices
from core import access, panels
from core.models import ExternalId, Record
from partnerships import kinds
from partnerships.kinds import DEEPEST, JurisdictionLevel, OrganisationKind, traits

LINE = ["__".join(["parent"] * steps) for steps in range(1, DEEPEST)]  # parent, parent__parent, ...: all that can be above one


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
        fields = ("pk", "name", "presented_as", "short_name", "former_names")
        rows = self.filter(sensitive=True).order_by("pk").values_list(*fields)
        return [(key, [name for name in (*names, *former) if name]) for key, *names, former in rows]

    def search(self, words: str) -> Self:
        """Every word occurs in one of its names, of now or before, or in the city."""
        found, names = self, ("name", "short_name", "presented_as", "city", "former_names")
        for word in words.split()[:8]:
            here = Q()
            for name in names:
                here |= Q(**{f"{name}__icontains": word})
            found = found.filter(here)
        return found

    def others_called(self, name: str, organisation: "Organisation") -> Self:
        """Those of another organisation that have this name, whatever the capitals."""
        called = Q(name__iexact=name) | Q(short_name__iexact=name) | Q(presented_as__iexact=name)
        return self.filter(called).exclude(pk__in=[each.pk for each in organisation.entries()])

    def labelled(self) -> Self:
        """Each with `shown_as`, its label: what a public list is sorted by."""
        empty = Value("")
        return self.annotate(shown_as=Coalesce(NullIf("presented_as", empty), NullIf("short_name", empty), F("name")))

    def in_use(self, besides: "Organisation | None" = None) -> Self:
        """What can be chosen: not the second entry of an organisation that stands there twice, unless it was chosen before."""
        return self.filter(Q(same_as=None) | Q(pk=besides and besides.pk))

    def with_parents(self) -> Self:
        """Each with all that is above it, in the same query."""
        return self.select_related(LINE[-1], "same_as")

    def within(self, ref: str) -> Self:
        """The organisation of this ref and every department below it, however deep."""
        found = Q(ref=ref)
        for line in LINE:
            found |= Q(**{f"{line}__ref": ref})
        return self.filter(found)

    def below(self, organisation: "Organisation") -> Self:
        """Every department below it, in the order of a tree: each before those below it, by name. With its parents."""
        found = Q()
        for line in LINE:
            found |= Q(**{line: organisation})
        return self.filter(found).with_parents()

    def with_departments(self) -> list[tuple[str, str]]:
        """(ref, name) of those that have any among these: the choices of a filter. What is sensitive is not named for them."""
        above = Organisation.objects.filter(pk__in=self.exclude(parent=None).order_by().values("parent"))
        named = above.filter(Q(sensitive=False) | Q(pk__in=self.order_by().values("pk")))
        return list(named.order_by("name", "pk").values_list("ref", "name"))

    def jurisdictions(self) -> list[str]:
        """The jurisdictions that occur, in order."""
        return list(self.exclude(jurisdiction="").order_by("jurisdiction").values_list("jurisdiction", flat=True).distinct())

    def like(self, among: Iterable["Organisation"]) -> dict[int, list["Organisation"]]:
        """{key: those of these that may be the same organisation}, by name. One query for any number.

        `among` may have rows that are not stored yet: their key is None.
        """
        marks: dict[str, list[Organisation]] = {}
        for each in among:
            for mark in each.traits():
                marks.setdefault(mark, []).append(each)
        found: dict[int, dict[int, Organisation]] = {}
        for other in self.order_by("name", "pk").only(*TRAITS) if marks else ():
            for mark in other.traits():
                for each in marks.get(mark, ()):
                    if each.pk != other.pk and not each.linked_to(other):
                        found.setdefault(each.pk, {})[other.pk] = other
        return {key: list(others.values()) for key, others in found.items()}

    def looking_alike(self) -> Self:
        """Those that may be the same organisation as another of these."""
        return self.filter(pk__in=self.like(self.order_by().only(*TRAITS)).keys())

    def called(self, words: str) -> "Organisation | None":
        """The one with this reference or this name, whatever the capitals."""
        wanted = words.strip()
        return self.filter(ref__iexact=wanted).first() or self.filter(name__iexact=wanted).first()

    def with_people(self) -> Self:
        """Each with `people_today`: how many hold a role in it today."""
        live = Membership.objects.live().filter(organisation=OuterRef("pk")).order_by().values("organisation")
        count = live.annotate(count=Count("person", distinct=True)).values("count")
        return self.annotate(people_today=Coalesce(Subquery(count), 0))

    def occurring(self) -> dict[str, set[str]]:
        """The kinds and the levels of jurisdiction that occur; "" where nobody has said."""
        rows = list(self.order_by().values_list("kind", "jurisdiction_level").distinct())
        return {"kind": {kind for kind, _level in rows}, "level": {level for _kind, level in rows}}

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
    presented_as = models.CharField(_("present to government as"), max_length=200, blank=True)
    jurisdiction_level = models.CharField(_("level of jurisdiction"), max_length=20, choices=JurisdictionLevel, blank=True)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=100, blank=True)
    # Neither gives anybody any access. The triggers of migration 0010 keep circles and a seventh level out.
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="departments"
    )
    same_as = models.ForeignKey(
        "self", verbose_name=_("same organisation as"), null=True, blank=True, on_delete=models.PROTECT, related_name="doubles"
    )
    sensitive = models.BooleanField(_("sensitive"), default=False)  # on no public page, nor any record that would name it

    personal = kinds.ORGANISATIONS
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_organisation", "Can see the organisation"),
            ("edit_organisation", "Can change the organisation"),
            ("correct_organisation", "Can say how the organisation is presented and reached"),
            ("add_member", "Can give people roles in the organisation"),
        ]
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="organisation_by_name")]
        constraints = [
            models.CheckConstraint(name="organisation_kind_known", condition=Q(kind__in=["", *OrganisationKind.values])),
            models.CheckConstraint(
                name="organisation_level_known", condition=Q(jurisdiction_level__in=["", *JurisdictionLevel.values])
            ),
            models.CheckConstraint(name="organisation_not_its_own_part", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="organisation_not_its_own_double", condition=~Q(same_as=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name

    def people(self, role: str) -> list[Person]:
        """Who holds a role here today, the longest-serving first."""
        rows = Membership.objects.live().filter(organisation=self, role=role).select_related("person").order_by("since", "pk")
        return [row.person for row in rows]

    @property
    def label(self) -> str:
        """What people are shown: how it presents itself, what it is called, or its registered name."""
        return self.presented_as or self.short_name or self.name

    @property
    def place_in_law(self) -> str:
        """Whose law: "Ghent (City or municipality)"."""
        level = self.get_jurisdiction_level_display()
        return f"{self.jurisdiction} ({level})" if self.jurisdiction and level else self.jurisdiction or str(level)

    def parents(self) -> list["Organisation"]:
        """What it is part of, the highest first. No query after with_parents()."""
        line: list[Organisation] = []
        above = self.parent
        while above is not None and len(line) < DEEPEST:
            line.append(above)
            above = above.parent
        return line[::-1]

    def public_parents(self) -> list["Organisation"]:
        """What a public page says that it is part of: nothing sensitive, and nothing above that."""
        line = self.parents()
        hidden = [place for place, each in enumerate(line) if each.sensitive]
        return line[hidden[-1] + 1 :] if hidden else line

    def path(self) -> str:
        """Its place: "City of Pell › Office of Transport"; "" where it is part of nothing."""
        return " › ".join(each.name for each in self.parents())

    def height(self) -> int:
        """How many levels of departments it has below it. One query each."""
        levels, here = 0, [self.pk]
        while levels < DEEPEST and (
            here := list(Organisation.objects.filter(parent__in=here).order_by().values_list("pk", flat=True))
        ):
            levels += 1
        return levels

    def entries(self) -> list["Organisation"]:
        """All that the register has of this one organisation, itself among them."""
        kept = self.same_as_id or self.pk
        return list(Organisation.objects.filter(Q(pk__in=[self.pk, kept]) | Q(same_as=kept)).order_by("pk"))

    def traits(self) -> frozenset[str]:
        """By what another entry is taken for the same organisation."""
        names = (self.name, self.short_name, self.presented_as, *self.former_names)
        return traits(names, registration=f"{self.registration}/{self.country}" if self.registration else "")

    def linked_to(self, other: "Organisation") -> bool:
        """Whether it is known of the two: the same organisation, or one part of the other."""
        keys = {self.pk, self.same_as_id or self.pk}
        known = {other.pk, other.same_as_id or other.pk}
        return bool(keys & known) or other.pk == self.parent_id or (self.pk is not None and other.parent_id == self.pk)


TRAITS = ("name", "short_name", "presented_as", "former_names", "registration", "country", "ref", "same_as", "parent")


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
    rows = Organisation.objects.order_by("pk").values_list("ref", "name", "parent__ref")
    return [{"key": keys.get(ref, ref), "name": name, "parent": above and keys.get(above, above)} for ref, name, above in rows]


# Lists of other records, narrowed to those of an organisation, or to those of it and its departments.

STAR = "*"  # behind a ref in an address: with its departments


ABOVE = ("", *(f"{line}__" for line in LINE))  # of the organisation itself, and of each that can be above it
COLUMNS = ("ref", "name", "short_name", "presented_as", "sensitive")


def tree_choices(rows: models.QuerySet[Any], path: str, *, labels: bool = False) -> list[tuple[str, str]]:
    """(value of in_tree(), name) of the organisations at `path` of these rows, and of what they are part of: the choices of a
    filter, by name. One query. What is sensitive is not named for its departments. `labels`: as public pages name them."""
    found: dict[str, str] = {}
    columns = [f"{path}__{line}{column}" for line in ABOVE for column in COLUMNS]
    for row in rows.order_by().exclude(**{f"{path}__isnull": True}).values_list(*columns).distinct():
        for place in range(0, len(row), len(COLUMNS)):
            ref, name, short, presented, sensitive = row[place : place + len(COLUMNS)]
            called = (presented or short or name) if labels else name
            if place == 0:
                found[ref] = called
            elif ref is None or sensitive:
                break
            else:
                found[ref + STAR] = _t("%(name)s, with its departments") % {"name": called}
    return sorted(found.items(), key=lambda choice: (choice[1].casefold(), choice[0]))


def named_at(path: str, word: str) -> Q:
    """Rows whose organisation at `path` has this word in its registered name, its short one, or the one it is presented under."""
    found = Q()
    for name in ("name", "short_name", "presented_as"):
        found |= Q(**{f"{path}__{name}__icontains": word})
    return found


def in_tree(path: str, value: str) -> Q:
    """Rows that have at `path` the organisation of this ref; with STAR behind it, or a department of it."""
    if not value.endswith(STAR):
        return Q(**{f"{path}__ref": value})
    return Q(**{f"{path}__in": Organisation.objects.within(value.removesuffix(STAR)).order_by().values("pk")})
