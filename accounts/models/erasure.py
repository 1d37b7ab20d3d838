"""Requests to be erased, the decisions on them, and what of somebody there is to be found."""

from calendar import monthrange
from datetime import date
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import kinds
from core import access
from core.models import Event, Message, Record, pair
from core.privacy import SHORTEST, Subject


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Reading requests and decisions."""

    def open(self) -> Self:
        return self.filter(done_at=None, refused_at=None, taken_back_at=None)

    def waiting(self) -> Self:
        """For somebody to decide."""
        return self.open().filter(confirmed_at=None)

    def visible_to(self, user: Any, perm: str = "accounts.answer_request") -> Self:
        """One's own, and all for who answers."""
        if not user.is_active:
            return self.none()
        return self.all() if access.reach(user, "accounts.answer_request")["site"] else self.filter(person=user.person_id)


class Erasure(Record):
    """Somebody is to be erased: asked for by themselves, or decided by who answers such requests; and what came of it."""

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT)
    asked_at = models.DateTimeField(null=True, blank=True)  # by the person themselves
    wish = models.TextField(_("what they wrote"), blank=True)
    answer_by = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the figures that were decided on
    chosen = models.JSONField(default=list, blank=True)  # tables of others from which the name goes
    also = models.JSONField(default=list, blank=True)  # more words by which they are found in texts
    reason = models.CharField(max_length=300, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=40, null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.CharField(max_length=40, null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureQuerySet.as_manager()
    personal = kinds.ERASURE

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="erasure_once_at_a_time",
                fields=["person"],
                condition=Q(done_at=None, refused_at=None, taken_back_at=None),
            ),
            pair("confirmed_at", "confirmed_by", "erasure_confirmed_by_somebody"),
            pair("refused_at", "refused_by", "erasure_refused_by_somebody"),
        ]


def erasure_of(person: Any) -> Erasure | None:
    """The one that is open."""
    return Erasure.objects.open().filter(person=person).first()


def one_month_after(day: date) -> date:
    """The same day of the next month, or its last: by then a request has to be answered (GDPR art. 12(3))."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def subject_of(person: Any) -> Subject:
    """For core.privacy: the names and addresses of somebody, present and former. A name that another living record has as well is
    left out: what says it may mean the other."""
    user = person.sign_in()
    renamed = Event.objects.filter(verb="person.renamed", subject=f"accounts.person:{person.ref}")
    names = [] if person.erased_at else [person.name, *(event.data.get("before", "") for event in renamed)]
    others = type(person).objects.exclude(pk=person.pk).filter(erased_at=None)
    names = [name for name in dict.fromkeys(names) if len(name) >= SHORTEST and not others.filter(name__iexact=name).exists()]
    addresses = _addresses(user) if user else []
    return Subject(person.pk, person.ref, user.pk if user else None, person.name, (*names, *addresses), tuple(addresses))


def _addresses(user: Any) -> list[str]:
    """That of the sign-in, those that allauth knows, and former ones, which were told that they are left."""
    left = Message.objects.filter(key__startswith=f"address-left:{user.pk}:").values_list("to", flat=True)
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return list(dict.fromkeys([user.email, *known, *left]))
