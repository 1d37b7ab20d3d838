"""Whatever is edited is on record with what was before and after, and the log and the timelines show it to who may read it."""

import ast
import re
from datetime import date, timedelta

import pytest

from accounts import actions as accounts
from core import audit
from core.access import HOUSE
from core.changes import changes_of
from core.models import Event
from fellowships import actions as fellowships
from mou import actions as mou
from partnerships import actions as partnerships
from tests import house

# Actions that store something and record no values before and after, and why.
NO_VALUES = {
    "core.actions.anchor_chain": "an anchor is added",
    "core.actions.forget_imports": "what it takes away is what is to be forgotten",
    "core.actions.remember_mapping": "no event: a mapping is no record of anybody",
    "partnerships.actions.organisation._stored": "the actions that call it record what it gives back",
    "accounts.actions.invitation._mail_anew": "until when it counts is recorded; the rest is about the mail",
    "accounts.actions.invitation.forget_invitations": "what it takes away is what is to be forgotten",
    "accounts.actions.invitation.seal_invitation": "a secret",
    "accounts.actions.invitation.note_invitation_sent": "no event: what the mail server says",
    "accounts.actions.invitation.note_invitation_failure": "no event: what the mail server says",
    "accounts.actions.person.use_code": "a code that was used: a secret",
    "accounts.actions.person.use_passkey": "a key that was used: its count",
    "accounts.actions.person.correct_days": "the actions that call it record what it gives back",
    "accounts.actions.person._emptied": "the actions that call it record what it gives back",
    "accounts.actions.export.name_export": "a step of a copy that is made",
    "accounts.actions.export.note_export_made": "a step of a copy that is made: how much it holds is in the event",
    "accounts.actions.export.end_export": "a copy is deleted",
    "accounts.actions.erasure.take_back_erasure": "a request that was taken back",
    "accounts.actions.erasure.refuse_erasure": "the answer to a request: the reason is in the event",
    "accounts.actions.erasure.confirm_erasure": "the answer to a request: the reason is in the event",
    "accounts.actions.erasure.erase_person": "what it takes away is what is to be forgotten",
    "accounts.actions.erasure.erase_again": "what it takes away is what is to be forgotten",
    "accounts.actions.erasure.overtake_erasure": "the answer to a request is open again: why is in the event",
}
WRITES = {"store", "save", "update", "update_or_create", "bulk_update", "share", "unshare"}


def functions():
    """(dotted name, its tree) of every function of every module of actions."""
    for path, kind, tree in house.sources():
        if kind == "actions":
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    yield f"{'.'.join(path.with_suffix('').parts)}.{node.name}", node


def test_every_action_that_changes_what_is_there_records_what_was_before_and_after():
    """By the source: whoever stores, saves or shares in an action gives `changes` to each Event that it records. A Machine does
    it by itself, and so does an import. What is added or removed had nothing before, or has nothing after."""
    wrong, found = [], 0
    for name, function in functions():
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        writes = [node for node in calls if house.called(node) in WRITES and not _adds(function, node)]
        if not writes or name in NO_VALUES:
            continue
        records = [node for node in calls if ast.unparse(node.func) == "audit.record"]
        found += len(records)
        given = [{keyword.arg for keyword in node.keywords} for node in records]
        if not records or not all("changes" in names for names in given):
            wrong.append(name)
    assert wrong == []
    assert found > 25  # they were found at all


def _adds(function: ast.FunctionDef, call: ast.Call) -> bool:
    """`row.save()` of a row that was made in the same function: nothing was there before."""
    row = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    made = [ast.unparse(node.targets[0]) for node in ast.walk(function) if _makes(node)]
    return house.called(call) == "save" and (row in made or row.startswith("story."))


def _makes(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and house.called(node.value)[:1].isupper()


def test_what_is_excused_is_there():
    names = {name for name, _function in functions()}
    assert NO_VALUES.keys() - names == set()


def compared(verb: str) -> dict[str, list]:
    """`changes` of the last event of this verb, as it is in the chain."""
    return Event.objects.filter(verb=verb).latest("seq").data["changes"]


def test_edits_of_people_and_roles(cast):
    accounts.rename_person(person=cast.otto.person, name="Ottokar", by=HOUSE)
    assert compared("person.renamed") == {"name": ["Otto", "Ottokar"]}
    accounts.shield_person(person=cast.otto.person, reason="-", by=HOUSE)
    assert compared("person.shielded") == {"sensitive": [False, True]}
    accounts.unshield_person(person=cast.otto.person, reason="-", by=HOUSE)
    assert compared("person.unshielded") == {"sensitive": [True, False]}
    accounts.deactivate_sign_in(person=cast.otto.person, reason="-", by=HOUSE)
    assert compared("person.sign_in_deactivated") == {"is_active": [True, False]}
    accounts.reactivate_sign_in(person=cast.otto.person, reason="-", by=HOUSE)
    assert compared("person.sign_in_reactivated") == {"is_active": [False, True]}
    role = accounts.give_site_role(person=cast.otto.person, role="administrator", by=HOUSE)
    accounts.end_site_role(role=role, by=HOUSE)
    assert compared("person.site_role_ended") == {"until": [None, cast.today.isoformat()]}
    role = cast.programme.programmerole_set.get(role="auditor")
    partnerships.date_programme_role(role=role, since=role.since, until=cast.today + timedelta(9), by=HOUSE)
    assert compared("programme.role_dated") == {"until": [None, (cast.today + timedelta(9)).isoformat()]}
    partnerships.end_programme_role(role=role, by=HOUSE)
    assert compared("programme.role_ended") == {"until": [(cast.today + timedelta(9)).isoformat(), cast.today.isoformat()]}


def test_edits_of_organisations_and_agreements(cast, agreement_in_force):
    partnerships.shield_organisation(organisation=cast.agency, reason="-", by=cast.cora)
    assert compared("organisation.shielded") == {"sensitive": [False, True]}
    partnerships.unshield_organisation(organisation=cast.agency, reason="-", by=cast.cora)
    assert compared("organisation.unshielded") == {"sensitive": [True, False]}
    member = cast.agency.membership_set.filter(person=cast.amir.person).get()
    partnerships.end_membership(membership=member, by=cast.cora)
    assert compared("organisation.member_left") == {"until": [None, cast.today.isoformat()]}
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    assert compared("agreement.published")["published_by"] == [None, "Cora"]
    mou.unpublish_agreement(agreement=agreement_in_force, by=cast.cora)
    assert compared("agreement.unpublished")["published_by"] == ["Cora", None]
    day = cast.today + timedelta(5)
    mou.share_agreement(agreement=agreement_in_force, user=cast.otto, until=day, by=cast.cora)
    assert compared("agreement.shared") == {"shared": [False, True], "until": [None, day.isoformat()]}
    mou.share_agreement(agreement=agreement_in_force, user=cast.otto, by=cast.cora)
    assert compared("agreement.shared") == {"until": [day.isoformat(), None]}
    mou.unshare_agreement(agreement=agreement_in_force, user=cast.otto, by=cast.cora)
    assert compared("agreement.unshared") == {"shared": [True, False]}
    duty = agreement_in_force.duty_set.filter(state="open").select_related("obligation").first()
    mou.report_duty(duty=duty, evidence="Sent on Monday", by=HOUSE)
    assert compared("duty.reported") == {"state": ["open", "sent"], "evidence": ["", "Sent on Monday"]}


def test_a_move_says_what_came_with_it(cast, agreement_in_force):
    fellowships.withdraw_placement(placement=cast.placement, ended_on=cast.starts, reason="Ill", by=cast.cora)
    assert compared("placement.withdrawn") == {
        "state": ["planned", "withdrawn"],
        "ended_on": [None, cast.starts.isoformat()],
        "reason": ["", "Ill"],
    }


# ------------------------------------------------------------------------------------------------- in words


def test_a_value_is_told_as_the_page_has_it(cast, agreement_in_force):
    fellowships.withdraw_placement(placement=cast.placement, ended_on=date(2027, 3, 1), reason="Ill", by=cast.cora)
    told = {each.label: (each.before, each.after) for each in changes_of(Event.objects.get(verb="placement.withdrawn"))}
    assert told == {"Ended on": ("", "1 March 2027"), "Reason": ("", "Ill"), "State": ("Planned", "Withdrawn")}


def timeline(client, user, url: str) -> str:
    client.force_login(user)
    page = re.sub(r"\s+", " ", client.get(url).content.decode())
    return page[page.index('<ol class="timeline"') :]


def test_a_line_of_the_timeline_unfolds_for_who_reads_the_log(client, cast):
    fellowships.edit_cycle(cycle=cast.cycle, facts={"name": "Another"}, by=cast.cora)
    url = f"/desk/cycles/{cast.cycle.ref}/"
    for user in (cast.cora, cast.audrey):
        shown = timeline(client, user, url)
        assert "<summary>Before and after</summary>" in shown and f"Name: “{cast.cycle.name}” before, “Another” now" not in shown
        assert "before, “Another” now" in shown


def test_and_not_for_others_whose_page_it_is_too(client, cast, agreement_draft):
    """The parties read an agreement once it was sent, and its timeline, but not what stood in it before that."""
    mou.set_terms(agreement=agreement_draft, terms={"agreement.governing_law": "Secretmarker"}, by=cast.cora)
    mou.set_terms(agreement=agreement_draft, terms={"agreement.governing_law": "German law"}, by=cast.cora)
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Saltmere"}, by=cast.cora)
    assert "Secretmarker" in timeline(client, cast.cora, f"/desk/agreements/{agreement_draft.ref}/")
    lines = audit.history(agreement_draft, reader=cast.amir)
    assert lines != [] and [line.changes for line in lines if line.changes] == []
    assert [line.changes for line in audit.history(agreement_draft) if line.changes] == []
    assert "Saltmere" in timeline(client, cast.cora, f"/desk/organisations/{cast.agency.ref}/")
    assert "Before and after" not in timeline(client, cast.amir, f"/desk/organisations/{cast.agency.ref}/")


def test_what_only_few_may_read_is_not_in_the_log(cast, agreement_in_force):
    fellowships.start_placement(placement=cast.placement, by=cast.cora)
    handover = cast.placement.handover
    for section in handover.sections():
        question = section.questions[0]
        answers = {question["id"]: "Secretmarker"}
        fellowships.edit_section(section=section, answers=answers, shown=section.sha256(), by=HOUSE)
        after = compared("section.written")[question["text"]]
        assert after == ["", "written, and read by few: not in the log" if section.restricted else "Secretmarker"]
    assert {section.restricted for section in handover.sections()} == {True, False}


@pytest.mark.parametrize("erased", [False, True])
def test_the_log_and_its_file_show_before_and_after_of_each(client, cast, erased):
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Saltmere"}, by=cast.cora)
    if erased:
        from tests.core.test_redaction import redact

        redact(["saltmere"])
    client.force_login(cast.cora)
    page = re.sub(r"\s+", " ", client.get("/desk/log/").content.decode())
    file = client.get("/desk/log/?format=csv").content.decode()
    assert ("Saltmere" in page, "Saltmere" in file) == (not erased, not erased)
    assert ("What was before and after was erased" in page + file) is erased
