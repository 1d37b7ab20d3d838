"""Who may work on an import, in which of its states, and who reads the log."""

from typing import Any

from django.utils.translation import gettext as _

from core import access
from core.access import HOUSE, YES, Actor, Verdict, no, signed_in
from core.imports.targets import Target, targets
from core.kinds import ImportState
from core.models import Import
from core.states import Machine, Move

S = ImportState
OPEN = frozenset({S.UPLOADED, S.MAPPED, S.CHECKING, S.CHECKED})
# Changing something while a check runs ends that check: its result would be about what no longer is.
IMPORT = Machine(
    "state",
    Move("refile", OPEN, S.UPLOADED, "import.refiled"),
    Move("map", OPEN, S.MAPPED, "import.mapped"),
    Move("ask_check", frozenset({S.MAPPED, S.CHECKED}), S.CHECKING, "import.check_asked"),
    Move("check", frozenset({S.CHECKING}), S.CHECKED, "import.checked"),
    Move("refuse_check", frozenset({S.CHECKING}), S.MAPPED, "import.check_refused"),
    Move("ask_apply", frozenset({S.CHECKED}), S.APPLYING, "import.apply_asked"),
    Move("apply", frozenset({S.APPLYING}), S.APPLIED, "import.applied"),
    Move("overtake", frozenset({S.APPLYING}), S.CHECKED, "import.overtaken"),
    Move("refuse_apply", frozenset({S.APPLYING}), S.MAPPED, "import.apply_refused"),
    Move("discard", OPEN, S.DISCARDED, "import.discarded"),
    Move("abandon", OPEN, S.DISCARDED, "import.abandoned"),
    bulky=frozenset({"files", "tables", "mapping", "result", "problem"}),
)

list_imports = signed_in


def read_log(by: Any) -> Verdict:
    """Who runs or audits a programme, of what is in it; who administers the site, of everything."""
    may = any(access.reach(by, "core.read_log").scopes.values())
    return YES if may else no(_("The log is read by those who coordinate or audit a programme, and by administrators."))


def hold_retention(by: Any) -> Verdict:
    """Who administers the site: what is deleted is nobody's business in particular."""
    may = by is HOUSE or access.reach(by, "core.hold_retention")["site"]
    return YES if may else no(_("What is deleted, and when, is looked after by administrators of this site."))


def apply_retention(by: Any) -> Verdict:
    return YES if by is HOUSE else no(_("Only the clock and the operator delete what is kept too long."))


def add_import(by: Any, target: Target | None = None, space: str = "") -> Verdict:
    """To this place; without a target, to any at all."""
    if target is None:
        able = any(list(each.spaces(by)) for each in targets())
    else:
        able = space in {each.key for each in target.spaces(by)}
    return YES if able else no(_("Lists are imported by those who keep the records they go to. You keep none here at present."))


def view_import(by: Actor, imported: Import) -> Verdict:
    """The same as ImportQuerySet.visible_to() says: whoever may import to its place today; where that is one for all, who
    brought it."""
    there = imported.space in {space.key for space in imported.kind.spaces(by)}
    sees = by is HOUSE or (there and (bool(imported.space) or imported.owner == by.ref))
    return YES if sees else no(_("This import is not yours to see."))


def edit_import(by: Actor, imported: Import) -> Verdict:
    may = view_import(by, imported)
    if may and imported.state == S.APPLYING:
        return no(_("It is being imported at this moment. Wait for the end; nothing can be changed while it runs."))
    if may and not imported.is_open:
        return no(_("This import is closed. Upload the files again for another one."))
    return may


def check_import(by: Actor, imported: Import) -> Verdict:
    may = edit_import(by, imported)
    if may and imported.state == S.UPLOADED:
        return no(_("Say first which column is what."))
    if may and imported.state == S.CHECKING:
        return no(_("The check is under way."))
    return may


def apply_import(by: Actor, imported: Import) -> Verdict:
    may = edit_import(by, imported)
    if may and imported.state != S.CHECKED:
        return no(_("It has to be checked first."))
    return may


discard_import = edit_import
