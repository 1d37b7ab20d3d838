"""Who is told what about a cycle, and about the handover of a placement."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.kinds import Purpose
from accounts.models import Person, User, addresses_of
from accounts.notices import Draft, drafts
from core import notify
from core.access import Actor
from core.audit import subject_of
from fellowships.models import Cycle, Fellow, Handover, Section, parts_of


def to_cycle(cycle: Cycle) -> Purpose:
    """What a fellow is invited to. Who runs the programme looks after it."""
    what = _("Fellow in %(cycle)s, %(programme)s") % {"cycle": cycle, "programme": cycle.programme}
    return Purpose(what, f"{cycle}, {cycle.programme}"[:200], subject_of(cycle), "fellow", "programme", cycle.programme_id)


def purposes_of(person: Person) -> list[Purpose]:
    """For accounts: the cycles in which somebody takes part."""
    return [to_cycle(fellow.cycle) for fellow in parts_of(person)]


def drafts_to(cycle: Cycle, invited: Iterable[tuple[Person, str]], by: Actor) -> list[Draft]:
    """The invitations as they will go out: person and address."""
    what = to_cycle(cycle).what
    return drafts([(person, address, what) for person, address in invited], by)


def fellow_invited(fellow: Fellow, user: User) -> None:
    """To somebody with a sign-in who takes part from now on: what they find here, and to sign in as usual."""
    cycle = fellow.cycle
    names = {"cycle": cycle, "programme": cycle.programme}
    first = _("You take part in %(cycle)s of %(programme)s. Your placement, your host and what is due stand here.") % names
    how = _("Sign in with this e-mail address. If you have no password yet, choose “Set or forgot password” there.")
    text = notify.Text(
        subject=_("%(cycle)s of %(programme)s: your sign-in") % names,
        lines=(first, how),
        link=reverse("account_login"),
        link_label=_("Sign in"),
        why=_("You get this mail because a programme coordinator entered you with this address."),
    )
    notify.post(f"fellow:{fellow.pk}", [user.email], text, about=fellow)


def _taking_part(handover: Handover) -> str:
    return _("You get this mail because you take part in the handover of %(name)s at %(host)s.") % _names(handover)


def _names(handover: Handover) -> dict[str, object]:
    return {"name": handover.placement.fellow, "host": handover.placement.host}


def sections_offered(handover: Handover, receiver: Person, sections: Sequence[Section], at: datetime) -> None:
    """To their receiver: what waits for an answer. One mail for all that is offered at once."""
    words = _names(handover) | {"n": len(sections)}
    offered = ngettext(
        "%(name)s hands over %(n)s section to you at %(host)s.",
        "%(name)s hands over %(n)s sections to you at %(host)s.",
        len(sections),
    )
    by = min((section.due for section in sections if section.due), default=None)
    answer = _("Read each, then accept it in your own name or send it back and say what is missing.")
    first = reverse("fellowships:section_detail", args=[sections[0].ref])
    text = notify.Text(
        subject=ngettext("To accept: %(n)s section from %(name)s", "To accept: %(n)s sections from %(name)s", len(sections))
        % words,
        lines=(
            offered % words,
            "; ".join(str(section) for section in sections),
            answer if by is None else f"{answer} {_('The first is due on %(day)s.') % {'day': date_format(by, 'j F Y')}}",
        ),
        link=first if len(sections) == 1 else reverse("fellowships:handover_detail", args=[handover.ref]),
        link_label=_("Read and answer"),
        why=_taking_part(handover),
    )
    notify.post(f"offered:{handover.ref}:{at.isoformat()}", addresses_of([receiver]), text, about=handover)


def section_sent_back(section: Section, reason: str, at: datetime) -> None:
    """To the fellow: what is missing."""
    handover = section.handover
    words = {"receiver": section.receiver, "section": section}
    text = notify.Text(
        subject=_("Sent back: %(section)s") % words,
        lines=(_("%(receiver)s sent “%(section)s” back, with this reason:") % words, reason),
        link=reverse("fellowships:section_detail", args=[section.ref]),
        link_label=_("Open the section"),
        why=_taking_part(handover),
    )
    fellow = addresses_of([handover.placement.fellow.person_id])
    notify.post(f"sent_back:{section.ref}:{at.isoformat()}", fellow, text, about=handover)


def section_reopened(section: Section, receiver: Person, at: datetime) -> None:
    """To who had accepted it: it has changed, and their acceptance counts no longer."""
    handover = section.handover
    words = _names(handover) | {"section": section}
    text = notify.Text(
        subject=_("Changed after you accepted it: %(section)s") % words,
        lines=(
            _("“%(section)s” of the handover of %(name)s has changed. Your acceptance was for what stood there before.") % words,
            _("You are told again when it is offered to you."),
        ),
        link=reverse("fellowships:section_detail", args=[section.ref]),
        link_label=_("Open the section"),
        why=_taking_part(handover),
    )
    notify.post(f"reopened:{section.ref}:{at.isoformat()}", addresses_of([receiver]), text, about=handover)
