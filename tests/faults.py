"""Plant a fault, see the test or the contract fail that is there for it: python tests/faults.py [lint] [sqlite] [postgres].

The faults are planted one after the other in a copy of the tree whose tests are green. One that nothing catches is printed as
MISSED, and the exit status is 1. Further words choose faults by what they are called or by their tests: sqlite "a job"
Those for PostgreSQL want a server: python -m tests.postgres python tests/faults.py postgres
"""

# ruff: noqa: E501

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which file, what is replaced by what, and the tests one of which has to fail."""

    what: str
    file: str
    pattern: str
    replacement: str
    tests: str
    quick: bool = False  # planted by tests/test_faults.py as well


@dataclass(frozen=True)
class Import:
    """What is wrong, lines added to a file, and what the import linter says of it."""

    what: str
    file: str
    lines: str
    said: str


ACTION, AUDIT, ACCESS = "tests/core/test_action.py", "tests/core/test_audit.py", "tests/core/test_access.py"
GROWS, JOBS, NOTIFY = "tests/core/test_append_only.py", "tests/core/test_jobs.py", "tests/core/test_notify.py"
HOUSE, TABLE, PUBLIC = "tests/core/test_house_rules.py", "tests/test_access_table.py", "tests/core/test_public.py"
REDACTION, ANCHORS, LOG, CHANGES, RETENTION = (
    f"tests/core/test_{name}.py" for name in ("redaction", "anchors", "log", "changes", "retention")
)
SENSITIVE = "tests/test_sensitive_crawl.py"
FILES, PDF, LISTS, STATES = (f"tests/core/test_{name}.py" for name in ("files", "pdf", "lists", "states"))
CRAWL = "tests/test_anonymous_crawl.py -k following"
SIGNING, GATE = "tests/mou/test_signing_races.py", "tests/fellowships/test_gate.py"
ADDRESS, DEACTIVATE = "tests/accounts/test_address_change.py", "tests/accounts/test_sign_in_deactivate.py"
SIGN_IN, INVITED = "tests/accounts/test_sign_in.py", "tests/accounts/test_invitation.py"
LIES = "tests/accounts/test_provider_lies.py"
HANDOVER, SECTIONS = "tests/fellowships/test_handover_gate.py", "tests/fellowships/test_handover.py"
CLOSING, ANSWERS, ASKED, EVENT = (
    f"tests/partnerships/test_{name}.py"
    for name in ("hackathon_close", "follow_up_answer", "follow_up_asked", "public_hackathon")
)
CORRECTED = "tests/partnerships/test_follow_up_correct.py"
STATES_OF_ALL, ENDED, HOSTILE = (f"tests/test_{name}.py" for name in ("visible_states", "ended_in_session", "hostile_input"))
FILED, AT_ONCE = "tests/partnerships/test_import_files.py", "tests/core/test_imports_at_once.py"

DECLARED, ERASURE, EXPORT = (
    "tests/core/test_privacy_declared.py",
    "tests/accounts/test_erasure.py",
    "tests/accounts/test_export.py",
)
CONSENTS = "tests/cms/test_story_consents.py"
SHARES, ACTING = "tests/test_shares.py", "tests/mou/test_acting_for.py"


def sees_all(scope: str) -> tuple[str, str]:
    """Of placements: whoever holds something in this scope sees every one."""
    rest = f'self if access.reach(user, perm)["{scope}"] else self.filter(Placement.reached'
    return r"self.filter\(Placement.reached", rest


EARLY_HEAD = (r"(    current\(\)\.drafts\.append.*)", r"\1\n    close(current())\n    current().drafts.clear()")
AFTER_COMMIT = (
    r"    _task\(name\).enqueue\(name, \*args\)",
    "    from django.db import transaction\n    transaction.on_commit(lambda: run_job.enqueue(name, *args))",
)
SQLITE = [
    # One transaction, one chain.
    Fault("a failed inner action leaves its half", "core/action.py", r"savepoint=False", "savepoint=True", ACTION),
    Fault("an action inside another transaction", "core/action.py", r"durable=True", "durable=False", ACTION),
    Fault("the head is locked with the first Event", "core/audit.py", *EARLY_HEAD, f"{ACTION} -k last_statements", quick=True),
    Fault("an Event outside an action", "core/unit.py", r"if unit is None:", "if unit is None and False:", ACTION),
    Fault("rows are locked in the caller's order", "core/action.py", r"sorted\(rows, .*\):", "rows:", f"{ACTION} -k one_order"),
    Fault("SQLite opens transactions as readers", "config/settings.py", r'"IMMEDIATE",\n', '"DEFERRED",\n', ACTION),
    Fault("the chain may be changed", "core/migrations/0008_forgetting.py", r'        migrations.RunPython\(lambda apps, editor: guard\(editor.connection, "core_event".*\n', "", GROWS),
    Fault("a sent text may be changed", "mou/migrations/0002_guards.py", r'append_only\("mou_agreementversion"\),', "", GROWS),
    Fault("a PDF's hash may be changed", "mou/migrations/0002_guards.py", r'append_only\("mou_rendition"\),', "", GROWS),
    Fault("a signature may be deleted", "mou/migrations/0002_guards.py", r'append_only\("mou_signature"\),', "", GROWS),
    Fault("a row of the chain is replaced", "core/migrations/0008_forgetting.py", r'        never_replaced.*\n', "", f"{GROWS} -k refuses_to_change"),
    Fault("a sent text is replaced", "mou/migrations/0003_never_replaced.py", r', \("agreement_id", "number"\)', "", f"{GROWS} -k refuses_to_change"),
    Fault("committing tests are flushed", "tests/conftest.py", r"TransactionTestCase._fixture_teardown = .*", "", GROWS),
    Fault("the hash leaves out who", "core/audit.py", r"draft.by, draft.verb", "draft.verb", AUDIT, quick=True),
    Fault("the end of the chain is not compared", "core/audit.py", r"return None if \(head.*", "return None", AUDIT),
    # What the chain forgets, and what the database lets pass of that.
    Fault("an erasure changes another value", "core/triggers.py", r" OR other.type IS NOT one.type OR other.value IS NOT one.value", "", f"{REDACTION} -k no_other_change"),
    Fault("a value goes without its digest", "core/triggers.py", r" AND one.key NOT IN \(\{_KEYS.format\('NEW.gone'\)\}\)", "", f"{REDACTION} -k no_other_change"),
    Fault("a digest of nothing is taken", "core/triggers.py", r"one.key NOT IN \(\{_KEYS.format\('OLD.data'\)\}\) OR ", "", f"{REDACTION} -k no_other_change"),
    Fault("a value is there and erased at once", "core/triggers.py", r"\) OR one.key IN \(\{_KEYS.format\('NEW.data'\)\}\)", ")", f"{REDACTION} -k no_other_change"),
    Fault("the salt of what was erased stays", "core/triggers.py", r'        f" OR one.key IN \(\{_KEYS.format\(.NEW.salts.\)\}\)"\n', "", f"{REDACTION} -k no_other_change"),
    Fault("an erasure changes a column", "core/triggers.py", r'_COLUMNS = \("at", "by", ', '_COLUMNS = ("at", ', f"{REDACTION} -k no_other_change"),
    Fault("what is no digest is taken for one", "core/triggers.py", r" OR one.value GLOB '\*\[\^0-9a-f\]\*'", "", f"{REDACTION} -k no_other_change"),
    Fault("what was erased comes back", "core/triggers.py", r', \("OLD.gone", "NEW.gone"\)', "", f"{REDACTION} -k no_other_change"),
    Fault("a value without a salt counts as whole", "core/audit.py", r"event.data.keys\(\) == event.salts.keys\(\) and ", "event.salts.keys() and ", f"{REDACTION} -k false_salt"),
    Fault("an erasure that nobody tells of passes", "core/audit.py", r"\[\(seq, keys\) for seq, keys in untold if keys\]", "[]", f"{REDACTION} -k past_the_house"),
    Fault("an event covers every value of another", "core/audit.py", r"told.setdefault\(int\(number\), set\(\)\).update\(keys\)", "told.setdefault(int(number), set()).update(gone.get(int(number), {}))", f"{REDACTION} -k past_the_house"),
    Fault("one who erased is not named", "core/audit.py", r"record\(REDACTED, Head\(pk=1\), by=by", "record(REDACTED, Head(pk=1), by=HOUSE", f"{REDACTION} -k tells_where"),
    Fault("what was erased can be tried out", "core/audit.py", r"sha256\(\(salt \+ ", 'sha256(("" + ', f"{REDACTION} -k no_two_digests"),
    Fault("only the first level is looked at", "core/audit.py", r"            yield from _texts\(each\)\n    elif isinstance\(value, list\)", "            yield str(each) if isinstance(each, str) else \"\"\n    elif isinstance(value, list)", f"{REDACTION} -k any_depth"),
    Fault("letters beyond ASCII are not found", "core/audit.py", r'unicodedata.normalize\("NFKC", unicodedata.normalize\("NFKC", text\).casefold\(\)\)', "text.lower()", f"{REDACTION} -k any_depth"),
    # Ends that are kept elsewhere.
    Fault("an anchor may be changed", "core/migrations/0006_guard_anchor.py", r'append_only\("core_anchor"\), ', "", GROWS),
    Fault("an end kept elsewhere is not compared", "core/management/commands/verify_audit.py", r'faults \+= _told\(kept, ""\)', "", f"{ANCHORS} -k rewritten"),
    Fault("the anchors of the database are not compared", "core/management/commands/verify_audit.py", r"        faults \+= _told\(stored.*\n", "", f"{ANCHORS} -k cut_off"),
    Fault("another event of that number will do", "core/audit.py", r"if there.get\(seq\) != digest\]", "if seq not in there]", f"{ANCHORS} -k rewritten"),
    Fault("an anchor is passed off as of an earlier day", "core/anchoring.py", r"today=timezone.localdate\(\)", "today=__import__('datetime').date.fromisoformat(day)", f"{ANCHORS} -k missed"),
    # Who reads the log, and before and after.
    Fault("the log has what one sees otherwise", "core/log.py", r"access\.visible\(model, user, READ\)", "access.visible(model, user)", f"{LOG} -k another_role"),
    Fault("before and after of what one may not open", "core/log.py", r"changes_of\(event\) if opens else \[\]", "changes_of(event)", f"{LOG} -k administrator"),
    Fault("a search tells what was before", "core/models.py", r"told = Q\(opens=True\) & \(", "told = (", f"{LOG} -k give_away"),
    Fault("everybody unfolds a timeline", "core/audit.py", r"            if not whole:", "            if False:", f"{CHANGES} -k not_for_others"),
    Fault("what few may read is in the log", "fellowships/actions/handover.py", r"    if section.restricted:", "    if False:", f"{CHANGES} -k only_few"),
    Fault("an edit without what was before", "fellowships/actions/cycle.py", r"fields=audit.labels\(cycle, changed\), changes=changed", "fields=audit.labels(cycle, changed)", f"{CHANGES} -k every_action"),
    # What is kept, and how long.
    Fault("what is on hold goes", "core/retention.py", r"    if hold_of\(kept.kind\):\n        return kept.rows\(over\).none\(\)\n", "", f"{RETENTION} -k hold"),
    Fault("what was not announced goes", "core/retention.py", r"return kept.rows\(min\(over, last\)\) if last else .*", "return kept.rows(over)", f"{RETENTION} -k announced"),
    Fault("an announcement of before the hold counts", "core/retention.py", r"return found.filter\(day__gt=timezone.localdate\(lifted\)\) if lifted else found", "return found", f"{RETENTION} -k announced_anew"),
    Fault("an open session is deleted", "accounts/retention.py", r", expire_date__lt=timezone.now\(\)", "", f"{RETENTION} -k sessions"),
    # What is sensitive is not public.
    Fault("an agreement names who is sensitive", "mou/models/agreement.py", r'return shown.exclude\(pk__in=Party.*', "return shown", f"{SENSITIVE} -k in_no_address"),
    Fault("a hackathon of who is sensitive is public", "partnerships/models/hackathon.py", r", organiser__sensitive=False\)", ")", f"{SENSITIVE} -k in_no_address"),
    Fault("an output names an agency that is sensitive", "partnerships/models/output.py", r"return self.filter\(~Q\(agency__sensitive=True\)\)", "return self.all()", f"{SENSITIVE} -k in_no_address"),
    Fault("a person who is sensitive is named", "accounts/models/person.py", r"self.filter\(sensitive=False, pk__in", "self.filter(pk__in", f"{SENSITIVE} -k in_no_address"),
    # Shares.
    Fault("a share of one thing opens all", "core/access.py", r'list\(shares.values_list\("content_object_id", flat=True\)\)', "list(range(1, 500))", ACCESS),
    Fault("everybody has the shares of each", "core/access.py", r"in_force\(\), user=user, permission", "in_force(), permission", ACCESS),
    Fault("a share that is ended stays", "core/access.py", r"    shares.delete\(\)\n", "", f"{ACCESS} -k taken_back"),
    Fault("a share lets more than it says", "core/access.py", r" permission__codename=codename,", "", f"{ACCESS} -k taken_back"),
    # Work for later.
    Fault("a job runs at once", "core/jobs.py", r"_task\(name\).enqueue\(name, \*args\)\n\n", "_jobs[name](*args)\n\n", JOBS),
    Fault("a job asked for outside an action", "core/jobs.py", r"    current\(\)\n", "", JOBS),
    Fault("a job row written after the commit", "core/jobs.py", *AFTER_COMMIT, f"{JOBS} -k before_the_commit", quick=True),
    Fault("a job of no name is taken", "core/jobs.py", r"    if name not in _jobs:\n        raise UnknownJob\(name\)\n", "", JOBS),
    Fault("what failed is not tried again", "core/jobs.py", r"if tries < len\(PAUSES\)", "if tries < 0", JOBS),
    Fault("what failed is tried again at once", "core/jobs.py", r"run_after=timezone.now\(\) \+ PAUSES\[tries\]", "", JOBS),
    Fault("a killed worker's job is lost", "core/jobs.py", r"    _give_back\(now - ABANDONED\)\n", "", JOBS),
    Fault("a running job is taken from its worker", "core/jobs.py", r", started_at__lt=before", "", JOBS),
    Fault("a deadly job kills for ever", "core/jobs.py", r"if len\(row.worker_ids\) <= len\(PAUSES\)", "if True", JOBS),
    Fault("each strike of the clock asks again", "core/jobs.py", r"    if new:\n        later\(name, day", "    if True:\n        later(name, day", JOBS),
    Fault("somebody is told twice", "core/notify.py", r"        if new:\n", "        if True:\n", NOTIFY),
    Fault("each try has an id of its own", "core/notify.py", r"<\{message.ref\}@", "<{timezone.now().timestamp()}@", NOTIFY),
    Fault("a refused message counts as sent", "core/notify.py", r"        raise\n    note_sent", "    note_sent", NOTIFY),
    Fault("a sent message goes again", "core/notify.py", r"    if message.sent_at:\n        return\n", "", NOTIFY),
    # What is kept of people.
    Fault("a model about people says nothing", "core/privacy.py", r"if target in spreading or looks:", "if False:", DECLARED, quick=True),
    Fault("what is kept says not why", "core/privacy.py", r'wrong.append\(f"\{label\}: why\?"\)', "pass", DECLARED),
    Fault("others open somebody's copy", "accounts/models/export.py", r"found = Q\(person=user.person_id\)", "found = Q()", f"{EXPORT} -k nobody_else"),
    Fault("a copy outlives its days", "accounts/models/export.py", r"self.file and self.until and self.until > timezone.now\(\)", "self.file", f"{EXPORT} -k after_its_days"),
    Fault("a crash leaves a copy that nobody knows", "accounts/jobs.py", r"    actions.name_export\(.*\n", "", f"{EXPORT} -k killed"),
    Fault("erased while a role is held", "accounts/rules.py", r'return no\(" ".join\(ties\)\) if ties else YES', "return YES", f"{ERASURE} -k stand_in_the_way"),
    Fault("erased although the figures changed", "accounts/actions/erasure.py", r"        raise erasing.Overtaken\n", "        pass\n", f"{ERASURE} -k figures_that_change"),
    Fault("somebody of the same name is erased", "accounts/models/erasure.py", r" and not others.filter\(name__iexact=name\).exists\(\)", "", f"{ERASURE} -k same_name"),
    Fault("a longer name is cut", "core/privacy.py", r"\(\?!\[\\w@\]\|\[\.-\]\\w\)", "", f"{ERASURE} -k longer_name"),
    Fault("a story names who does not agree", "cms/models/casestudyrecord.py", r"_among\(self.untold, words\)", "()", CONSENTS),
    Fault("a picture shows who does not agree", "cms/models/casestudyrecord.py", r"_among\(self.unseen, pictures\)", "()", CONSENTS),
    # Who sees what.
    Fault("memberships never end", "core/access.py", r"models.Q\(until=None\) \|.*", "models.Q()", ACCESS, quick=True),
    Fault("a share outlives its day", "core/access.py", r"in_force\(\), user=user", "user=user", ACCESS),
    Fault("a role that begins tomorrow", "accounts/models/person.py", r", since__lte=today", "", ACCESS),
    Fault("a deactivated person still sees", "core/access.py", r"if not user.is_active:", "if user.is_anonymous:", ACCESS),
    Fault("a superuser sees all", "mou/models/agreement.py", r"(        reach = access.reach\(user, perm, AgreementShare\))", r"        if user.is_superuser:\n            return self\n\1", ACCESS, quick=True),
    Fault("has_perm has its own opinion", "accounts/models/person.py", r"super\(\).has_perm\(perm\) if obj is None else .*", "super().has_perm(perm, obj)", ACCESS),
    Fault("any role gives any permission", "accounts/models/person.py", r" if perm in role.perms\]", "]", ACCESS),
    Fault("drafts are seen by the other party", "mou/models/agreement.py", r"lambda: Party.objects.sent\(\)", "lambda: Party.objects.all()", ACCESS),
    Fault("a host's people see every placement", "fellowships/models/placement.py", *sees_all("organisation"), ACCESS),
    Fault("who signs for one programme reads all", "fellowships/models/placement.py", *sees_all("signing"), "tests/fellowships/test_signing_organisation.py"),
    Fault("a share opens whatever one asks for", "core/access.py", r"share_tables\(\).items\(\) if perm in share.part.perms\]", "share_tables().items()]", ACCESS),
    Fault("a share of a cycle outlives its day", "core/access.py", r"(def shared\((?:.*\n)*?.*)in_force\(\), user=user", r"\1user=user", ACCESS),
    Fault("the page leaves out who sees it by another share", "core/sharing.py", r"else _sharing\(tables\[way.scope\], keys, obj, perm, person\)", "else []", f"{ACCESS} -k who_is_said"),
    Fault("the page names who cannot come", "partnerships/models/programme.py", r"\.exclude\(user=None\)", "", f"{ACCESS} -k who_is_said"),
    Fault("one shares with oneself", "core/sharing.py", r"own = user is not None and by.ref == user.ref", "own = False", f"{SHARES} -k cannot_be_shared"),
    Fault("a share is ended under another record", "core/views/sharing.py", r"for share in sharing.shares\(obj\) if share.pk == key", "for share in sharing.access.share_of(obj)._default_manager.filter(pk=key)", f"{SHARES} -k under_another"),
    Fault("an NGO role in an agency", "partnerships/rules.py", r"    if role and not fits\(role, organisation.kind\):", "    if False:", f"{SHARES} -k ngo_role"),
    Fault("who reported it accepts it", "mou/rules.py", r"    if by is not HOUSE and _reported_by\(duty\) == by.ref:", "    if False:", f"{ACTING} -k ended"),
    Fault("who owes it accepts it", "mou/rules.py", r"    if by is not HOUSE and owed_by != owed_to and _acts_for\(by, owed_by\):", "    if False:", f"{ACTING} -k side_that_owes"),
    Fault("one person signs for both sides", "mou/rules.py", r"    if parties.count\(\) > 1:", "    if False:", f"{ACTING} -k neither"),
    Fault("the page of roles is of yesterday", "accounts/roles.py", r'(            "fellowships.view_placement)"\n        \),\n    \),\n    Role\("editor"', r'\1 mou.share_agreement"\n        ),\n    ),\n    Role("editor"', "tests/config/test_docs.py -k page_of_roles"),
    Fault("everybody's messages", "core/models.py", r"self.filter\(to__iexact=user.email\)", "self.filter(to__contains='@')", ACCESS),
    Fault("guardian makes its anonymous user", "config/settings.py", r"ANONYMOUS_USER_NAME = None\n", "", f"{ACCESS} -k guardian"),
    Fault("a role names a permission that is not", "accounts/roles.py", r"mou.share_agreement", "mou.shair_agreement", f"{ACCESS} -k every_guarded"),
    Fault("a panel shows what one may not see", "core/panels.py", r"visible\(model, user, \*perm\)", "model._default_manager.all()", ACCESS),
    Fault("the desk shows what one may not do", "core/inbox.py", r"visible\(model, user, perm\)", "model._default_manager.all()", ACCESS),
    Fault("a page fetches past the visible set", "core/access.py", r"_one\(visible\(model, request.user\)", "_one(model._default_manager.all()", f"{TABLE} -k partnerships"),
    Fault("a list shows past the visible set", "core/access.py", r"return \[visible\(model, request.user\)\]", "return [model._default_manager.all()]", f"{TABLE} -k line_of_a_list"),
    Fault("a role at a host opens every cycle", "fellowships/models/cycle.py", r'Q\(programme__in=reach\["programme"\]\)', "Q(pk__gt=0)", f"{STATES_OF_ALL} -k either_database"),
    Fault("who only owned an output sees it for ever", "partnerships/models/output.py", r', f"\{output\}agency__in": here\(reach\)', "", f"{STATES_OF_ALL} -k either_database"),
    Fault("an import for somebody who may no longer", "core/importing.py", r" or not rules.view_import\(by, imported\)", "", f"{ENDED} -k asked_for"),
    Fault("Wagtail is asked for any number", "core/middleware.py", r"if any\(_beyond.*:", "if False:", f"{HOSTILE} -k wagtails_lists"),
    Fault("a page does not ask its rule", "core/access.py", r"            require\(rule, user.*\n", "", f"{TABLE} -k partnerships", quick=True),
    Fault("a page answers any verb", "core/access.py", r"if request.method not in allowed:", "if False:", f"{TABLE} -k partnerships"),
    Fault("foreign is 403, absent is 404", "core/access.py", r"    if found is None:\n        raise Http404", "    if found is None and rows.model.objects.filter(ref=ref):\n        raise PermissionDenied\n    if found is None:\n        raise Http404", f"{TABLE} -k not_yours"),
    Fault("what is not published can be read", "fellowships/models/cycle.py", r"return self.filter\(state=CycleState.PUBLISHED\)", "return self.all()", f"{TABLE} -k not_published"),
    Fault("an administrator takes the address of a signatory", "accounts/rules.py", r"    if offices:\n        sentence", "    if False:\n        sentence", ADDRESS),
    Fault("who was a signatory loses the address", "partnerships/models/programme.py", r"Membership.objects.filter\(person=person, role__in=signs\)", "Membership.objects.lasting().filter(person=person, role__in=signs)", ADDRESS),
    Fault("who gives roles changes addresses", "accounts/rules.py", r'    if any\(reach\(by, "partnerships.add_member"\).*\n.*\n', "", ADDRESS),
    Fault("a reactivated sign-in revives its sessions", "accounts/actions/person.py", r"make_password\(None\)", "user.password", DEACTIVATE),
    Fault("one shuts out who runs another programme", "partnerships/models/programme.py", r'    if perm == "accounts.keep_sign_in":', "    if False:", DEACTIVATE),
    Fault("tries are counted by host", "accounts/adapters.py", r"        login = folded\((.*)\)\n", r"        login = folded(\1) + request.get_host()\n", SIGN_IN),
    Fault("tries are counted by spelling", "accounts/models/person.py", r'return unicodedata.normalize\("NFKC", email\).upper\(\).casefold\(\)', "return email.lower()", SIGN_IN),
    Fault("a mark of one address serves another", "accounts/adapters.py", r' if known\["login"\] == login else login', "", SIGN_IN),
    Fault("a passkey and its copy both come in", "accounts/actions/person.py", r"    if \(count or before\) and count <= before:", "    if False:", "tests/accounts/test_passkey_attacks.py -k copy"),
    Fault("requests for links are counted by spelling", "accounts/forms.py", r"return folded\(self.typed\)", "return self.typed.lower()", "tests/accounts/test_password_link.py -k spellings"),
    Fault("a door is somewhere to go to", "accounts/onward.py", r" and not goal.startswith\(DOORS\)", "", "tests/accounts/test_onward_attacks.py -k goal"),
    # Single sign-on.
    Fault("a token for another way in", "accounts/provider.py", r"if not constant_time_compare\(.*\):", "if False:", f"{LIES} -k way_in"),
    Fault("a token for another party", "accounts/provider.py", r"if claims.get\(\"azp\", .*:", "if False:", f"{LIES} -k way_in"),
    Fault("a token under any seal", "accounts/provider.py", r'options=\{"require"', 'options={"verify_signature": False, "require"', f"{LIES} -k key"),
    Fault("the facts of somebody else", "accounts/provider.py", r'facts\["sub"\] != claims\["sub"\]', "False", f"{LIES} -k whole"),
    Fault("an address that was not verified", "accounts/provider.py", r'facts.get\("email_verified"\) not in \(True, "true"\)', "False", f"{LIES} -k whole"),
    Fault("an address from here, its mark from there", "accounts/provider.py", r'told = "email" in claims and "email_verified" in claims', 'told = "email" in claims', f"{LIES} -k verified_mark"),
    Fault("a provider under another name", "accounts/provider.py", r"if str\(found\[\"issuer\"\]\).*:", "if False:", f"{LIES} -k says_it_is_another"),
    Fault("an address of the provider in the clear", "accounts/provider.py", r"if not all\(urlsplit\(found\[name\]\).*:", "if False:", f"{LIES} -k in_the_clear"),
    Fault("a click is a fresh look", "accounts/provider.py", r"if vouched.at < asked_at - CLOCKS:", "if False:", f"{LIES} -k ask_anew"),
    Fault("a clock that is ahead", "accounts/provider.py", r"min\(float\(at\), time.time\(\)\)", "float(at)", f"{LIES} -k ahead"),
    Fault("one kind of proof is two", "accounts/provider.py", r"for kind in KINDS\) > 1", "for kind in KINDS) > 0", f"{LIES} -k two_kinds"),
    Fault("a deactivated sign-in by the provider", "accounts/models/person.py", r"email__iexact=email, is_active=True\).select_related\(\"person\"\):", 'email__iexact=email).select_related("person"):', f"{LIES} -k alike"),
    Fault("an invitation works twice", "accounts/actions/invitation.py", r'store\(invitation, \{"consumed_at": timezone.now\(\)\}\)', "{}", INVITED),
    Fault("a link counts after it was taken back", "accounts/models/invitation.py", r"if self.consumed_at or self.revoked_at:", "if self.consumed_at:", INVITED),
    Fault("the password page overlooks what was taken back", "accounts/jobs.py", r" or not actions.admit\(.*\)", "", INVITED),
    Fault("a membership ends and its invitation stays", "partnerships/actions/membership.py", r"            changes=changed,\n        \)\n        _release\(membership, by\)\n", "            changes=changed,\n        )\n", "tests/partnerships/test_role_end_invitation.py -k takes_its_invitation"),
    Fault("looking at an invitation uses it", "accounts/views/invitation.py", r'if request.method == "POST" and not other and', "if found and not other and", INVITED),
    Fault("the link stays in the address", "accounts/views/invitation.py", r'    response\["Referrer-Policy"\] = "no-referrer"\n', "", INVITED),
    Fault("an ended role counts again by its days", "accounts/models/person.py", r"        if self.ended and \(until", "        if False and (until", "tests/partnerships/test_member_dates.py"),
    # The rules of the house.
    Fault("a record goes with the person", "fellowships/models/placement.py", r"\(Person, on_delete=models.PROTECT", "(Person, on_delete=models.CASCADE", HOUSE),
    Fault("a signature belongs to the sign-in", "mou/models/agreement.py", r"ForeignKey\(Person, null", "ForeignKey(User, null", HOUSE),
    Fault("an upward handle", "mou/models/agreement.py", r'(programme = .*), related_name="\+"\)', r"\1)", HOUSE),
    Fault("a view fetches for itself", "mou/views/agreement.py", r"(\ndef agreement_detail.*\n)", r"\1    agreement = Agreement.objects.get(pk=agreement.pk)\n", HOUSE, quick=True),
    Fault("a panel fetches for itself", "mou/panels.py", r"$(?![\r\n])", "\n\ndef leak():\n    return Agreement._base_manager.all()\n", HOUSE),
    Fault("a view writes", "mou/views/agreement.py", r"(\ndef agreement_detail.*\n)", r"\1    agreement.save()\n", HOUSE),
    Fault("an action updates a state", "mou/actions/agreement.py", r"(\n    later\()", r'\n    Agreement.objects.filter(pk=1).update(state="out")\1', HOUSE),
    Fault("an action sets a field by name", "mou/actions/agreement.py", r"(\n    later\()", r'\n    setattr(agreement, "state", "out")\1', HOUSE),
    Fault("an action assigns a state", "mou/actions/agreement.py", r"(\n    later\()", r'\n    agreement.state = "out"\1', HOUSE),
    Fault("store() moves a state", "core/action.py", r'    if "state" in facts:\n        raise .*\n', "", HOUSE),
    Fault("an action without @action", "mou/actions/agreement.py", r"@action\n(def send_agreement)", r"\1", HOUSE),
    Fault("an action that says not who", "mou/actions/agreement.py", r"def expire_agreement\(\*, agreement: Agreement, today: date, by: Actor\)", "def expire_agreement(*, agreement: Agreement, today: date)", HOUSE),
    Fault("an action with places for its arguments", "mou/actions/agreement.py", r"def expire_agreement\(\*, ", "def expire_agreement(", HOUSE),
    Fault("a route without a rule", "mou/views/agreement.py", r"@page\(rules.view_agreement, Agreement\)\n", "", HOUSE),
    Fault("a route that nobody recorded", "mou/urls.py", r"(    path\(\"agreements/\",)", r'    path("a/", views.agreement_list, name="extra"),\n\1', f"{HOUSE} -k recorded", quick=True),
    Fault("a route that the table does not name", "mou/urls.py", r"(    path\(\"agreements/\",)", r'    path("a/", views.agreement_list, name="extra"),\n\1', f"{TABLE} -k names_every"),
    Fault("a route has gone", "mou/urls.py", r"    path\(\"duties/\",.*\n", "", f"{HOUSE} -k recorded"),
    Fault("a public page that nobody listed", "mou/rules.py", r"list_agreements = list_duties = signed_in", "from core.access import anyone as list_agreements\nlist_duties = signed_in", f"{HOUSE} -k public"),
    Fault("a page that Django lets through", "core/views/desk.py", r"@listing\(signed_in, Message\)\ndef message_list", "@login_not_required\n@listing(signed_in, Message)\ndef message_list", f"{HOUSE} -k public"),
    Fault("a template leads up", "partnerships/templates/partnerships/organisation_detail.html", r"$(?![\r\n])", "{% url 'mou:agreement_list' %}", HOUSE),
    Fault("a template includes from above", "core/templates/core/base.html", r"$(?![\r\n])", '{% include "mou/agreement_list.html" %}', HOUSE),
    Fault("Python leads up", "partnerships/notices.py", r"\"account_login\"", '"mou:agreement_list"', HOUSE),
    Fault("a word of a domain in core", "core/panels.py", r"(_panels: dict)", r"agreement_count = 0\n\1", HOUSE),
    Fault("an app without a front page", "core/front.py", r"        cls.default = True", "        pass", HOUSE),
    Fault("a verb without its sentence", "mou/kinds.py", r'    "agreement.declined": .*\n', "", HOUSE, quick=True),
    Fault("a sentence without its verb", "mou/kinds.py", r'    "agreement.declined": ', '    "agreement.burnt": _("Burnt."),\n    "agreement.declined": ', HOUSE),
    Fault("a sentence names what is not recorded", "mou/kinds.py", r'declined to sign: %\(reason\)s', "declined to sign: %(why)s", HOUSE),
    Fault("markup that is not escaped", "core/templates/core/message_list.html", r"$(?![\r\n])", "{{ message.subject|safe }}", HOUSE),
    Fault("a form without its token", "mou/views/agreement.py", r"(\n@page)", r"\nfrom django.views.decorators.csrf import csrf_exempt\n\1", HOUSE),
    Fault("SQL by hand", "mou/models/agreement.py", r"(\n    def with_parties)", r'\n    def bad(self):\n        return self.raw("SELECT 1")\n\1', HOUSE),
    Fault("style on an element", "core/templates/core/message_list.html", r"$(?![\r\n])", '<p style="color: red">x</p>', HOUSE),
    Fault("script in a page", "core/templates/core/message_list.html", r"$(?![\r\n])", "<script>alert(1)</script>", HOUSE),
    Fault("something left to do", "core/panels.py", r"$(?![\r\n])", "# TO" + "DO: later\n", HOUSE),
    Fault("a view of forty lines", "core/views/desk.py", r"(\ndef desk.*\n)", r"\1" + "    len('')\n" * 40, HOUSE),
    # Public pages.
    Fault("publishing leaves the stored pages", "core/public.py", r"    current\(\).touched = True", "    current()", PUBLIC),
    Fault("the generation is read too late", "core/public.py", r"            _into_store\(key, stored\)", '            _into_store(f"public:{generation()}:{_place(request)}", stored)', PUBLIC, quick=True),
    Fault("pages of signed-in people are kept", "core/public.py", r"settings.SESSION_COOKIE_NAME, ", "", PUBLIC),
    Fault("a page of somebody is kept in the browser", "core/public.py", r'        response.headers\["Cache-Control"\] = "private, no-store"', "        pass", "tests/config/test_headers.py -k kept_nowhere"),
    Fault("pages with a cookie are kept", "core/public.py", r"        and not response.cookies\n", "", PUBLIC),
    Fault("yesterday's pages are kept", "core/public.py", r", str\(timezone.localdate\(\)\)", "", PUBLIC),
    Fault("a circle of departments passes the database", "partnerships/migrations/0011_organisation_tree_guards.py", r"NEW.parent_id = NEW.id OR EXISTS", "1 = 0 AND EXISTS", "tests/partnerships/test_organisation_tree.py -k past_every_action"),
    Fault("a seventh level passes the database", "partnerships/migrations/0011_organisation_tree_guards.py", r"refuse_in_turn\(TABLE, \"organisation_too_deep\", TOO_DEEP", 'refuse_in_turn(TABLE, "organisation_too_deep", "1 = 0"', "tests/partnerships/test_organisation_tree.py -k past_every_action"),
    Fault("a second entry stands for a third", "partnerships/migrations/0011_organisation_tree_guards.py", r"NEW.same_as_id IS NOT NULL AND", "1 = 0 AND", "tests/partnerships/test_organisation_double.py -k database"),
    Fault("a public page names a sensitive parent", "partnerships/models/organisation.py", r"if each.sensitive\]", "if False]", "tests/partnerships/test_organisation_tree.py -k sensitive_parent"),
    Fault("a public filter names a sensitive parent", "partnerships/models/organisation.py", r"elif ref is None or sensitive:", "elif ref is None:", "tests/partnerships/test_organisation_tree.py -k sensitive_parent"),
    Fault("a lead takes the name of another", "partnerships/actions/organisation.py", r"if name and name != organisation.presented_as", "if False", "tests/partnerships/test_organisation_correct.py -k another_organisation"),
    Fault("a name it is presented under is not kept back", "partnerships/models/organisation.py", r'\("pk", "name", "presented_as", "short_name", "former_names"\)', '("pk", "name", "short_name", "former_names")', "tests/test_sensitive_crawl.py -k no_address_in_no_shape"),
    Fault("a draft is found by who follows links", "cms/models/casestudypage/query.py", r"return self.live\(\).public\(\)", "return self.public()", CRAWL, quick=True),
    Fault("a page shows what its parties did not publish", "cms/models/casestudyrecord.py", r"Agreement.objects.published\(\)", "Agreement.objects", CRAWL),
    Fault("the whole register is public", "partnerships/models/organisation.py", r"        return self.filter\(found, sensitive=False\)", "        return self.all()", CRAWL),
    Fault("a name stands there without consent", "fellowships/views/cycle.py", r" for placement in placements if placement.named", " for placement in placements", CRAWL),
    Fault("a note on consent is found", "cms/models/casestudypage/page.py", r'"text", "by"\)', '"text", "by", "consent")', "tests/cms/test_story_search.py -k stands_in_the_address"),
    Fault("an editor picks what is hidden", "cms/blocks.py", r"return published\(model\)", "return model._default_manager", "tests/cms/test_record_choosers.py -k before"),
    Fault("a case study is begun from what is hidden", "cms/rules.py", r"    if not offered\(.*\n        return .*\n", "", "tests/cms/test_story_draft.py -k not_public"),
    # Signing and the gate.
    Fault("a rule that always says yes", "mou/rules.py", r"(def sign_agreement.*\n    \"\"\".*\n)", r"\1    return YES\n", f"{SIGNING} -k told_why", quick=True),
    Fault("another text than was shown", "mou/actions/signature.py", r"version is None or shown != version.sha256", "version is None", SIGNING),
    Fault("a recalled signature counts", "mou/models/agreement.py", r"for signature in version.signature_set.all\(\)\}", "for signature in Signature.objects.filter(version__agreement=self)}", SIGNING),
    Fault("the trigger of signing is gone", "mou/migrations/0002_guards.py", r'        refuse\("mou_signature".*\n', "", SIGNING),
    Fault("the trigger of one side is gone", "mou/migrations/0004_one_side.py", r"\[refuse\(.*\)\]", "[]", f"{ACTING} -k database"),
    Fault("the trigger of force is gone", "mou/migrations/0002_guards.py", r'        refuse\("mou_agreement".*\n', "", SIGNING),
    Fault("force without the last version", "mou/migrations/0002_guards.py", r"WHERE v.id = NEW.version_id AND p.id", "WHERE p.id", SIGNING),
    Fault("the trigger of the gate is gone", "fellowships/migrations/0003_guards.py", r"\[refuse\(.*\)\]", "[]", f"{GATE} -k database", quick=True),
    Fault("the gate forgets the programme", "fellowships/migrations/0003_guards.py", r" AND c.programme_id = a.programme_id", "", GATE),
    Fault("the gate forgets the last day", "fellowships/migrations/0003_guards.py", r" AND a.ends >= NEW.ends", "", GATE),
    Fault("the gate forgets the host", "fellowships/migrations/0003_guards.py", r" AND h.id = NEW.host_id", "", GATE),
    Fault("the rule of the gate is gone", "fellowships/rules/placement.py", r"    if covering\(placement\) is None:\n        return .*\n", "", GATE),
    Fault("any agreement of the programme will do", "mou/models/agreement.py", r"party__organisation=organisation, ", "", GATE),
    # Handovers.
    Fault("the trigger of completion is gone", "fellowships/migrations/0005_handover_guards.py", r'        refuse\("fellowships_placement".*\n', "", f"{HANDOVER} -k database"),
    Fault("completion forgets what is open", "fellowships/migrations/0005_handover_guards.py", r"  OR EXISTS \(\n(?s:.*?)\n  \)\n", "", f"{HANDOVER} -k database"),
    Fault("the fellow takes over from themselves", "fellowships/migrations/0005_handover_guards.py", r'        refuse\("fellowships_section", "section_never.*\n', "", f"{HANDOVER} -k door"),
    Fault("what is completed can be opened again", "fellowships/migrations/0005_handover_guards.py", r'        refuse\("fellowships_section", "completed_keeps.*\n', "", f"{HANDOVER} -k stays"),
    Fault("the rule of completion is gone", "fellowships/rules/handover.py", r"    reason = why_not_completed\(placement\) if may else \"\"", '    reason = ""', f"{HANDOVER} -k refused_by_rule"),
    Fault("anybody accepts a section", "fellowships/rules/handover.py", r"person is None or person != section.receiver_id or", "person is None or", f"{SECTIONS} -k own_name"),
    Fault("who has left the host still accepts", "fellowships/rules/handover.py", r"    if not holds\(by, \"fellowships.receive_handover\", section\):\n        return .*\n", "", f"{SECTIONS} -k left_the_host"),
    Fault("an acceptance outlives a change", "fellowships/actions/handover.py", r"    if section.state != SectionState.OPEN:\n        before", "    if False:\n        before", f"{SECTIONS} -k under_an_acceptance"),
    Fault("another text than was shown is accepted", "fellowships/actions/handover.py", r"(    access.require\(rules.accept_section, by, section\)\n    if )shown != section.sha256\(\)", r"\1False", f"{SECTIONS} -k what_was_shown"),
    # Hackathons and the questions after them.
    Fault("the trigger of closing is gone", "partnerships/migrations/0003_hackathon_guards.py", r'        refuse\("partnerships_hackathon", "closing.*\n', "", f"{CLOSING} -k closes_nothing"),
    Fault("closing forgets who answers", "partnerships/migrations/0003_hackathon_guards.py", r"o.agency_id IS NULL OR o.owner_id IS NULL\n      OR NOT", "NOT", f"{CLOSING} -k closes_nothing"),
    Fault("what is closed can be opened", "partnerships/migrations/0003_hackathon_guards.py", r'        refuse\("partnerships_hackathon", "questions.*\n', "", f"{CLOSING} -k keeps_what"),
    Fault("an output of a closed one is left alone", "partnerships/migrations/0003_hackathon_guards.py", r'        refuse\("partnerships_output".*\n', "", f"{CLOSING} -k keeps_what"),
    Fault("a letter is taken back", "partnerships/migrations/0003_hackathon_guards.py", r'        append_only\("partnerships_reminder"\),\n', "", f"{GROWS} -k every_guard"),
    Fault("the rule of closing is gone", "partnerships/rules.py", r"    obstacles = obstacles_to_closing\(hackathon\) if may else \[\]", "    obstacles = []", f"{CLOSING} -k nobody_answers"),
    Fault("closed before its last day", "partnerships/rules.py", r"    if timezone.localdate\(\) < hackathon.ends:", "    if False:", f"{CLOSING} -k before_its_last_day"),
    Fault("an output comes when the questions are planned", "partnerships/rules.py", r"    if may and hackathon.closed:\n        return no\(_\(\"The hackathon is closed. An output.*\n", "", f"{CLOSING} -k takes_no_output"),
    Fault("an owner from outside", "partnerships/rules.py", r"    if not Membership.objects.live\(\).filter\(person=owner, organisation=agency\).exists\(\):", "    if False:", f"{CLOSING} -k works_at_the_agency"),
    Fault("a question is asked early", "partnerships/actions/followup.py", r" or follow_up.due > today", "", f"{ASKED} -k called_early"),
    Fault("an old question is asked beside a new one", "partnerships/actions/followup.py", r"    if follow_up.later\(\).filter\(due__lte=today\).exists\(\):", "    if False:", f"{ASKED} -k successor"),
    Fault("reminded each night", "partnerships/actions/followup.py", r" or not _silent\(left, today\)", "", f"{ASKED} -k called_early"),
    Fault("given up before the time is over", "partnerships/actions/followup.py", r" and len\(left\) == len\(Letter\) and _silent\(left, today\)", "", f"{ASKED} -k called_early"),
    Fault("who left the agency is asked", "partnerships/models/output.py", r"            organisation=OuterRef\(f\"\{output\}agency\"\),\n", "", f"{ASKED} -k elsewhere"),
    Fault("anybody says that it was adopted", "partnerships/rules.py", r"    if not holds\(by, \"partnerships.answer_follow_up\", follow_up\):\n        return .*\n", "", ANSWERS),
    Fault("adopted, and nobody can see it", "partnerships/actions/followup.py", r"    if outcome in PROVEN and not evidence:", "    if False:", f"{ANSWERS} -k without_evidence"),
    Fault("a second answer writes over the first", "partnerships/rules.py", r"    if follow_up.answered_on is not None:", "    if False:", f"{ANSWERS} -k second_answer"),
    Fault("a correction writes over what was said", "partnerships/actions/followup.py", r"    EarlierAnswer.objects.create\(.*\n", "", CORRECTED),
    Fault("what was said first can be changed", "partnerships/migrations/0007_guard_earlieranswer.py", r'        append_only\(.*\n', "", f"{CORRECTED} -k database"),
    Fault("an answer for somebody stands as theirs", "partnerships/actions/followup.py", r"on_behalf=True, ", "on_behalf=False, ", f"{ANSWERS} -k coordinator"),
    Fault("a hackathon is public before it is published", "partnerships/models/hackathon.py", r"return self.filter\(published_at__isnull=False, organiser__sensitive=False\)", "return self.all()", f"{EVENT} -k taken_off"),
    Fault("a host that is sensitive is public", "fellowships/models/cycle.py", r"return self.filter\(organisation__sensitive=False\)", "return self.all()", "tests/test_sensitive_crawl.py -k counts"),
    Fault("an owner is named without consent", "partnerships/templates/partnerships/public_outputs.html", r"\{% if output.named %\}, ", "{% if output.owner %}, ", f"{EVENT} -k consent"),
    Fault("what became of it stays stored", "partnerships/actions/followup.py", r"    if follow_up.output.hackathon.published_at is not None:\n        public.touch\(\)", "    pass", f"{EVENT} -k stale"),
    # Imports.
    Fault("files of what was discarded stay", "core/actions.py", r"(\*\*_without_result\(imported\)\)\n)    _sweep\(imported.files\)\n", r"\1", f"{FILED} -k discarded_import"),
    Fault("a file that another import has is deleted", "core/importing.py", r"if not Import.objects.needing\(name\).exists\(\):", "if True:", f"{FILED} -k another"),
    Fault("an import in the middle is abandoned", "core/models.py", r".exclude\(state=ImportState.APPLYING\)", "", f"{FILED} -k under_way"),
    # Files, PDFs, lists, states.
    Fault("half a file under its name", "core/files.py", r"        Path\(temporary\).replace\(path\)\n    except BaseException:\n        Path\(temporary\).unlink\(missing_ok=True\)\n        raise", "        Path(temporary).replace(path)\n    except BaseException:\n        Path(temporary).replace(path)\n        raise", FILES),
    Fault("rubbish beside the files", "core/files.py", r"        Path\(temporary\).unlink\(missing_ok=True\)\n", "", FILES),
    Fault("a PDF fetches from the network", "core/pdf/child.py", r"url_fetcher=Closed\(.*?\)\)", "url_fetcher=URLFetcher())", PDF),
    Fault("a PDF may take all memory", "core/pdf/child.py", r"    resource.setrlimit\(resource.RLIMIT_AS.*\n", "", PDF),
    Fault("a cell computes", "core/imports/faults.py", r"f\"'{cell}\" if cell.startswith\(FORMULA\) else cell", "cell", "tests/core/test_lists.py"),
    Fault("a list sorted by any field", "core/lists.py", r"    if asked.removeprefix\(\"-\"\) not in columns:\n        asked = default\n", "    columns = {**columns, asked.removeprefix('-'): asked.removeprefix('-')}\n", LISTS),
    Fault("a move from any state", "core/states.py", r"        if old not in move.source:\n            raise .*\n", "", STATES),
    Fault("a move by what is in hand", "core/states.py", r"        lock\(obj\)\n", "", STATES),
]  # fmt: skip
POSTGRES = [
    Fault("an address that looks alike", "accounts/models/person.py", r"if user.email.translate\(_SMALL\) == .*:", "if True:", f"{LIES} -k more_alike"),
    Fault("a code counts for two at once", "accounts/actions/person.py", r"    user = _held_fast\(user\)\n    for step", "    for step", "tests/accounts/test_codes_at_once.py"),
    Fault("an invitation is answered without a lock", "accounts/actions/invitation.py", r"    lock\(invitation.person\)\n    lock\(invitation\)\n    user = ", "    user = ", "tests/accounts/test_invitation_at_once.py -k answered_by_four"),
    Fault("the head is locked with the first Event", "core/audit.py", *EARLY_HEAD, f"{ACTION} -k never_waits"),
    Fault("rows are locked in the caller's order", "core/action.py", r"sorted\(rows, .*\):", "rows:", f"{ACTION} -k opposite"),
    Fault("keys are checked at commit, behind the head", "core/audit.py", r'            cursor.execute\("SET CONSTRAINTS.*', "            pass", f"{ACTION} -k checked_at_commit"),
    Fault("two at once make a circle of departments", "core/triggers.py", r"PERFORM pg_advisory_xact_lock\(hashtext\('\{table\}'\)\); ", "", "tests/partnerships/test_organisation_tree.py -k at_once"),
    Fault("the head is not locked", "core/audit.py", r"Head.objects.select_for_update\(\)", "Head.objects", f"{ACTION} -k four_writers"),
    Fault("a number is given twice", "core/action.py", r"Sequence.objects.select_for_update\(\).get", "Sequence.objects.get", f"{ACTION} -k number"),
    Fault("the chain may be changed", "core/migrations/0008_forgetting.py", r'        migrations.RunPython\(lambda apps, editor: guard\(editor.connection, "core_event".*\n', "", GROWS),
    Fault("an erasure changes another value", "core/triggers.py", r"AND OLD.data - fresh = NEW.data ", "", f"{REDACTION} -k no_other_change"),
    Fault("an erasure changes another salt", "core/triggers.py", r"AND OLD.salts - fresh = NEW.salts ", "", f"{REDACTION} -k no_other_change"),
    Fault("what was erased comes back", "core/triggers.py", r'"AND NEW.gone - fresh = OLD.gone "', '""', f"{REDACTION} -k no_other_change"),
    Fault("a digest of nothing is taken", "core/triggers.py", r"AND OLD.data \?& fresh ", "", f"{REDACTION} -k no_other_change"),
    Fault("a hold is not waited for", "core/actions.py", r'    next_number\("retention"\)', "    pass", f"{RETENTION} -k one_after_the_other"),
    Fault("the table may be emptied", "core/triggers.py", r"BEFORE TRUNCATE ON \{table\} ", "BEFORE TRUNCATE ON core_head ", GROWS),
    Fault("a job row written after the commit", "core/jobs.py", *AFTER_COMMIT, f"{JOBS} -k before_the_commit"),
    Fault("two signers do not see each other", "mou/actions/signature.py", r"    lock\(agreement, \*Membership.*\n    access.require\(rules.sign", "    access.require(rules.sign", f"{SIGNING} -k same_instant"),
    Fault("a role ends while its holder signs", "mou/actions/signature.py", r"    lock\(agreement, \*Membership.*\n", "    lock(agreement)\n", f"{SIGNING} -k membership"),
    Fault("a move by what is in hand", "core/states.py", r"        lock\(obj\)\n", "", f"{STATES} -k at_once"),
    Fault("two imports do not see each other", "core/landing.py", r'    one_at_a_time\("import"\)', "    pass", AT_ONCE),
    Fault("the trigger of closing is gone", "partnerships/migrations/0003_hackathon_guards.py", r'        refuse\("partnerships_hackathon", "closing.*\n', "", f"{CLOSING} -k closes_nothing"),
    Fault("what is closed can be opened", "partnerships/migrations/0003_hackathon_guards.py", r'        refuse\("partnerships_hackathon", "questions.*\n', "", f"{CLOSING} -k keeps_what"),
    Fault("the trigger of the gate is gone", "fellowships/migrations/0003_guards.py", r"\[refuse\(.*\)\]", "[]", f"{GATE} -k database"),
    Fault("the trigger of signing is gone", "mou/migrations/0002_guards.py", r'        refuse\("mou_signature".*\n', "", SIGNING),
    Fault("the trigger of force is gone", "mou/migrations/0002_guards.py", r'        refuse\("mou_agreement".*\n', "", SIGNING),
    Fault("the trigger of completion is gone", "fellowships/migrations/0005_handover_guards.py", r'        refuse\("fellowships_placement".*\n', "", f"{HANDOVER} -k database"),
    Fault("the fellow takes over from themselves", "fellowships/migrations/0005_handover_guards.py", r'        refuse\("fellowships_section", "section_never.*\n', "", f"{HANDOVER} -k door"),
]  # fmt: skip
LINT = [
    Import("core imports an app", "core/panels.py", "from mou import kinds", "core.panels -> mou.kinds"),
    Import("mou imports fellowships", "mou/rules.py", "from fellowships import states", "mou.rules -> fellowships.states"),
    Import("accounts imports partnerships, lazily", "accounts/rules.py", "def f():\n    from partnerships import models", "accounts.rules -> partnerships.models"),
    Import("an action imports a view", "mou/actions/duty.py", "from mou import views", "mou.actions.duty -> mou.views"),
    Import("an action imports a job", "mou/actions/agreement.py", "def f():\n    from mou import jobs", "mou.actions.agreement -> mou.jobs"),
    Import("a model imports a rule", "mou/models/agreement.py", "def f():\n    from mou import rules", "mou.models.agreement -> mou.rules"),
    Import("a rule imports a notice", "mou/rules.py", "def f():\n    from mou import notices", "mou.rules -> mou.notices"),
    Import("a rule imports an action", "fellowships/rules/placement.py", "def f():\n    from fellowships import actions", "fellowships.rules.placement -> fellowships.actions"),
    Import("a form imports a view", "partnerships/forms/organisation.py", "def f():\n    from partnerships import views", "partnerships.forms.organisation -> partnerships.views"),
    Import("something imports an apps.py", "mou/jobs.py", "def f():\n    from mou import apps", "mou.jobs -> mou.apps"),
    Import("a stray module", "mou/helpers.py", "x = 1", "helpers"),
    Import("a stray module in accounts", "accounts/utils.py", "x = 1", "utils"),
    Import("a stray module in core", "core/common.py", "x = 1", "common"),
    Import("a stray module in cms", "cms/services.py", "x = 1", "services"),
    Import("roles import models", "accounts/roles.py", "def f():\n    from accounts import models", "accounts.roles -> accounts.models"),
    Import("actions import the adapter", "accounts/actions/person.py", "def f():\n    from accounts import adapters", "accounts.actions.person -> accounts.adapters"),
    Import("a page model imports a receiver", "cms/models/casestudypage/page.py", "def f():\n    from cms import receivers", "cms.models.casestudypage.page -> cms.receivers"),
    Import("audit imports action", "core/audit.py", "def f():\n    from core import action", "core.audit -> core.action"),
    Import("two nouns in a circle", "mou/models/agreement.py", "def g():\n    from mou.models import obligation", "No cycles are allowed in mou.models"),
    Import("guardian in an app", "mou/rules.py", "from guardian.shortcuts import assign_perm", "mou.rules -> guardian"),
    Import("django-tasks in an app", "mou/jobs.py", "from django_tasks import task", "mou.jobs -> django_tasks"),
    Import("the task table in an app", "fellowships/actions/cycle.py", "def f():\n    from django_tasks_db.models import DBTaskResult", "fellowships.actions.cycle -> django_tasks_db"),
    Import("WeasyPrint in documents", "mou/documents.py", "def f():\n    import weasyprint", "mou.documents -> weasyprint"),
    Import("ninja in views", "partnerships/views.py", "def f():\n    import ninja", "partnerships.views -> ninja"),
    Import("Wagtail in mou", "mou/panels.py", "from wagtail.models import Page", "mou.panels -> wagtail"),
    Import("Wagtail in core", "core/views/desk.py", "def f():\n    from wagtail.models import Page", "core.views.desk -> wagtail"),
]  # fmt: skip


@contextmanager
def copy() -> Iterator[Path]:
    """The tree without what it was made of, in one place for all faults: the template database is migrated once."""
    place = Path(tempfile.mkdtemp(prefix="cg-fault-"))
    try:
        shutil.copytree(ROOT, place, dirs_exist_ok=True, ignore=LEFT_OUT)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run(place: Path, *command: str) -> subprocess.CompletedProcess[str]:
    # No byte code: a file that is changed twice in one second would be read from the first.
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"} | ({} if "DATABASE_URL" in os.environ else {"DATABASE_URL": ""})
    env.pop("PYTEST_ADDOPTS", None)
    env.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600, env=env)


def fits(place: Path, fault: Fault) -> bool:
    """Whether the fault changes anything in the tree as it is."""
    source = (place / fault.file).read_text()
    return re.sub(fault.pattern, fault.replacement, source, count=1) != source


def failed_of(place: Path, tests: str) -> str:
    """The first test that fails, or "". What does not even start counts as failed."""
    marks = "" if "DATABASE_URL" in os.environ else "not postgres_only"
    words = [part for word in re.split(r" (?=-k|tests/)", tests) for part in re.split(r"(?<=^-k) ", word)]
    done = run(place, sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", marks, *words)
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if failed:
        return str(failed[0].rpartition("::")[2])
    return f"exit status {done.returncode}" if done.returncode else ""


def caught_by(place: Path, fault: Fault) -> str:
    """The test that failed with the fault in the tree, or "". Raises AssertionError where there is nothing to change."""
    assert fits(place, fault), f"{fault.what}: nothing to change in {fault.file}"
    path = place / fault.file
    source = path.read_text()
    try:
        path.write_text(re.sub(fault.pattern, fault.replacement, source, count=1))
        return failed_of(place, fault.tests)
    finally:
        path.write_text(source)


def unsaid(place: Path, imports: Iterable[Import]) -> list[Import]:
    """Which of these the import linter says nothing of, with all of them in the tree at once."""
    before: dict[Path, str | None] = {}
    for wrong in imports:
        path = place / wrong.file
        before.setdefault(path, path.read_text() if path.exists() else None)
        path.write_text((path.read_text() if path.exists() else "") + f"\n\n{wrong.lines}\n")
    try:
        said = run(place, str(BIN / "lint-imports"), "--no-cache").stdout
    finally:
        for path, text in before.items():
            path.unlink() if text is None else path.write_text(text)
    broken = "\n".join(re.sub(r"\s*\(l\.\d+.*?\)", "", said).split("Broken contracts")[1:])
    return [wrong for wrong in imports if wrong.said not in broken]


def report(caught: str, what: str) -> bool:
    print(f"{'caught' if caught else 'MISSED':6}  {what:48}  {caught}", flush=True)
    return bool(caught)


def plant(faults: Iterable[Fault]) -> bool:
    chosen = list(faults)
    with copy() as place:
        for tests in dict.fromkeys(re.sub(r" -k [\w ]+", "", fault.tests) for fault in chosen):
            red = failed_of(place, tests)
            assert not red, f"{tests} is red without any fault: {red}"
        return all([report(caught_by(place, fault), fault.what) for fault in chosen])


def lint() -> bool:
    with copy() as place:
        clean = run(place, str(BIN / "lint-imports"), "--no-cache")
        assert clean.returncode == 0, clean.stdout
        missed = unsaid(place, LINT)
        good = all([report("" if wrong in missed else wrong.said, wrong.what) for wrong in LINT])
        noun = place / "mou" / "models" / "helpers.py"
        noun.write_text("x = 1\n")
        fault = Fault("a folder with a helper in it", "mou/models/helpers.py", "x = 1", "x = 2", f"{HOUSE} -k nouns")
        return report(caught_by(place, fault), fault.what) and good


def main(words: list[str]) -> int:
    began, names = time.time(), [word for word in words if word in ("lint", "sqlite", "postgres")]
    asked = [word for word in words if word not in names]

    def chosen(faults: list[Fault]) -> list[Fault]:
        return [fault for fault in faults if not asked or any(word in f"{fault.what} {fault.tests}" for word in asked)]

    kinds = {"lint": lint, "sqlite": lambda: plant(chosen(SQLITE)), "postgres": lambda: plant(chosen(POSTGRES))}
    results = [kinds[name]() for name in names or ["lint", "sqlite"]]
    print(f"{time.time() - began:.0f} s")
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
