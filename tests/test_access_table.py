"""Who gets what at which route. Written by hand from the rules of the house; what is not written is refused.

An entry is an address, what a POST carries, and what roles answer to verbs. Who is not named gets 404 for every verb, as
if nothing were there; who is named gets 405 for a verb that is not. Nobody signed in is led to the door.

Fiona coordinates another programme, Ada administers the site, Dara's sign-in is closed, Faye is the fellow of a second,
signed cycle.
"""

import csv
import io
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from accounts import actions as accounts
from accounts.models import Invitation
from core import actions as core
from core import files, importing
from core.access import HOUSE
from core.imports.targets import target_of
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from fellowships.models import Handover, Placement, Section
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Duty
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.jobs import ask_follow_ups
from partnerships.models import FollowUp, Hackathon, Membership, ProgrammeRole
from tests.conftest import sign_in_for
from tests.house import routes

VERBS = ("GET", "POST")
ANY_VERB = ("GET", "POST", "PUT", "PATCH", "DELETE")  # nobody may: tried by who is in everything and by who is in nothing
INSIDE = "cora audrey amir sofia stella nora"  # the parties of an agreement and who runs or audits the programme
READERS = f"{INSIDE} carol"
EVERYONE = f"{READERS} felix otto rita edna rooth fiona ada"
ABSENT = "22222ABSENT"

Entry = tuple[str, dict[str, Any], dict[str, str]]


def but(everyone: str, *names: str) -> str:
    return " ".join(name for name in everyone.split() if name not in names)


FORM, REFUSED, SHOWN = "GET 200, POST 422", "GET 403, POST 403", "GET 200"  # a form that was left empty comes back with 422
DESK: dict[str, dict[str, Entry]] = {
    "core and accounts": {
        "core:desk": ("/desk/", {}, {EVERYONE: SHOWN}),
        "core:message_list": ("/desk/messages/", {}, {EVERYONE: SHOWN}),
        # Who coordinates or audits reads of their programme, Ada every sentence: tests/core/test_log.py.
        "core:event_list": (
            "/desk/log/",
            {},
            {"cora audrey fiona ada": SHOWN, but(EVERYONE, "cora", "audrey", "fiona", "ada"): "GET 403"},
        ),
        "core:retention_list": ("/desk/retention/", {}, {"ada": SHOWN, but(EVERYONE, "ada"): "GET 403"}),
        "core:retention_detail": ("/desk/retention/messages/", {}, {"ada": SHOWN, but(EVERYONE, "ada"): "GET 403"}),
        "core:retention_hold": ("/desk/retention/messages/hold/", {}, {"ada": FORM, but(EVERYONE, "ada"): REFUSED}),
        "core:retention_lift": (
            "/desk/retention/messages/lift/",
            {},
            {"ada": "GET 302, POST 302", but(EVERYONE, "ada"): REFUSED},  # it is not on hold
        ),
        "core:mail_list": ("/desk/mail/", {}, {EVERYONE: "GET 404"}),  # only in the demo, see below
        "core:import_list": ("/desk/imports/", {}, {EVERYONE: SHOWN}),
        "core:import_add": ("/desk/imports/new/", {}, {"cora fiona": FORM, but(EVERYONE, "cora", "fiona"): REFUSED}),
        # Cora's, into her programme: Fiona coordinates another.
        "core:import_detail": ("/desk/imports/{uploaded}/", {}, {"cora": SHOWN}),
        "core:import_files": ("/desk/imports/{uploaded}/files/", {}, {"cora": FORM}),
        "core:import_columns": ("/desk/imports/{uploaded}/columns/", {}, {"cora": FORM}),
        "core:import_mapping": ("/desk/imports/{uploaded}/mapping.yaml", {}, {"cora": SHOWN}),
        "core:import_mapping_choose": ("/desk/imports/{uploaded}/mapping/", {}, {"cora": "GET 200, POST 422"}),
        "core:import_values": ("/desk/imports/{uploaded}/values/", {}, {"cora": FORM}),
        "core:import_check": ("/desk/imports/{checked}/check/", {}, {"cora": "POST 302"}),
        "core:import_fault_list": ("/desk/imports/{checked}/faults/", {}, {"cora": SHOWN}),
        "core:import_apply": ("/desk/imports/{checked}/apply/", {}, {"cora": FORM}),
        "core:import_discard": ("/desk/imports/{checked}/discard/", {}, {"cora": "GET 200, POST 302"}),
        "accounts:role_list": ("/desk/roles/", {}, {EVERYONE: SHOWN}),
        "accounts:own_record": ("/desk/me/", {}, {EVERYONE: SHOWN}),
        "accounts:consent_set": (
            "/desk/me/consents/public_name/",
            {"agree": "yes"},
            {but(EVERYONE, "rooth"): "POST 302", "rooth": "POST 404"},
        ),
        # Each their own: a code that fits nothing, a step and a session that are not there.
        "confirm": ("/accounts/confirm/", {}, {EVERYONE: "GET 302, POST 422"}),
        "confirmed": ("/accounts/confirm/done/", {}, {EVERYONE: SHOWN}),
        "second_step": ("/accounts/second-step/", {}, {EVERYONE: SHOWN}),
        "app_add": ("/accounts/second-step/app/", {}, {EVERYONE: FORM}),
        "passkey_add": ("/accounts/second-step/passkey/", {}, {EVERYONE: FORM}),
        "recovery_codes": ("/accounts/second-step/codes/", {}, {EVERYONE: "GET 200, POST 422"}),
        "step_remove": ("/accounts/second-step/1/remove/", {}, {EVERYONE: "GET 404, POST 404"}),
        "session_list": ("/accounts/sessions/", {}, {EVERYONE: SHOWN}),
        "sessions_end": ("/accounts/sessions/end/", {}, {EVERYONE: "POST 302"}),
        "session_end": ("/accounts/sessions/1/end/", {}, {EVERYONE: "POST 302"}),
        # Coordinators look after the people of the register, but for those who run something: those are Ada's alone.
        "accounts:person_list": (
            "/desk/people/",
            {},
            {"ada cora fiona": SHOWN, but(EVERYONE, "ada", "cora", "fiona"): "GET 403"},
        ),
        "accounts:person_detail": ("/desk/people/{amirs}/", {}, {"ada cora fiona": SHOWN}),
        "accounts:sign_in_deactivate": ("/desk/people/{amirs}/deactivate/", {}, {"ada cora fiona": FORM}),
        "accounts:sign_in_reactivate": ("/desk/people/{ivos}/reactivate/", {}, {"ada cora fiona": FORM}),
        # Administrators and who looks after them; each for themselves. Rooth is nobody in the work.
        "accounts:person_shield": ("/desk/people/{amirs}/shield/", {}, {"ada cora fiona": FORM}),
        "accounts:own_shield": ("/desk/me/shield/", {}, {but(EVERYONE, "rooth"): FORM, "rooth": REFUSED}),
        # Each their own data; administrators those of others. Amir still acts for others, which the page of erasing says.
        "accounts:export_ask": ("/desk/me/export/", {}, {but(EVERYONE, "rooth"): "GET 200, POST 302", "rooth": REFUSED}),
        "accounts:export_detail": ("/desk/exports/{copy}/", {}, {"amir": SHOWN}),
        "accounts:export_file": ("/desk/exports/{copy}/file/", {}, {"amir": "GET 403"}),
        "accounts:person_export": ("/desk/people/{amirs}/export/", {}, {"ada": FORM, "cora fiona": REFUSED}),
        "accounts:erasure_ask": ("/desk/me/erasure/", {}, {but(EVERYONE, "rooth"): "GET 200, POST 302", "rooth": REFUSED}),
        "accounts:erasure_detail": ("/desk/erasures/{request}/", {}, {"amir ada": SHOWN}),
        "accounts:erasure_take_back": ("/desk/erasures/{request}/take-back/", {}, {"amir": "POST 302", "ada": "POST 403"}),
        "accounts:erasure_refuse": ("/desk/erasures/{request}/refuse/", {}, {"ada": FORM, "amir": REFUSED}),
        "accounts:person_erase": ("/desk/people/{amirs}/erase/", {}, {"ada": FORM, "cora fiona": REFUSED}),
        # Nobody of them has a second step.
        "accounts:second_step_clear": ("/desk/people/{amirs}/second-step/", {}, {"ada cora fiona": REFUSED}),
        "accounts:address_change": ("/desk/people/{amirs}/address/", {}, {"ada": FORM, "cora fiona": REFUSED}),
        # To an organisation, by Cora: who staffs organisations looks after it, and administrators.
        "accounts:invitation_list": (
            "/desk/invitations/",
            {},
            {"ada cora fiona": SHOWN, but(EVERYONE, "ada", "cora", "fiona"): "GET 403"},
        ),
        "accounts:invitation_detail": ("/desk/invitations/{invited}/", {}, {"ada cora fiona": SHOWN}),
        "accounts:invitation_resend": ("/desk/invitations/{invited}/resend/", {}, {"ada cora fiona": FORM}),
        "accounts:invitation_revoke": ("/desk/invitations/{invited}/revoke/", {}, {"ada cora fiona": "GET 200, POST 302"}),
    },
    "partnerships": {
        "partnerships:organisation_list": ("/desk/organisations/", {}, {EVERYONE: SHOWN}),
        "partnerships:organisation_add": (
            "/desk/organisations/new/",
            {},
            {"cora fiona": FORM, but(EVERYONE, "cora", "fiona"): REFUSED},
        ),
        "partnerships:organisation_detail": (
            "/desk/organisations/{agency}/",
            {},
            {"cora fiona audrey amir sofia stella ada": SHOWN},
        ),
        "partnerships:organisation_edit": (
            "/desk/organisations/{agency}/edit/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:organisation_shield": (
            "/desk/organisations/{agency}/shield/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        # Its leads as well; the agency has none: tests/partnerships/test_organisation_correct.py.
        "partnerships:organisation_correct": (
            "/desk/organisations/{agency}/correct/",
            {},  # every field may be left empty
            {"cora fiona": "GET 200, POST 302", "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:organisation_supersede": (
            "/desk/organisations/{agency}/supersede/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:organisation_reinstate": (
            "/desk/organisations/{agency}/reinstate/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:member_add": (
            "/desk/organisations/{agency}/members/new/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:members_invite": (
            "/desk/organisations/{agency}/members/invite/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:membership_end": (
            "/desk/organisations/{agency}/members/{membership}/end/",
            {},
            {"cora fiona": "GET 200, POST 302", "audrey amir sofia stella ada": REFUSED},
        ),
        "partnerships:membership_date": (
            "/desk/organisations/{agency}/members/{membership}/dates/",
            {},
            {"cora fiona": FORM, "audrey amir sofia stella ada": REFUSED},
        ),
        # Nora's organisation signs for it. Who runs a programme does not say who runs or audits it.
        "partnerships:programme_list": ("/desk/programmes/", {}, {EVERYONE: SHOWN}),
        "partnerships:programme_open": ("/desk/programmes/new/", {}, {"ada": FORM, but(EVERYONE, "ada"): REFUSED}),
        "partnerships:programme_detail": ("/desk/programmes/{programme}/", {}, {"ada cora audrey nora": SHOWN}),
        "partnerships:programme_edit": (
            "/desk/programmes/{programme}/edit/",
            {},
            {"ada cora": FORM, "audrey nora": REFUSED},
        ),
        "partnerships:programme_role_give": (
            "/desk/programmes/{programme}/roles/new/",
            {},
            {"ada": FORM, "cora audrey nora": REFUSED},
        ),
        "partnerships:programme_role_end": (
            "/desk/programmes/{programme}/roles/{role}/end/",
            {},
            {"ada": "GET 200, POST 302", "cora audrey nora": REFUSED},
        ),
        "partnerships:programme_role_date": (
            "/desk/programmes/{programme}/roles/{role}/dates/",
            {},
            {"ada": FORM, "cora audrey nora": REFUSED},
        ),
        "partnerships:hackathon_list": ("/desk/hackathons/", {}, {EVERYONE: SHOWN}),
        "partnerships:hackathon_open": (
            "/desk/hackathons/new/",
            {},
            {"cora fiona": FORM, but(EVERYONE, "cora", "fiona"): REFUSED},
        ),
        # Stella owns an output of each; Nora is a lead of the organisation that signs for the programme.
        "partnerships:hackathon_detail": ("/desk/hackathons/{event}/", {}, {"cora audrey nora stella": SHOWN}),
        "partnerships:hackathon_edit": ("/desk/hackathons/{event}/edit/", {}, {"cora": FORM, "audrey nora stella": REFUSED}),
        "partnerships:hackathon_close": (
            "/desk/hackathons/{gathering}/close/",
            {},
            {"cora": "GET 200, POST 302", "audrey nora stella": REFUSED},
        ),
        "partnerships:hackathon_publish": (
            "/desk/hackathons/{event}/publish/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey nora stella": REFUSED},
        ),
        # Who answers for one output does not read who sees the others. No hackathon is shared.
        "partnerships:hackathon_share": (
            "/desk/hackathons/{event}/share/",
            {},
            {"cora": FORM, "audrey nora": "GET 200, POST 403", "stella": REFUSED},
        ),
        "partnerships:hackathon_unshare": (
            "/desk/hackathons/{event}/share/0/end/",
            {},
            {"cora": "GET 404, POST 404", "audrey nora stella": REFUSED},
        ),
        "partnerships:output_add": (
            "/desk/hackathons/{gathering}/outputs/new/",
            {},
            {"cora": FORM, "audrey nora stella": REFUSED},
        ),
        "partnerships:output_detail": ("/desk/outputs/{output}/", {}, {"cora audrey nora stella": SHOWN}),
        "partnerships:output_edit": ("/desk/outputs/{output}/edit/", {}, {"cora": FORM, "audrey nora stella": REFUSED}),
        "partnerships:output_remove": (
            "/desk/outputs/{gathered}/remove/",
            {},
            {"cora": "GET 200, POST 302", "audrey nora stella": REFUSED},
        ),
        "partnerships:owner_name": ("/desk/outputs/{output}/owner/", {}, {"cora": FORM, "audrey nora stella": REFUSED}),
        "partnerships:follow_up_list": ("/desk/follow-ups/", {}, {EVERYONE: SHOWN}),
        "partnerships:follow_up_answer": (
            "/desk/follow-ups/{asked}/answer/",
            {},
            {"cora stella": FORM, "audrey nora": REFUSED},
        ),
        # Nobody has answered it yet.
        "partnerships:follow_up_correct": ("/desk/follow-ups/{asked}/correct/", {}, {"cora stella audrey nora": REFUSED}),
    },
    "mou": {
        "mou:agreement_list": ("/desk/agreements/", {}, {EVERYONE: SHOWN}),
        "mou:agreement_detail": ("/desk/agreements/{agreement}/", {}, {READERS: SHOWN}),
        "mou:agreement_text": ("/desk/agreements/{agreement}/text/", {}, {READERS: SHOWN}),
        "mou:agreement_json": ("/desk/agreements/{agreement}/text.json", {}, {READERS: SHOWN}),
        "mou:agreement_pdf": ("/desk/agreements/{agreement}/pdf/copy/", {}, {READERS: SHOWN}),
        # A draft that was never sent belongs to the programme and whom it is shared with.
        "mou:agreement_terms": (
            "/desk/agreements/{draft}/terms/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey carol": REFUSED},
        ),
        "mou:agreement_duties": (
            "/desk/agreements/{draft}/duties/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey carol": REFUSED},
        ),
        "mou:agreement_signatories": (
            "/desk/agreements/{draft}/signatories/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey carol": REFUSED},
        ),
        "mou:agreement_send": ("/desk/agreements/{draft}/send/", {}, {"cora": "GET 200, POST 302", "audrey carol": REFUSED}),
        "mou:agreement_recall": ("/desk/agreements/{agreement}/recall/", {}, {"cora": FORM, but(READERS, "cora"): REFUSED}),
        "mou:agreement_withdraw": ("/desk/agreements/{agreement}/withdraw/", {}, {"cora": FORM, but(READERS, "cora"): REFUSED}),
        "mou:agreement_reopen": (
            "/desk/agreements/{declined}/reopen/",
            {},
            {"cora": "POST 302", but(READERS, "cora", "carol"): "POST 403"},
        ),
        "mou:agreement_remind": (
            "/desk/agreements/{agreement}/remind/",
            {},
            {"cora": "POST 302", but(READERS, "cora"): "POST 403"},
        ),
        "mou:agreement_publish": (
            "/desk/agreements/{signed}/publish/",
            {"publish": "yes"},
            {"cora": "POST 302", but(INSIDE, "cora"): "POST 403"},
        ),
        "mou:agreement_share": (
            "/desk/agreements/{agreement}/share/",
            {},
            {"cora": FORM, but(READERS, "cora"): "GET 200, POST 403"},
        ),
        "mou:agreement_unshare": (
            "/desk/agreements/{agreement}/share/{share}/end/",
            {},
            {"cora": "GET 200, POST 302", but(READERS, "cora"): REFUSED},
        ),
        "mou:agreement_sign": (
            "/desk/agreements/{agreement}/sign/",
            {},
            {"sofia nora": FORM, but(READERS, "sofia", "nora"): REFUSED},
        ),
        "mou:agreement_decline": (
            "/desk/agreements/{agreement}/decline/",
            {},
            {"sofia nora": FORM, but(READERS, "sofia", "nora"): REFUSED},
        ),
        "mou:duty_list": ("/desk/duties/", {}, {EVERYONE: SHOWN}),
        "mou:duty_detail": ("/desk/duties/{open}/", {}, {INSIDE: SHOWN}),
        # The agency owes it and reports; the NGO's people and the coordinator answer for the programme; either dates it.
        "mou:duty_report": ("/desk/duties/{open}/report/", {}, {"amir sofia stella": FORM, "cora audrey nora": REFUSED}),
        "mou:duty_answer": ("/desk/duties/{reported}/answer/", {}, {"cora nora": FORM, "audrey amir sofia stella": REFUSED}),
        "mou:duty_date": ("/desk/duties/{waiting}/date/", {}, {but(INSIDE, "audrey"): FORM, "audrey": REFUSED}),
    },
    "fellowships": {
        "fellowships:cycle_list": ("/desk/cycles/", {}, {EVERYONE: SHOWN}),
        "fellowships:placement_list": ("/desk/placements/", {}, {EVERYONE: SHOWN}),
        "fellowships:cycle_open": ("/desk/cycles/new/", {}, {"cora fiona": FORM, but(EVERYONE, "cora", "fiona"): REFUSED}),
        "fellowships:cycle_detail": ("/desk/cycles/{cycle}/", {}, {"cora audrey amir sofia stella nora felix": SHOWN}),
        "fellowships:cycle_edit": (
            "/desk/cycles/{cycle}/edit/",
            {},
            {"cora": FORM, "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:cycle_publish": (
            "/desk/cycles/{cycle}/publish/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey amir sofia stella nora felix": REFUSED},
        ),
        # Who sees a part of the cycle does not read who sees the whole. No cycle and no placement is shared.
        "fellowships:cycle_share": (
            "/desk/cycles/{cycle}/share/",
            {},
            {"cora": FORM, "audrey nora": "GET 200, POST 403", "amir sofia stella felix": REFUSED},
        ),
        "fellowships:cycle_unshare": (
            "/desk/cycles/{cycle}/share/0/end/",
            {},
            {"cora": "GET 404, POST 404", "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:placement_share": (
            "/desk/placements/{placement}/share/",
            {},
            {"cora": FORM, "audrey stella nora felix": "GET 200, POST 403"},
        ),
        "fellowships:placement_unshare": (
            "/desk/placements/{placement}/share/0/end/",
            {},
            {"cora": "GET 404, POST 404", "audrey stella nora felix": REFUSED},
        ),
        "fellowships:fellow_list": ("/desk/cycles/{cycle}/fellows/", {}, {"cora audrey amir sofia stella nora felix": SHOWN}),
        "fellowships:fellow_add": (
            "/desk/cycles/{cycle}/fellows/new/",
            {},
            {"cora": FORM, "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:host_add": (
            "/desk/cycles/{cycle}/hosts/new/",
            {},
            {"cora": FORM, "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:project_list": ("/desk/projects/", {}, {EVERYONE: SHOWN}),
        "fellowships:project_add": (
            "/desk/cycles/{cycle}/projects/new/",
            {},
            {"cora": FORM, "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:project_detail": ("/desk/projects/{project}/", {}, {"cora audrey amir sofia stella nora felix": SHOWN}),
        "fellowships:project_edit": (
            "/desk/projects/{project}/edit/",
            {},
            {"cora": FORM, "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:host_agreement": (
            "/desk/hosts/{harbour}/agreement/",
            {},
            {"cora": "GET 200, POST 302", "audrey nora": REFUSED},
        ),
        "fellowships:fellow_detail": ("/desk/fellows/{felix}/", {}, {"cora audrey stella nora felix": SHOWN}),
        "fellowships:placement_add": ("/desk/fellows/{felix}/place/", {}, {"cora": FORM, "audrey stella nora felix": REFUSED}),
        "fellowships:fellow_edit": ("/desk/fellows/{felix}/edit/", {}, {"cora": FORM, "audrey stella nora felix": REFUSED}),
        "fellowships:cohort_invite": (
            "/desk/cycles/{cycle}/invitations/",
            {},
            {"cora": "GET 200, POST 200", "audrey amir sofia stella nora felix": REFUSED},
        ),
        "fellowships:fellow_invite": ("/desk/fellows/{unsigned}/invite/", {}, {"cora": FORM, "audrey nora": REFUSED}),
        "fellowships:fellow_withdraw": (
            "/desk/fellows/{felix}/withdraw/",
            {},
            {"cora": FORM, "audrey stella nora felix": REFUSED},
        ),
        "fellowships:fellow_shield": ("/desk/fellows/{felix}/shield/", {}, {"cora": FORM, "audrey stella nora felix": REFUSED}),
        "fellowships:fellow_replace": ("/desk/fellows/{left}/replace/", {}, {"cora": FORM, "audrey nora": REFUSED}),
        "fellowships:placement_detail": ("/desk/placements/{placement}/", {}, {"cora audrey stella nora felix": SHOWN}),
        "fellowships:placement_edit": (
            "/desk/placements/{placement}/edit/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey stella nora felix": REFUSED},
        ),
        "fellowships:placement_plan": (
            "/desk/placements/{recorded}/plan/",
            {},
            {"cora": "GET 200, POST 302|422", "audrey stella nora felix": REFUSED},
        ),
        "fellowships:placement_start": (
            "/desk/placements/{covered}/start/",
            {},
            {"cora": "GET 200, POST 302", "audrey stella nora": REFUSED},
        ),
        "fellowships:placement_withdraw": (
            "/desk/placements/{placement}/withdraw/",
            {},
            {"cora": FORM, "audrey stella nora felix": REFUSED},
        ),
    },
    # Begun from what is public, by who coordinates: an editor picks it in Wagtail instead.
    "cms": {
        # Where writers of pages pick records, in Wagtail: what is public, and nothing is made there.
        **{
            f"choose_{kind}:{name}": (f"/cms/choose-{kind}/{way}", {}, {"cora edna rooth fiona": answer})
            for kind in ("agreement", "cycle", "organisation", "output", "placement")
            for name, way, answer in (
                ("choose", "", SHOWN),
                ("choose_results", "results/", SHOWN),
                ("chosen", "chosen/0/", "GET 404"),
                ("chosen_multiple", "chosen-multiple/", SHOWN),
            )
        },
        "cms:cycle_story_draft": ("/desk/cycles/{published}/case-study/", {}, {"cora": "POST 302", "audrey nora": "POST 403"}),
        "cms:agreement_story_draft": (
            "/desk/agreements/{shown}/case-study/",
            {},
            {"cora": "POST 302", "audrey amir sofia stella nora": "POST 403"},
        ),
        "cms:placement_story_draft": (
            "/desk/placements/{placement}/case-study/",
            {},
            {"cora audrey stella nora felix": "POST 403"},
        ),
        "cms:output_story_draft": (
            "/desk/outputs/{output}/case-study/",
            {},
            {"cora": "POST 302", "audrey nora stella": "POST 403"},
        ),
        # Felix works at the agency; Stella receives the part of the product, Amir that of the data; Nora leads the organisation
        # that signs for the programme.
        "fellowships:handover_list": ("/desk/handovers/", {}, {EVERYONE: SHOWN}),
        "fellowships:handover_detail": ("/desk/handovers/{plan}/", {}, {"cora audrey stella nora felix amir": SHOWN}),
        "fellowships:handover_assign": (
            "/desk/handovers/{plan}/assign/",
            {},
            {"cora stella": "GET 200, POST 302", "audrey nora felix amir": REFUSED},
        ),
        "fellowships:handover_offer": (
            "/desk/handovers/{plan}/offer/",
            {},
            {"cora felix": FORM, "audrey stella nora amir": REFUSED},
        ),
        "fellowships:handover_make": (
            "/desk/placements/{placement}/handover/",
            {},
            {"cora": "GET 200, POST 302", "audrey stella nora felix": REFUSED},
        ),
        "fellowships:placement_complete": (
            "/desk/placements/{active}/complete/",
            {},
            {"cora audrey stella nora felix": REFUSED},
        ),
        "fellowships:section_detail": ("/desk/sections/{offered}/", {}, {"cora audrey stella nora felix amir": SHOWN}),
        "fellowships:section_edit": (
            "/desk/sections/{written}/edit/",
            {},
            {"cora felix": FORM, "audrey stella nora amir": REFUSED},
        ),
        "fellowships:section_assign": (
            "/desk/sections/{written}/assign/",
            {},
            {"cora stella": FORM, "audrey nora felix amir": REFUSED},
        ),
        "fellowships:section_offer": (
            "/desk/sections/{written}/offer/",
            {},
            {"cora felix": "POST 302", "audrey stella nora amir": "POST 403"},
        ),
        "fellowships:section_accept": (
            "/desk/sections/{offered}/accept/",
            {},
            {"stella": FORM, "cora audrey nora felix amir": REFUSED},
        ),
        "fellowships:section_send_back": (
            "/desk/sections/{offered}/send-back/",
            {},
            {"stella": FORM, "cora audrey nora felix amir": REFUSED},
        ),
        "fellowships:section_waive": (
            "/desk/sections/{written}/waive/",
            {},
            {"cora": FORM, "audrey stella nora felix amir": REFUSED},
        ),
        "fellowships:section_leave_out": (
            "/desk/sections/{recommended}/leave-out/",
            {},
            {"cora felix": FORM, "audrey stella nora amir": REFUSED},
        ),
    },
}
# For everybody, signed in or not; a verb that is not named is 405.
PUBLIC: dict[str, Entry] = {
    "public_cycle_list": ("/cycles/", {}, {"": "GET 200"}),
    "public_cycle": ("/cycles/{published}/", {}, {"": "GET 200"}),
    "public_agreement_list": ("/agreements/", {}, {"": "GET 200"}),
    "public_agreement": ("/agreements/{shown}/", {}, {"": "GET 200"}),
    "public_organisation_list": ("/organisations/", {}, {"": "GET 200"}),
    "public_organisation": ("/organisations/{agency}/", {}, {"": "GET 200"}),
    "public_hackathon_list": ("/hackathons/", {}, {"": "GET 200"}),
    "public_hackathon": ("/hackathons/{event}/", {}, {"": "GET 200"}),
    "public_anchor_list": ("/audit/", {}, {"": "GET 200"}),
    "case_study_list": ("/case-studies/", {}, {"": "GET 200|404"}),
    "case_study_feed": ("/case-studies.atom", {}, {"": "GET 200|404"}),
    "sitemap": ("/sitemap.xml", {}, {"": "GET 200"}),
    "robots": ("/robots.txt", {}, {"": "GET 200"}),
    "rendition": ("/media/images/no-such-picture.jpg", {}, {"": "GET 404"}),
    "cms_login": ("/cms/login/", {"username": "x"}, {"": "GET 302, POST 302"}),
    "cms_logout": ("/cms/logout/", {}, {"": "GET 200|302, POST 302"}),
    "cms_password_reset": ("/cms/password_reset/", {}, {"": "GET 302, POST 302"}),
    "util_login": ("/_util/login/", {}, {"": "GET 302, POST 302"}),
    "no_passwords": ("/_util/authenticate_with_password/1/1/", {}, {"": "GET 404"}),
    # The doors themselves: what they do is tested in tests/accounts.
    "account_login": ("/accounts/login/", {}, {"": "GET 200|302, POST 200|302|422"}),
    "mfa_authenticate": ("/accounts/login/second/", {}, {"": "GET 302, POST 302"}),
    # Not there without a provider: tests/accounts/test_provider*.py have one.
    "provider_begin": ("/accounts/login/provider/", {}, {"": "POST 404"}),
    "provider_return": ("/accounts/login/provider/return/", {}, {"": "GET 404"}),
    "account_logout": ("/accounts/logout/", {}, {"": "GET 200|302, POST 302"}),
    "invitation": ("/accounts/invitation/", {}, {"": "GET 200, POST 200"}),
    "invitation_sent": ("/accounts/invitation/sent/", {}, {"": "GET 200"}),
    "invitation_open": ("/accounts/invitation/no-such-secret/", {}, {"": "GET 302"}),
    "account_reset_password": ("/accounts/password/", {}, {"": "GET 200|302, POST 200|302|422"}),
    "account_reset_password_done": ("/accounts/password/sent/", {}, {"": "GET 200|302, POST 405|302"}),
    "account_reset_password_from_key": ("/accounts/password/1-x/", {}, {"": "GET 200|302, POST 200|302"}),
    "account_reset_password_from_key_done": ("/accounts/password/done/", {}, {"": "GET 200|302, POST 405|302"}),
}


def test_the_table_names_every_route():
    named = {name for rows in DESK.values() for name in rows} | PUBLIC.keys()
    assert named == routes().keys()


@pytest.fixture
def world(cast: SimpleNamespace, agreement: Any, settings: Any) -> SimpleNamespace:
    """The cast, and one thing in each state that a page of the desk is about."""
    settings.DEMO = False
    c, by = cast, {"by": cast.cora}
    c.fiona, c.faye, c.dara, c.lena = (sign_in_for(name) for name in ("fiona", "faye", "dara", "lena"))
    c.ada, c.ivo = sign_in_for("ada"), sign_in_for("ivo")
    accounts.give_site_role(person=c.ada.person, role="administrator", by=HOUSE)
    partnerships.add_member(organisation=c.elsewhere, person=c.ivo.person, role="official", by=HOUSE)
    for user in (c.dara, c.ivo):
        accounts.deactivate_sign_in(person=user.person, reason="Left.", by=HOUSE)
    c.other = partnerships.open_programme(name="Other", organisation=c.elsewhere, coordinator=c.fiona.person, by=HOUSE)
    days = {"starts": c.starts, "ends": c.ends}
    c.second = fellowships_demo.planned(c.programme, c.agency, c.faye.person, **days, **by, name="Second")
    signed = fellowships_demo.agreement_in_force(c.second.host, [c.sofia, c.nora], **by)
    shown = mou_demo.sign(_between(c, c.ngo, c.agency, by), [c.sofia, c.nora])
    mou.publish_agreement(agreement=shown, by=c.cora)
    declined = _between(c, c.ngo, c.agency, by)
    mou.decline_agreement(agreement=declined, reason="Not like this.", by=c.sofia)
    draft = mou_demo.fill(mou_demo.agreement_draft(c.programme, c.ngo, c.agency, **days, **by), **by)
    mou.share_agreement(agreement=draft, user=c.carol, **by)
    name = files.keep(b"%PDF-1.7", "pdf")
    mou.record_rendition(version=agreement.version(), kind="copy", file=name, sha256="1" * 64, size=8, by=HOUSE)
    owed = Duty.objects.filter(agreement=signed, obligation__debtor__organisation=c.agency)
    reported, opened = owed.filter(state="open").order_by("pk")[:2]
    mou.report_duty(duty=reported, evidence="Done on Monday.", by=c.stella)
    harbour = fellowships.add_host(cycle=c.cycle, organisation=_organisation("Harbour"), **by)
    left = fellowships.add_fellow(cycle=c.cycle, person=c.lena.person, **by)
    fellowships.withdraw_fellow(fellow=left, left_on=c.today, reason="Another job.", **by)
    published = fellowships.open_cycle(programme=c.programme, name="Published", **days, **by)
    fellowships.publish_cycle(cycle=published, **by)
    event, gathering = _hackathons(c)
    plan, sections = _handover(c, by)
    c.refs = imports(c.programme, c.cora) | {
        "plan": plan.ref,
        "active": plan.placement.ref,
        "written": sections[1].ref,
        "offered": sections[2].ref,
        "recommended": sections[12].ref,
        "event": event.ref,
        "gathering": gathering.ref,
        "output": event.output_set.get().ref,
        "gathered": gathering.output_set.get().ref,
        "asked": FollowUp.objects.get(output__hackathon=event, state="asked").ref,
        "agency": c.agency.ref,
        "membership": Membership.objects.get(person=c.amir.person).pk,
        "amirs": c.amir.person.ref,
        "invited": _invited(c),
        "ivos": c.ivo.person.ref,
        "copy": accounts.ask_export(person=c.amir.person, by=c.amir).ref,
        "request": accounts.ask_erasure(person=c.amir.person, by=c.amir).ref,
        "programme": c.programme.ref,
        "role": ProgrammeRole.objects.get(person=c.audrey.person).pk,
        "agreement": agreement.ref,
        "share": agreement.agreementshare_set.get().pk,
        "draft": draft.ref,
        "declined": declined.ref,
        "signed": signed.ref,
        "shown": shown.ref,
        "open": opened.ref,
        "reported": reported.ref,
        "waiting": Duty.objects.filter(agreement=signed, state="waiting").first().ref,
        "cycle": c.cycle.ref,
        "published": published.ref,
        "harbour": harbour.ref,
        "felix": c.fellow.ref,
        "left": left.ref,
        "unsigned": fellowships.invite_fellow(cycle=c.cycle, name="Una", **by).ref,
        "placement": c.placement.ref,
        "project": c.project.ref,
        "recorded": Placement.objects.create(fellow=c.fellow, host=c.host, state="recorded").ref,
        "covered": c.second.placement.ref,
    }
    return c


def _invited(c: SimpleNamespace) -> str:
    """An official of the organisation of another programme, invited by Cora."""
    facts = {"organisation": c.elsewhere, "name": "Ivy", "email": "ivy@example.org", "role": "official"}
    partnerships.invite_member(**facts, by=c.cora)
    return Invitation.objects.get(email="ivy@example.org").ref


def _hackathons(c: SimpleNamespace) -> tuple[Hackathon, Hackathon]:
    """One that is published and closed, with an open question to Stella, and one that can be closed."""
    days = [c.today - timedelta(days=40), c.today]
    event, gathering = (
        partnerships_demo.hackathon_open(c.programme, c.ngo, ends=day, by=c.cora, titles=["Leak card"], title=str(day))
        for day in days
    )
    partnerships_demo.hackathon_closed(event, c.agency, c.stella.person, by=c.cora)
    partnerships.name_owner(output=gathering.output_set.get(), agency=c.agency, owner=c.stella.person, by=c.cora)
    partnerships.publish_hackathon(hackathon=event, by=c.cora)
    ask_follow_ups(c.today.isoformat())
    return event, gathering


def _handover(c: SimpleNamespace, by: dict[str, Any]) -> tuple[Handover, dict[int, Section]]:
    """Of Felix's placement in the second cycle, which has started: section 1 is written, section 2 is offered to Stella."""
    again = fellowships.add_fellow(cycle=c.second.cycle, person=c.felix.person, **by)
    active = fellowships.add_placement(fellow=again, host=c.second.host, **by)
    fellowships.start_placement(placement=active, **by)
    plan = Handover.objects.get(placement=active)
    receivers = {"product": c.stella.person, "data": c.amir.person}
    fellowships.assign_handover(handover=plan, receivers=receivers, **by)
    sections = {section.number: section for section in Section.objects.filter(handover=plan)}
    for section in (sections[1], sections[2]):
        answers = {row["id"]: "Written down." for row in section.questions}
        fellowships.edit_section(section=section, answers=answers, shown=section.sha256(), by=c.felix)
    fellowships.offer_section(section=sections[2], by=c.felix)
    return plan, sections


def _between(c: SimpleNamespace, signing: Any, host: Any, by: dict[str, Any]) -> Any:
    draft = mou_demo.agreement_draft(c.programme, signing, host, starts=c.starts, ends=c.ends, **by)
    return mou_demo.send(draft, **by)


def imports(programme: Any, by: Any) -> dict[str, str]:
    """One that was uploaded and one that was checked."""
    target = target_of("projects")
    brought = [importing.Brought("projects.csv", b"slug,title\na,A\n")]
    uploaded, checked = (importing.begin(target, programme.ref, brought, by) for _ in range(2))
    core.set_mapping(imported=checked, mapping=checked.mapping, origin="edited", shown=checked.turn, by=by)
    core.ask_check(imported=checked, by=by)
    importing.check_import(checked.ref, str(checked.turn))
    return {"uploaded": uploaded.ref, "checked": checked.ref}


def _organisation(name: str) -> Any:
    return partnerships.add_organisation(name=name, by=HOUSE)


def ask(client: Client, verb: str, url: str, data: dict[str, Any]) -> Any:
    """The answer; what it changed is rolled back, so that one role's success is not the next one's refusal."""
    before = transaction.savepoint()
    try:
        return client.post(url, data) if verb == "POST" else client.generic(verb, url)
    finally:
        transaction.savepoint_rollback(before)


def expected(answers: str, verb: str) -> set[int]:
    found = dict(answer.split() for answer in answers.split(", "))
    return {int(status) for status in found.get(verb, "405").split("|")}


def deviations(client: Client, world: SimpleNamespace, table: dict[str, Entry], roles: list[str], public: bool) -> list[str]:
    """What every role is answered at every address with every verb, where that is not what the table says."""
    wrong = []
    for role in roles:
        client.logout() if role == "nobody" else client.force_login(getattr(world, role))
        outside = role in ("nobody", "dara") and not public
        for address, data, answers in table.values():
            url = address.format(**world.refs)
            named = [given for names, given in answers.items() if public or role in names.split()]
            for verb in ANY_VERB if role in ("nobody", "otto", "cora", "rooth") else VERBS:
                answer = ask(client, verb, url, data)
                want = {302} if outside else expected(named[0], verb) if named else {404}
                if answer.status_code not in want:
                    wrong.append(f"{role} {verb} {url}: {answer.status_code}, not {sorted(want)}")
                elif outside and answer["Location"] != f"/accounts/login/?next={url}":
                    wrong.append(f"{role} {verb} {url}: led to {answer['Location']}")
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("app", DESK)
def test_the_desk(client, world, app):
    assert deviations(client, world, DESK[app], [*EVERYONE.split(), "nobody", "dara"], public=False) == []


@pytest.mark.slow
def test_the_public_pages(client, world):
    assert deviations(client, world, PUBLIC, ["nobody", "dara", "felix", "cora", "rooth"], public=True) == []


@pytest.mark.slow
def test_wagtails_routes_lead_who_is_not_signed_in_to_our_door_and_are_not_there_for_who_edits_nothing(client, world):
    wrong = []
    for address in ("/cms/", "/cms/pages/1/", "/cms/images/", "/cms/documents/", "/cms/reports/site-history/", "/cms/users/"):
        for role in ["nobody", *EVERYONE.split()]:
            client.logout() if role == "nobody" else client.force_login(getattr(world, role))
            answer = client.get(address)
            if role == "nobody":
                good = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            else:
                good = answer.status_code == 404 or role in ("cora", "edna", "rooth", "fiona")
            wrong += [] if good else [f"{role} {address}: {answer.status_code}"]
    assert wrong == []


TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def body(client: Client, url: str, verb: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    """The answer without the address that was asked for, and its headers: a length follows from the page."""
    answer = ask(client, verb, url, {})
    heads = {name: value.replace(url, "") for name, value in answer.headers.items() if name not in ("Content-Length", "Date")}
    return answer.status_code, TOKEN.sub(b"", answer.content).replace(url.encode(), b""), heads


@pytest.mark.slow
@pytest.mark.parametrize("role", ["otto", "felix", "rita", "fiona", "rooth", "carol"])
def test_what_is_not_yours_to_see_looks_like_what_is_not_there(client, world, role):
    """The same status, headers and page, to the byte, for every verb: an address tells nobody that something exists."""
    client.force_login(getattr(world, role))
    told, compared = [], 0
    for name, (address, _data, answers) in [row for rows in DESK.values() for row in rows.items()]:
        if "{" not in address or any(role in names.split() for names in answers):
            continue
        ref = re.search(r"\{(\w+)\}", address)[1]
        for verb in ("GET", "HEAD", "POST", "DELETE"):
            foreign = body(client, address.format(**world.refs), verb)
            absent = body(client, address.format(**(world.refs | {ref: ABSENT})), verb)
            compared += 1
            if foreign != absent or foreign[0] != 404:
                told.append(f"{name} {verb}: {foreign[0]}, {absent[0]}")
    assert told == [] and compared > 10


def test_what_is_not_published_looks_like_what_is_not_there(client, world):
    for hidden, absent in [
        (f"/cycles/{world.refs['cycle']}/", f"/cycles/{ABSENT}/"),
        (f"/agreements/{world.refs['signed']}/", f"/agreements/{ABSENT}/"),
        (f"/hackathons/{world.refs['gathering']}/", f"/hackathons/{ABSENT}/"),
    ]:
        assert body(client, hidden) == body(client, absent)
        assert body(client, hidden)[0] == 404


def test_a_part_of_something_else_is_not_found_under_what_is_mine(client, world):
    """An address names two things: seeing the one does not open the other."""
    client.force_login(world.cora)
    elsewhere = Membership.objects.get(person=world.otto.person).pk
    assert client.get(f"/desk/organisations/{world.refs['agency']}/members/{elsewhere}/end/").status_code == 404
    assert client.post(f"/desk/organisations/{world.refs['agency']}/members/{elsewhere}/end/").status_code == 404
    assert Membership.objects.get(pk=elsewhere).until is None
    assert client.get(f"/desk/agreements/{world.refs['agreement']}/pdf/executed/").status_code == 404
    client.force_login(world.ada)
    elsewhere = ProgrammeRole.objects.get(person=world.fiona.person).pk
    for act in ("end", "dates"):
        for ask in (client.get, client.post):
            assert ask(f"/desk/programmes/{world.refs['programme']}/roles/{elsewhere}/{act}/").status_code == 404
    assert ProgrammeRole.objects.get(pk=elsewhere).until is None


@pytest.mark.parametrize("ref", ["%00", "a%00b", "' OR 1=1 --", "%F0%9F%92%A9", "x" * 3000, "..", "%2e%2e%2f"])
def test_an_address_that_cannot_be_is_not_there_and_breaks_nothing(client, world, ref):
    client.force_login(world.cora)
    kept = "agreements duties cycles fellows placements projects organisations programmes people invitations hackathons outputs"
    for place in kept.split():
        assert client.get(f"/desk/{place}/{ref}/").status_code == 404


LISTS = {
    "agreements": "/desk/agreements/{}/",
    "duties": "/desk/duties/{}/",
    "cycles": "/desk/cycles/{}/",
    "placements": "/desk/placements/{}/",
    "projects": "/desk/projects/{}/",
    "organisations": "/desk/organisations/{}/",
    "handovers": "/desk/handovers/{}/",
    "hackathons": "/desk/hackathons/{}/",
    "programmes": "/desk/programmes/{}/",
    "people": "/desk/people/{}/",
    "invitations": "/desk/invitations/{}/",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_a_line_of_a_list_and_of_its_file_is_a_page_one_may_open_and_nothing_else_is(client, world, name):
    """What somebody's list, its search and its CSV say is exactly what the detail pages answer 200 to."""
    label = {
        "hackathons": "partnerships.hackathon",
        "agreements": "mou.agreement",
        "duties": "mou.duty",
        "organisations": "partnerships.organisation",
        "programmes": "partnerships.programme",
        "people": "accounts.person",
        "invitations": "accounts.invitation",
    }
    model = apps.get_model(label.get(name, f"fellowships.{name[:-1]}"))
    rows = list(model.objects.order_by("pk"))
    tried = rows if len(rows) < 20 else rows[:: len(rows) // 8]
    wrong = []
    for role in EVERYONE.split():
        client.force_login(getattr(world, role))
        opens = {row.ref for row in tried if client.get(LISTS[name].format(row.ref)).status_code == 200}
        answer = client.get(f"/desk/{name}/")
        if answer.status_code == 403:
            wrong += [f"{role}: no list, and {len(opens)} pages open"] if opens else []
            continue
        listed = {row.ref for row in tried if row.ref in answer.content.decode()}
        lines = len(list(csv.reader(io.StringIO(client.get(f"/desk/{name}/?format=csv").content.decode("utf-8-sig"))))) - 1
        whole = len(rows) if len(opens) == len(tried) else len(opens)
        if listed - opens or (whole <= 50 and opens - listed) or lines != whole:
            wrong.append(f"{role}: {len(opens)} of {len(tried)} pages open, the list has {len(listed)}, the file {lines} lines")
    assert wrong == []


def test_in_the_demo_the_mails_can_be_read_at_the_desk(client, cast, settings, tmp_path):
    settings.DEMO, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    client.force_login(cast.felix)
    assert client.get("/desk/mail/").status_code == 200


def test_a_session_that_was_open_sees_nothing_more_when_the_role_has_ended(client, cast, agreement):
    client.force_login(cast.amir)
    address = f"/desk/agreements/{agreement.ref}/"
    assert client.get(address).status_code == 200
    partnerships.end_membership(membership=Membership.objects.get(person=cast.amir.person), by=HOUSE)
    assert client.get(address).status_code == 404
    assert agreement.ref not in client.get("/desk/agreements/").content.decode()


def test_a_role_that_begins_tomorrow_opens_nothing_today(client, cast, agreement):
    partnerships.add_member(
        organisation=cast.agency, person=cast.felix.person, role="lead", since=cast.today + timedelta(days=1), by=HOUSE
    )
    client.force_login(cast.felix)
    assert client.get(f"/desk/agreements/{agreement.ref}/").status_code == 404
