"""Copies of all that is kept of somebody, for them to take along."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import kinds
from core import access
from core.models import Record, pair


class ExportQuerySet(models.QuerySet["Export"]):
    """Reading copies of somebody's data."""

    def visible_to(self, user: Any, perm: str = "") -> Self:
        """One's own. Of who has no sign-in, those for which one asked oneself and still may."""
        if not user.is_active or not user.person_id:
            return self.none()
        found = Q(person=user.person_id)
        if access.reach(user, "accounts.answer_request")["site"]:
            without = ~Exists(get_user_model().objects.filter(person=OuterRef("person"), is_active=True))
            found = found | Q(without, asked_by=user.ref)
        return self.filter(found)

    def over(self, now: datetime) -> Self:
        """Whose file may not be there any more."""
        stuck = Q(made_at=None, created__lte=now - timedelta(days=kinds.EXPORT_DAYS))
        return self.exclude(file="").filter(Q(until__lte=now) | stuck)


class Export(Record):
    """A copy of all that is kept of somebody, made once and kept for some days. `file` is named before it is written, so that no
    crash leaves one that nobody knows of; `made_at` says that it is whole."""

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT)
    asked_by = models.CharField(max_length=40)
    reason = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()
    personal = kinds.EXPORT

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="export_made_one_at_a_time", fields=["person"], condition=Q(made_at=None)),
            pair("made_at", "until", "export_made_and_until_when"),
        ]

    @property
    def ready(self) -> bool:
        """Whether it can be taken along now."""
        return bool(self.file and self.until and self.until > timezone.now())
