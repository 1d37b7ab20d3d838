"""What waits for those who answer requests about people's data."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.records import Erasure
from core.inbox import Waiting, waits


@waits(Erasure, "accounts.answer_request")
def to_answer_requests(user: Any, erasures: Any) -> Iterator[Waiting]:
    """For administrators: who asked to be erased, and what could not be done as decided."""
    for row in erasures.waiting().exclude(person=user.person_id).select_related("person").order_by("answer_by", "pk"):
        asked = _("Answer %(name)s, who asks to be erased") if row.asked_at else _("Decide again on erasing %(name)s")
        yield Waiting(
            asked % {"name": row.person},
            reverse("accounts:erasure_detail", args=[row.ref]),
            why=row.problem or _("The law gives one month. Erase what the law does not keep, or say why not."),
            due=row.answer_by,
            since=timezone.localdate(row.asked_at or row.created),
            act=_("Answer"),
        )
