"""Who may see and change what a host wants to get done."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.access import YES, Actor, Verdict, holds, no, signed_in
from fellowships.models import Project
from fellowships.rules.cycle import open_cycle

list_projects = signed_in


def view_project(user: User, project: Project) -> Verdict:
    return YES if holds(user, "fellowships.view_cycle", project) else no(_("This project is not yours to see."))


def edit_project(by: Actor, project: Project) -> Verdict:
    return open_cycle(by, project.programme)
