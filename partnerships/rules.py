"""Who may look at, change and staff an organisation or a programme."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation, Person, User
from accounts.roles import MEMBER_ROLES
from core import audit
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in
from core.sharing import not_with_oneself
from partnerships.kinds import DEEPEST, MemberLine, fits
from partnerships.models import (
    FollowUp,
    Hackathon,
    Membership,
    Organisation,
    Output,
    Programme,
    ProgrammeRole,
    lasting_roles_of,
)
from partnerships.states import FOLLOW_UP, HACKATHON, FollowUpState

NAMED = 8  # of many, this many are named in a sentence

list_organisations = list_programmes = list_hackathons = list_follow_ups = signed_in


def view_organisation(user: User, organisation: Organisation) -> Verdict:
    seen = holds(user, "partnerships.view_organisation", organisation)
    return YES if seen else no(_("You are not a member of this organisation."))


def add_organisation(by: Actor) -> Verdict:
    """The register is kept by those who run programmes."""
    runs = by is HOUSE or bool(reach(by, "partnerships.edit_organisation")["programme"])
    return YES if runs else no(_("Only a programme coordinator adds organisations to the register."))


def edit_organisation(by: Actor, organisation: Organisation) -> Verdict:
    may = holds(by, "partnerships.edit_organisation", organisation)
    return YES if may else no(_("Only a programme coordinator changes an organisation in the register."))


def shield_organisation(by: Actor, organisation: Organisation) -> Verdict:
    may = holds(by, "partnerships.edit_organisation", organisation)
    return YES if may else no(_("Only a programme coordinator says whether an organisation is sensitive."))


def unshield_organisation(by: Actor, organisation: Organisation) -> Verdict:
    return shield_organisation(by, organisation)


def correct_organisation(by: Actor, organisation: Organisation) -> Verdict:
    """How it is presented and reached: its own leads know best. What an agreement prints besides stays with coordinators."""
    may = holds(by, "partnerships.correct_organisation", organisation)
    return YES if may else no(_("Only a lead of the organisation, or a programme coordinator, says how it is presented."))


def fits_below(organisation: Organisation | None, parent: Organisation) -> Verdict:
    """Whether it can be a department there: nothing is part of itself, and a tree has so many levels. None: a new one."""
    above = [*parent.parents(), parent]
    if organisation and organisation in above:
        words = {"name": organisation, "parent": parent}
        return no(_("%(parent)s is part of %(name)s. An organisation cannot be part of itself.") % words)
    if parent.same_as is not None:
        return no(_("%(name)s is a second entry. Choose %(kept)s instead.") % {"name": parent, "kept": parent.same_as})
    if len(above) + 1 + (organisation.height() if organisation else 0) > DEEPEST:
        return no(_("With it the tree would have more than %(most)s levels. Choose a place further up.") % {"most": DEEPEST})
    return YES


def supersede_organisation(by: Actor, organisation: Organisation, kept: Organisation | None = None) -> Verdict:
    """Without `kept`: whether the two can be found out at all."""
    if not holds(by, "partnerships.edit_organisation", organisation):
        return no(_("Only a programme coordinator says that two entries are one organisation."))
    if kept is None:
        return YES
    names = {"name": organisation, "kept": kept}
    if organisation.same_as is not None and organisation.same_as != kept:
        return no(_("%(name)s is a second entry already. Take that back first.") % names)
    if kept == organisation or kept.same_as is not None:
        return no(_("Choose another entry, one that is chosen from itself."))
    if organisation.doubles.exists():
        return no(_("Other entries stand for %(name)s. Keep this one, and say it of %(kept)s.") % names)
    if organisation.sensitive != kept.sensitive:
        return no(_("One of the two is sensitive. Mark both, or neither, first: they would name each other.") % names)
    return YES


def reinstate_organisation(by: Actor, organisation: Organisation) -> Verdict:
    return supersede_organisation(by, organisation)


def missing_for_agreement(organisation: Organisation) -> list[str]:
    """What the shipped agreements name of a party and the register does not know yet."""
    names = ["address", "notice_email"]
    names += ["legal_form", "registration"] if organisation.programme_set.exists() else ["legal_basis"]
    return [audit.labels(organisation, [name]) for name in names if not getattr(organisation, name)]


def has_signatory(organisation: Organisation) -> bool:
    """Whether anybody whose role it is to sign for it can sign in."""
    signatories = Membership.objects.live().filter(organisation=organisation, role="signatory").values("person")
    return User.objects.filter(person__in=signatories, is_active=True).exists()


def add_member(by: Actor, organisation: Organisation, person: Person | None = None, role: str = "") -> Verdict:
    """Nobody gives a role to themselves: a coordinator who could would sign for both sides. A role fits the organisation."""
    if not holds(by, "partnerships.add_member", organisation):
        return no(_("Only a programme coordinator gives people roles in an organisation."))
    if person is not None and isinstance(by, User) and by.person_id == person.pk:
        return no(_("Nobody gives a role to themselves. Another coordinator has to do it."))
    if role and not fits(role, organisation.kind):
        words = {"role": MEMBER_ROLES[role].label, "name": organisation, "kind": organisation.get_kind_display()}
        sentence = _("%(role)s is no role in %(name)s, which is on record as: %(kind)s. Choose another role.")
        return no(sentence % words)
    return YES


@dataclass(frozen=True)
class Look:
    """What would become of a line. `goes`: "invited", "told", or "" when nothing would, and then the sentence says why."""

    goes: str
    sentence: str
    person: Person | None = None


def look_at_line(by: Actor, organisation: Organisation, line: MemberLine) -> Look:
    """Asked before anything is done, and again under the lock."""
    user = User.objects.filter(email__iexact=line.email).select_related("person").first()
    if user is None:
        return Look("invited", _("Gets the role and the invitation."))
    if user.person is None:
        return Look("", _("That address belongs to a superuser of this site, who takes no part in the work."))
    may = add_member(by, organisation, user.person)
    if not may:
        return Look("", may.reason, user.person)
    held = Membership(organisation=organisation, person=user.person, role=line.role).alike()
    if held.overlapping(timezone.localdate(), None).exists():
        return Look("", _("Holds this role already."), user.person)
    if not user.is_active:
        return Look("told", _("Gets the role. The sign-in is deactivated and stays so."), user.person)
    if user.came_in:
        return Look("told", _("Has a sign-in: gets the role, and a mail that says to sign in as usual."), user.person)
    last = Invitation.objects.filter(person=user.person).order_by("pk").last()
    if last and last.is_open:
        day = {"day": date_format(timezone.localtime(last.expires), "j F Y")}
        return Look("told", _("Is invited already, until %(day)s: gets the role, and a mail about it.") % day, user.person)
    if last and last.consumed_at:
        return Look("told", _("Has answered an invitation: gets the role, and a mail about it."), user.person)
    return Look("invited", _("Never came in: gets the role and the invitation."), user.person)


def look_at_lines(by: Actor, organisation: Organisation, lines: Iterable[MemberLine]) -> list[tuple[MemberLine, Look]]:
    """Each line with what would become of it, were they done in this order."""
    found: list[tuple[MemberLine, Look]] = []
    invited: set[str] = set()
    for line in lines:
        look, address = look_at_line(by, organisation, line), line.email.casefold()
        if look.goes == "invited" and address in invited:
            look = Look("told", _("Is invited by a line above: gets the role, and a mail about it."), look.person)
        invited.add(address)
        found.append((line, look))
    return found


def end_membership(by: Actor, membership: Membership) -> Verdict:
    return add_member(by, membership.organisation)


def date_membership(by: Actor, membership: Membership) -> Verdict:
    """Another end is another grant: nobody prolongs their own role."""
    return add_member(by, membership.organisation, membership.person)


def view_programme(by: Actor, programme: Programme) -> Verdict:
    seen = holds(by, "partnerships.view_programme", programme)
    return YES if seen else no(_("This programme is not yours to see."))


def open_programme(by: Actor) -> Verdict:
    """Who administers the site, and the operator by the command line."""
    may = by is HOUSE or bool(reach(by, "partnerships.open_programme")["site"])
    return YES if may else no(_("Only an administrator of this site opens a programme."))


def edit_programme(by: Actor, programme: Programme) -> Verdict:
    may = holds(by, "partnerships.edit_programme", programme)
    return YES if may else no(_("You do not coordinate this programme."))


def give_programme_role(by: Actor, programme: Programme, person: Person | None = None) -> Verdict:
    """Who runs a programme does not choose who audits it, and nobody takes a role."""
    if not holds(by, "partnerships.give_programme_role", programme):
        return no(_("Only an administrator of this site gives and ends roles in a programme."))
    if person is not None and isinstance(by, User) and by.person_id == person.pk:
        return no(_("Nobody gives a role to themselves. Another administrator has to do it."))
    return YES


def end_programme_role(by: Actor, role: ProgrammeRole) -> Verdict:
    return give_programme_role(by, role.programme)


def date_programme_role(by: Actor, role: ProgrammeRole) -> Verdict:
    """Another end is another grant: nobody prolongs their own role."""
    return give_programme_role(by, role.programme, role.person)


def view_hackathon(user: User, hackathon: Hackathon) -> Verdict:
    seen = holds(user, "partnerships.view_hackathon", hackathon)
    return YES if seen else no(_("You have no part in this hackathon."))


def view_output(user: User, output: Output) -> Verdict:
    seen = holds(user, "partnerships.view_hackathon", output)
    return YES if seen else no(_("You have no part in this output."))


def open_hackathon(by: Actor, programme: Programme | None = None) -> Verdict:
    """Without a programme: whether there is any in which one may."""
    run = reach(by, "partnerships.edit_hackathon")["programme"] if by is not HOUSE else []
    may = by is HOUSE or (bool(run) if programme is None else programme.pk in run)
    return YES if may else no(_("Only a coordinator of the programme opens a hackathon in it."))


def edit_hackathon(by: Actor, hackathon: Hackathon) -> Verdict:
    may = holds(by, "partnerships.edit_hackathon", hackathon)
    return YES if may else no(_("Only a coordinator of the programme may do that."))


def view_hackathon_readers(user: User, hackathon: Hackathon) -> Verdict:
    """Who sees all of it: who answers for one output does not learn who answers for the others."""
    reached = reach(user, "partnerships.view_hackathon")
    whole = hackathon.programme_id in reached["programme"] or hackathon.programme.organisation_id in reached["signing"]
    return YES if whole or hackathon.pk in reached["hackathon"] else no(_("You see your own part of this hackathon."))


def share_hackathon(by: Actor, hackathon: Hackathon, user: User | None = None) -> Verdict:
    may = holds(by, "partnerships.share_hackathon", hackathon)
    return not_with_oneself(by, user) if may else no(_("Only a coordinator of the programme may do that."))


def publish_hackathon(by: Actor, hackathon: Hackathon) -> Verdict:
    """One that is public is taken off whoever held it; it is not shown while its organiser is sensitive."""
    may = edit_hackathon(by, hackathon)
    if may and hackathon.published_at is None and hackathon.kept_back:
        return no(_("%(name)s is sensitive: nothing that names it can be published.") % {"name": hackathon.organiser})
    return may


def add_output(by: Actor, hackathon: Hackathon) -> Verdict:
    """Into an open one: an output that came later would have missed its questions."""
    may = edit_hackathon(by, hackathon)
    if may and hackathon.closed:
        return no(_("The hackathon is closed. An output that came now would have no questions planned."))
    return may


def edit_output(by: Actor, output: Output) -> Verdict:
    may = holds(by, "partnerships.edit_hackathon", output)
    return YES if may else no(_("Only a coordinator of the programme may do that."))


def remove_output(by: Actor, output: Output) -> Verdict:
    may = edit_output(by, output)
    if may and output.hackathon.closed:
        return no(_("The hackathon is closed. What became of each output is on record from then on."))
    return may


def name_owner(by: Actor, output: Output, agency: Organisation | None = None, owner: Person | None = None) -> Verdict:
    """Somebody who works at the agency today: nobody answers for an organisation from outside."""
    may = edit_output(by, output)
    if not may or agency is None or owner is None:
        return may
    if not Membership.objects.live().filter(person=owner, organisation=agency).exists():
        names = {"name": owner, "agency": agency}
        return no(_("%(name)s holds no role at %(agency)s today. Give them one first, or name somebody who has one.") % names)
    return YES


def prepare_closing(by: Actor, hackathon: Hackathon) -> Verdict:
    """Look at what closing plans, with every obstacle."""
    may = edit_hackathon(by, hackathon)
    if may and not HACKATHON.can("close", hackathon):
        return no(_("The hackathon is closed already."))
    return may


def close_hackathon(by: Actor, hackathon: Hackathon) -> Verdict:
    """From its last day on, and only when somebody answers for each output. The database refuses the second as well."""
    may = prepare_closing(by, hackathon)
    obstacles = obstacles_to_closing(hackathon) if may else []
    return no(" ".join(obstacles)) if obstacles else may


def obstacles_to_closing(hackathon: Hackathon) -> list[str]:
    """Every reason at once, a sentence each."""
    found = []
    if timezone.localdate() < hackathon.ends:
        day = {"day": date_format(hackathon.ends, "j F Y")}
        found.append(_("The hackathon is not over: it can be closed on its last day, %(day)s.") % day)
    outputs = Output.objects.filter(hackathon=hackathon)
    names = list(outputs.incomplete().values_list("title", flat=True))
    if names:
        listed = ", ".join(f"“{name}”" for name in names[:NAMED])
        more = ngettext(" and %(n)s more", " and %(n)s more", len(names) - NAMED) % {"n": len(names) - NAMED}
        sentence = _("These outputs lack an agency or an owner: %(names)s. Name both.")
        found.append(sentence % {"names": listed + (more if len(names) > NAMED else "")})
    elif not outputs.exists():
        found.append(_("The hackathon has no output yet. Add what the teams made."))
    return found


def ask_follow_up(by: Actor) -> Verdict:
    return YES if by is HOUSE else no(_("The questions are asked by the clock."))


def answer_follow_up(by: Actor, follow_up: FollowUp) -> Verdict:
    """The owner, a lead of the agency, or a coordinator for them; the question that was asked last, late answers too."""
    if not holds(by, "partnerships.answer_follow_up", follow_up):
        return no(_("Its owner answers, a lead of the agency, or a coordinator of the programme for them."))
    if follow_up.state == FollowUpState.SCHEDULED:
        return no(_("This question is asked on %(day)s.") % {"day": date_format(follow_up.due, "j F Y")})
    if follow_up.answered_on is not None:
        words = {"name": follow_up.answered_by, "day": date_format(follow_up.answered_on, "j F Y")}
        return no(_("%(name)s answered on %(day)s.") % words)
    if follow_up.asked_on is None or follow_up.later().filter(asked_on__isnull=False).exists():
        return no(_("A later question about this output was asked. Answer that one."))
    return YES


def correct_follow_up(by: Actor, follow_up: FollowUp) -> Verdict:
    """Whoever may answer may say it better, at any time: the answer before stays on record."""
    if not holds(by, "partnerships.answer_follow_up", follow_up):
        return no(_("Its owner corrects it, a lead of the agency, or a coordinator of the programme for them."))
    return YES if FOLLOW_UP.can("correct", follow_up) else no(_("There is no answer yet that could be corrected."))


def answers_for_the_agency(by: User, follow_up: FollowUp) -> bool:
    """Whether one answers as the owner or as a lead of the agency: else a coordinator writes it down for them."""
    output = follow_up.output
    leads = Membership.objects.live().filter(person=by.person_id, organisation=output.agency_id, role="lead")
    return output.owner_id == by.person_id or leads.exists()


def ties_of(person: Person) -> list[str]:
    """The roles that somebody holds, or is to hold: they are ended before the person is erased."""
    sentence = _("End the role first: %(role)s of %(where)s.")
    held = lasting_roles_of(person)
    where = [getattr(row, "organisation", None) or getattr(row, "programme", None) or _("this site") for row in held]
    return [sentence % {"role": row.role_label, "where": place} for row, place in zip(held, where, strict=True)]
