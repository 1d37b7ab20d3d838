"""Invitations: who is asked to come in for the first time, to what, until when, and what became of it."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts import kinds
from accounts.kinds import ENDS_SOON, InvitationState
from accounts.models.person import Person, User
from core import access
from core.models import Record, known, pair


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reading invitations."""

    def visible_to(self, user: User, perm: str = "accounts.view_person") -> Self:
        """Those to one's programmes and to organisations, which whoever runs a programme staffs; on the site, all."""
        reach = access.reach(user, perm)
        if reach["site"]:
            return self
        seen = Q(scope="programme", scope_key__in=reach["programme"]) | Q(
            scope="organisation", scope_key__in=reach["organisation"]
        )
        return self.filter(seen | Q(scope="organisation") if reach["programme"] else seen)

    def standing(self) -> Self:
        """Neither used nor taken back; at most one a person."""
        return self.filter(consumed_at=None, revoked_at=None)

    def ending(self) -> Self:
        """Open, and not for long."""
        now = timezone.now()
        return self.standing().filter(expires__gt=now, expires__lte=now + ENDS_SOON)

    def undelivered(self) -> Self:
        """The mail was tried and has not left."""
        return self.standing().filter(sent_at=None).exclude(error="")

    def to_look_at(self) -> Self:
        """Not used, and somebody has to do something: it has ended, ends soon, is asked for again or does not arrive."""
        late = Q(expires__lte=timezone.now() + ENDS_SOON) | Q(asked_at__isnull=False) | (Q(sent_at=None) & ~Q(error=""))
        return self.standing().filter(late).select_related("person").order_by("expires", "pk")

    def with_word(self) -> Self:
        """Each with `word`, an InvitationState."""
        used, back = Q(consumed_at__isnull=False), Q(revoked_at__isnull=False)
        words = [When(used, then=Value(InvitationState.USED)), When(back, then=Value(InvitationState.REVOKED))]
        words.append(When(expires__lte=timezone.now(), then=Value(InvitationState.EXPIRED)))
        return self.annotate(word=Case(*words, default=Value(InvitationState.OPEN), output_field=models.CharField()))

    def search(self, words: str) -> Self:
        """Every word occurs in the name or in the address."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(person__name__icontains=word) | Q(email__icontains=word))
        return found

    def places(self) -> list[tuple[str, str]]:
        """(reference without its kind, name) of where these invite to: the choices of a filter."""
        rows = self.order_by("where", "place").values_list("place", "where").distinct()
        return list({place.rpartition(":")[2]: name for place, name in rows}.items())

    def newest_of(self, people: Iterable[int]) -> dict[int, "Invitation"]:
        """{key of a person: their last one}, in one query."""
        return {each.person_id: each for each in self.filter(person__in=list(people)).order_by("pk")}


class Invitation(Record):
    """A way in for somebody who has never signed in, mailed to one address. What it opens is a mail to that address, no session.

    Of the secret in the mail only the SHA-256 is kept, and that only once it was made to be mailed. `by` is a reference.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    what, where = models.CharField(max_length=450), models.CharField(max_length=200)
    place, role = models.CharField(max_length=120), models.CharField(max_length=30)
    scope, scope_key = models.CharField(max_length=20), models.BigIntegerField(null=True)
    by = models.CharField(max_length=40)
    expires = models.DateTimeField(_("last moment"))
    sendings = models.PositiveSmallIntegerField(default=1)  # how often it was asked to be sent
    token = models.CharField(max_length=64, null=True, unique=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True)  # whoever holds the link that has expired asked for another
    consumed_at = models.DateTimeField(null=True)
    revoked_at, revoked_by = models.DateTimeField(null=True), models.CharField(max_length=40, null=True)

    objects = InvitationQuerySet.as_manager()
    personal = kinds.INVITATION

    class Meta:
        default_permissions = ()
        verbose_name = _("invitation")
        indexes = [models.Index(fields=["scope", "scope_key", "expires"], name="invitation_of_scope")]
        constraints = [
            known("scope", ["organisation", "programme", "site"], "invitation_scope_known"),
            pair("revoked_at", "revoked_by", "invitation_revoked_by_somebody"),
            models.CheckConstraint(name="invitation_ends_once", condition=Q(consumed_at=None) | Q(revoked_at=None)),
            models.CheckConstraint(name="invitation_expires_later", condition=Q(expires__gt=F("created"))),
            models.UniqueConstraint(
                name="invitation_stands_once", fields=["person"], condition=Q(consumed_at=None, revoked_at=None)
            ),
        ]

    def __str__(self) -> str:
        return _t("Invitation of %(name)s") % {"name": self.person}

    @property
    def standing(self) -> InvitationState:
        """As it is at this moment."""
        if self.consumed_at or self.revoked_at:
            return InvitationState.USED if self.consumed_at else InvitationState.REVOKED
        return InvitationState.OPEN if self.expires > timezone.now() else InvitationState.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.standing == InvitationState.OPEN


def invited_by(digest: str) -> Invitation | None:
    """The open invitation whose link has this SHA-256, if its sign-in still waits for somebody to come in."""
    found = Invitation.objects.filter(token=digest).select_related("person").first() if digest else None
    user = found.person.sign_in() if found and found.is_open else None
    return found if user and user.is_active and not user.came_in else None
