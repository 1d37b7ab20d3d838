"""What waits for somebody about programmes and hackathons: to name who coordinates; to answer, to give an owner, to close."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.inbox import Waiting, waits
from partnerships.models import FollowUp, Hackathon, Output, Programme

MOST = 8  # lines of questions; the rest is one line that leads to the list


@waits(Programme, "partnerships.give_programme_role")
def to_staff(user: Any, programmes: Any) -> Iterator[Waiting]:
    """For administrators: nobody runs it, so nothing in it goes on."""
    for row in programmes.without_coordinator().order_by("name", "pk")[:MOST]:
        yield Waiting(
            _("Name a coordinator: %(programme)s") % {"programme": row},
            reverse("partnerships:programme_role_give", args=[row.ref]) + "?role=coordinator",
            why=_("Without a coordinator no cycle is opened and no agreement drafted."),
            act=_("Name somebody"),
        )


@waits(Programme, "partnerships.edit_programme")
def to_choose_who_signs(user: Any, programmes: Any) -> Iterator[Waiting]:
    """For coordinators: without a party on its side a programme agrees with nobody. The first step after an import."""
    for row in programmes.run_by(user).without_organisation().order_by("name", "pk")[:MOST]:
        yield Waiting(
            _("Choose who signs for %(programme)s") % {"programme": row},
            reverse("partnerships:programme_edit", args=[row.ref]),
            why=_("An organisation of the register is a party to every agreement with a host. Until then none can be drafted."),
            act=_("Choose it"),
        )


@waits(FollowUp, "partnerships.answer_follow_up")
def to_answer(user: Any, follow_ups: Any) -> Iterator[Waiting]:
    """For the owner; for a lead where the owner is not at hand. A coordinator is not asked what others know."""
    rows = list(follow_ups.asked_of(user).with_words().order_by("asked_on", "pk")[: MOST + 1])
    for row in rows[:MOST]:
        words = {"title": row.output.title, "days": row.days, "event": row.output.hackathon}
        yield Waiting(
            _("What became of “%(title)s”?") % words,
            reverse("partnerships:follow_up_answer", args=[row.ref]),
            why=_("%(event)s, after %(days)s days. Two minutes; without an answer it counts as unknown.") % words,
            due=row.gives_up_on,
            since=row.asked_on,
            act=_("Answer"),
        )
    if len(rows) > MOST:
        many = reverse("partnerships:follow_up_list") + "?state=asked"
        yield Waiting(_("More questions wait for your answer"), many, due=rows[MOST].gives_up_on, act=_("See all"))


@waits(Hackathon, "partnerships.edit_hackathon")
def to_run(user: Any, hackathons: Any) -> Iterator[Waiting]:
    """For coordinators: what is over and not closed."""
    for row in hackathons.over(timezone.localdate()).with_gaps().order_by("ends", "pk"):
        detail, words = reverse("partnerships:hackathon_detail", args=[row.ref]), {"title": row.title, "n": row.incomplete}
        if row.incomplete:
            sentence = ngettext(
                "Name the owner of %(n)s output: %(title)s", "Name the owners of %(n)s outputs: %(title)s", words["n"]
            )
            why = _("It cannot be closed before, and its questions are not planned.")
            yield Waiting(sentence % words, detail, why, since=row.ends, act=_("Open"))
        elif row.outputs:
            close = reverse("partnerships:hackathon_close", args=[row.ref])
            why = _("Every output has an owner. Closing it plans the questions.")
            yield Waiting(_("Close the hackathon: %(title)s") % words, close, why, since=row.ends, act=_("Look and close"))
        else:
            yield Waiting(_("Add what the teams made: %(title)s") % words, detail, since=row.ends, act=_("Open"))


@waits(Output, "partnerships.edit_hackathon")
def to_find_owners(user: Any, outputs: Any) -> Iterator[Waiting]:
    """For coordinators, one line a hackathon: questions are still to come, and nobody named would get them."""
    lost: dict[Hackathon, int] = {}
    for output in outputs.needing_owner().select_related("hackathon").order_by("hackathon__ends", "hackathon", "pk"):
        lost[output.hackathon] = lost.get(output.hackathon, 0) + 1
    for hackathon, number in lost.items():
        words = {"title": hackathon.title, "n": number}
        sentence = ngettext("%(n)s output needs an owner: %(title)s", "%(n)s outputs need an owner: %(title)s", number)
        url = reverse("partnerships:hackathon_detail", args=[hackathon.ref]) + "?owner=needed"
        yield Waiting(sentence % words, url, _("Who was named has left the agency or cannot sign in."), act=_("Show them"))
