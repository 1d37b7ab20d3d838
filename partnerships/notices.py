"""Who is told what about organisations and programmes, and about what became of the outputs of hackathons."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.kinds import SITE_ROLE_PLACE, Purpose
from accounts.models import Person, SiteRole, User, addresses_of
from accounts.notices import Draft, drafts
from accounts.roles import MEMBER_ROLES, PROGRAMME_ROLES, SITE_ROLES
from core import notify
from core.access import Actor
from core.audit import subject_of
from partnerships.kinds import MemberLine
from partnerships.models import FollowUp, Hackathon, Membership, Organisation, Output, Programme, ProgrammeRole, lasting_roles_of
from partnerships.states import Letter


def to_organisation(organisation: Organisation, role: str) -> Purpose:
    """What somebody is invited to who gets a role there. Who staffs organisations looks after it."""
    what = _("%(role)s of %(where)s") % {"role": MEMBER_ROLES[role].label, "where": organisation}
    return Purpose(what, str(organisation), subject_of(organisation), role, "organisation", organisation.pk)


def drafts_to(organisation: Organisation, invited: Iterable[tuple[MemberLine, Person | None]], by: Actor) -> list[Draft]:
    """The invitations as they will go out, the first of each role: the others differ by name, address and link."""
    first: dict[str, tuple[Person, str, str]] = {}
    for line, person in invited:
        what = to_organisation(organisation, line.role).what
        first.setdefault(line.role, (person or Person(name=line.name), line.email, what))
    return drafts(first.values(), by)


def to_programme(programme: Programme, role: str) -> Purpose:
    """The same of a programme. Administrators give its roles, and look after it."""
    what = _("%(role)s of %(where)s") % {"role": PROGRAMME_ROLES[role].label, "where": programme}
    return Purpose(what, str(programme), subject_of(programme), role, "site")


def to_site(role: str) -> Purpose:
    """The same of the whole site: the operator's to give, and administrators look after it."""
    what = _("%(role)s of this site") % {"role": SITE_ROLES[role].label}
    return Purpose(what, _("This site"), SITE_ROLE_PLACE, role, "site")


def purposes_of(person: Person) -> list[Purpose]:
    """For accounts: the roles of somebody that count or will, as what they can be invited to."""
    found = []
    for row in lasting_roles_of(person):
        if isinstance(row, SiteRole):
            found.append(to_site(row.role))
        elif isinstance(row, ProgrammeRole):
            found.append(to_programme(row.programme, row.role))
        else:
            found.append(to_organisation(row.organisation, row.role))
    return found


def member_invited(membership: Membership, user: User) -> None:
    """To who has a sign-in and got a role: what it is, and to sign in as usual."""
    organisation, role = membership.organisation, membership.role_label
    first = _("You are now %(role)s of %(organisation)s on this site.") % {"role": role, "organisation": organisation}
    how = _("Sign in with this e-mail address. If you have no password yet, choose “Set or forgot password” there.")
    text = notify.Text(
        subject=_("Your role at %(organisation)s") % {"organisation": organisation},
        lines=(first, how),
        link=reverse("account_login"),
        link_label=_("Sign in"),
        why=_("You get this mail because a programme coordinator entered you with this address."),
    )
    notify.post(f"member:{membership.pk}", [user.email], text, about=organisation)


def programme_invited(role: ProgrammeRole, user: User) -> None:
    """To who has a sign-in and got a role in a programme: from when, and to sign in as usual."""
    programme, words = role.programme, {"role": role.role_label, "programme": role.programme}
    first = _("You are %(role)s of %(programme)s on this site, from %(day)s.") % {
        **words,
        "day": date_format(role.since, "j F Y"),
    }
    how = _("Sign in with this e-mail address. If you have no password yet, choose “Set or forgot password” there.")
    text = notify.Text(
        subject=_("Your role in %(programme)s") % words,
        lines=(first, how),
        link=reverse("account_login"),
        link_label=_("Sign in"),
        why=_("You get this mail because an administrator of this site entered you with this address."),
    )
    notify.post(f"programme-role:{role.pk}", [user.email], text, about=programme)


def programme_role_given(role: ProgrammeRole, by: Actor) -> None:
    """To who runs the programme: somebody else sees into it from now on."""
    words = {"name": role.person, "role": role.role_label, "programme": role.programme, "day": date_format(role.since, "j F Y")}
    line = _("%(name)s is %(role)s of %(programme)s from %(day)s. An administrator of this site gave the role.") % words
    _to_coordinators("programme-role-given", role, by, _("%(name)s is %(role)s of %(programme)s") % words, line)


def programme_role_ended(role: ProgrammeRole, by: Actor) -> None:
    """To who still runs the programme."""
    words = {"name": role.person, "role": role.role_label, "programme": role.programme}
    line = _("%(name)s is no longer %(role)s of %(programme)s. An administrator of this site ended the role.") % words
    _to_coordinators("programme-role-ended", role, by, _("%(name)s is no longer %(role)s of %(programme)s") % words, line)


def _to_coordinators(event: str, role: ProgrammeRole, by: Actor, subject: str, line: str) -> None:
    programme, refs = role.programme, {by.ref, role.person.ref}
    text = notify.Text(
        subject=subject[:200],
        lines=(line, _("If you did not expect this, ask them. The timeline of the programme says who it was.")),
        link=reverse("partnerships:programme_detail", args=[programme.ref]),
        link_label=_("Open the programme"),
        why=_("You get this mail because you coordinate the programme."),
    )
    others = [person for person in programme.coordinators() if person.ref not in refs]
    notify.post(f"{event}:{role.pk}", addresses_of(others), text, about=programme)


def hackathon_closed(hackathon: Hackathon, outputs: Iterable[Output]) -> None:
    """To each owner once: for which outputs they answer, and on which days they are asked."""
    theirs: dict[Person, list[str]] = {}
    for output in outputs:
        assert output.owner is not None  # it could not be closed
        theirs.setdefault(output.owner, []).append(f"“{output.title}”")
    days = ", ".join(date_format(due, "j F Y") for _days, due in hackathon.questions())
    for owner, titles in theirs.items():
        text = notify.Text(
            subject=_("You answer for what came of %(hackathon)s") % {"hackathon": hackathon},
            lines=(
                _("You are the owner of: %(titles)s.") % {"titles": ", ".join(titles)},
                _("You will be asked what became of it on these days: %(days)s. It takes two minutes.") % {"days": days},
            ),
            link=reverse("partnerships:hackathon_detail", args=[hackathon.ref]),
            link_label=_("Open the hackathon"),
            why=_("You get this mail because you were named as the owner at your organisation."),
        )
        notify.post(f"hackathon_closed:{hackathon.ref}", addresses_of([owner]), text, about=hackathon)


def follow_up_asked(follow_up: FollowUp, kind: Letter, addresses: list[str], until: date) -> None:
    """The question, or a reminder of it, to who answers for the output."""
    output = follow_up.output
    names = {"title": output.title, "event": output.hackathon, "until": date_format(until, "j F Y")}
    subject = {
        Letter.QUESTION: _("Two minutes: what became of “%(title)s”?"),
        Letter.FIRST: _("Still open: what became of “%(title)s”?"),
        Letter.SECOND: _("Last reminder: what became of “%(title)s”?"),
    }[kind]
    text = notify.Text(
        subject=subject % names,
        lines=(
            _("We would like to know what became of “%(title)s”. “We stopped” is a good answer.") % names,
            _("If we hear nothing by %(until)s, the record will say “unknown”.") % names,
        ),
        link=reverse("partnerships:follow_up_answer", args=[follow_up.ref]),
        link_label=_("Answer"),
        why=_("You get this mail because you answer for a result of %(event)s. We ask a few times, and then no more.") % names,
    )
    notify.post(f"follow_up:{follow_up.ref}:{kind}", addresses, text, about=follow_up)


def owner_named(follow_up: FollowUp, owner: Person) -> None:
    """To somebody who becomes the owner while a question is open: it waits for them now."""
    names = {"title": follow_up.output.title, "event": follow_up.output.hackathon}
    text = notify.Text(
        subject=_("Now yours: what became of “%(title)s”?") % names,
        lines=(_("You are the owner of “%(title)s” from now on, and a question about it waits for your answer.") % names,),
        link=reverse("partnerships:follow_up_answer", args=[follow_up.ref]),
        link_label=_("Answer"),
        why=_("You get this mail because you answer for a result of %(event)s.") % names,
    )
    notify.post(f"owner_named:{follow_up.ref}:{owner.ref}", addresses_of([owner]), text, about=follow_up)
