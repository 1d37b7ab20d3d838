"""An invitation ends with the role that it was for, unless another role of the same person can take its place."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import actions as accounts
from accounts.models import Invitation, Person, SiteRole, User
from core.access import HOUSE
from core.audit import history
from core.jobs import run_jobs
from fellowships import actions as fellowships
from fellowships.models import Fellow
from partnerships import actions
from partnerships.models import Membership, ProgrammeRole
from tests.accounts.invited import answer, invite, link_to, opened
from tests.reading import page, title

INES = "ines@agency.example"


@pytest.fixture
def ines(cast) -> Invitation:
    return invite(cast)


def hers(invitation: Invitation, **facts) -> Membership:
    return Membership.objects.get(person=invitation.person, **facts)


def end(invitation: Invitation, by, **facts) -> None:
    actions.end_membership(membership=hers(invitation, **facts), by=by)


def now(invitation: Invitation) -> tuple[str, str]:
    invitation.refresh_from_db()
    return str(invitation.standing), invitation.what


def closed(email: str, link: str, mails) -> bool:
    """Neither the link nor the page that mails password links lets anybody in."""
    shown = opened(Client(), link)
    answer(Client(), link)
    accounts.ask_password_link(email=email)
    run_jobs()
    let_in = [mail for mail in mails if mail.to == [email] and mail.subject == "Set your password"]
    return title(shown).startswith("This invitation has ended") and let_in == []


def test_the_role_that_ends_takes_its_invitation_along(cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    end(ines, cast.cora)
    assert now(ines) == ("revoked", "Legal reviewer of Agency")
    assert (ines.revoked_by, closed(INES, link, mailoutbox)) == (cast.cora.ref, True)
    assert history(ines)[0].text == "Cora took the invitation of Ines New back."


@pytest.mark.parametrize("days", [0, 1])
def test_days_that_are_corrected_to_the_past_do_so_as_well_and_days_to_come_do_not(cast, ines, days):
    member = hers(ines)
    since = cast.today - timedelta(days=9)
    actions.date_membership(membership=member, since=since, until=cast.today + timedelta(days=days), by=cast.cora)
    assert now(ines)[0] == ("open" if days else "revoked")


def test_another_role_keeps_the_link_and_the_invitation_is_for_it_from_then_on(cast, ines, mailoutbox):
    link = link_to(mailoutbox, INES)
    invite(cast, role="sponsor")
    end(ines, cast.cora, role="reviewer")
    assert now(ines) == ("open", "Executive sponsor of Agency")
    assert history(ines)[0].text == (
        "The invitation of Ines New stands for another role from now on: Executive sponsor of Agency."
    )
    assert "As Executive sponsor of Agency" in page(opened(Client(), link))
    end(ines, cast.cora, role="sponsor")
    assert (now(ines)[0], closed(INES, link, mailoutbox)) == ("revoked", True)


def test_the_end_of_another_role_leaves_it_alone(cast, ines):
    invite(cast, role="sponsor")
    end(ines, cast.cora, role="sponsor")
    assert now(ines) == ("open", "Legal reviewer of Agency")


def test_the_same_role_from_another_day_on_keeps_it_as_it_is(cast, ines):
    first = hers(ines)
    actions.date_membership(membership=first, since=first.since, until=cast.today + timedelta(days=1), by=cast.cora)
    begins = cast.today + timedelta(days=5)
    actions.add_member(organisation=cast.agency, person=ines.person, role="reviewer", since=begins, by=cast.cora)
    actions.end_membership(membership=first, by=cast.cora)
    assert now(ines) == ("open", "Legal reviewer of Agency")


def test_a_fellow_of_a_cycle_keeps_the_way_in_when_a_role_ends_and_loses_it_by_leaving(cast, ines):
    fellow = fellowships.add_fellow(cycle=cast.cycle, person=ines.person, by=cast.cora)
    end(ines, cast.cora)
    assert now(ines) == ("open", "Fellow in First cycle, Open city")
    assert (ines.scope, ines.scope_key) == ("programme", cast.programme.pk)
    fellowships.withdraw_fellow(fellow=fellow, left_on=cast.today, reason="Another job", by=cast.cora)
    assert now(ines)[0] == "revoked"


def test_a_fellow_who_leaves_before_they_came_in_is_not_let_in(cast, mailoutbox):
    fellow = fellowships.invite_fellow(cycle=cast.cycle, name="Fay", email="fay@example.org", by=cast.cora)
    invitation, link = Invitation.objects.get(person=fellow.person), link_to(mailoutbox, "fay@example.org")
    fellowships.withdraw_fellow(fellow=Fellow.objects.get(pk=fellow.pk), left_on=cast.today, reason="Ill", by=cast.cora)
    assert (now(invitation)[0], closed("fay@example.org", link, mailoutbox)) == ("revoked", True)


@pytest.mark.parametrize("how", ["ended", "dated"])
def test_roles_in_a_programme_do_the_same(cast, ada, mailoutbox, how):
    facts = {"name": "Pia", "email": "pia@example.org", "role": "auditor", "since": cast.today - timedelta(days=3), "by": ada}
    role = actions.invite_to_programme(programme=cast.programme, **facts)
    invitation, link = Invitation.objects.get(person=role.person), link_to(mailoutbox, "pia@example.org")
    role = ProgrammeRole.objects.get(pk=role.pk)
    if how == "ended":
        actions.end_programme_role(role=role, by=ada)
    else:
        actions.date_programme_role(role=role, since=role.since, until=cast.today - timedelta(days=1), by=ada)
    assert (now(invitation)[0], closed("pia@example.org", link, mailoutbox)) == ("revoked", True)


def test_roles_on_the_site_do_the_same(cast, mailoutbox):
    call_command("grant", "sid@example.org", "administrator", name="Sid")
    person = Person.objects.get(name="Sid")
    invitation, link = Invitation.objects.get(person=person), link_to(mailoutbox, "sid@example.org")
    accounts.end_site_role(role=SiteRole.objects.get(person=person), by=HOUSE)
    assert (now(invitation)[0], closed("sid@example.org", link, mailoutbox)) == ("revoked", True)


def test_who_gets_a_role_again_is_invited_anew(cast, ines, mailoutbox):
    end(ines, cast.cora)
    actions.invite_member(organisation=cast.agency, name="Ines New", email=INES, role="sponsor", by=cast.cora)
    link = link_to(mailoutbox, INES)
    assert "As Executive sponsor of Agency" in page(opened(Client(), link))
    assert not User.objects.get(email=INES).came_in
