"""The page on which an agreement is signed: the whole text, its fingerprint, consent in so many words, or a no."""

import re

import pytest
from django.utils.formats import date_format

from core.jobs import run_jobs
from core.models import Message
from mou import actions, demo
from mou.models import Signature
from partnerships import actions as partnerships


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def signs(client, cast):
    """The page or a post of it as somebody: signs("sofia", agreement, {"consent": "on"}); `shown` is what is out."""

    def do(name: str, agreement, answers: dict[str, str] | None = None):
        client.force_login(getattr(cast, name))
        address = f"/desk/agreements/{agreement.ref}/sign/"
        if answers is None:
            return client.get(address)
        return client.post(address, {"shown": agreement.version().sha256} | answers)

    return do


def test_the_page_has_the_whole_text_its_fingerprint_and_the_words_that_are_stored(signs, agreement):
    page, version = text(signs("sofia", agreement)), agreement.version()
    for clause in version.document()["clauses"]:
        assert f'id="c{clause["number"]}"' in page
    assert all(f'id="e{number}"' in page for number in range(1, 6))
    assert " ".join(version.sha256[n : n + 8] for n in range(0, 64, 8)) in page
    assert f'name="shown" value="{version.sha256}"' in page
    assert "I have read this agreement. I sign it for Agency and have the authority to do so." in page
    assert "There is no cryptographic signature in the file yet." in page
    assert f'href="/desk/agreements/{agreement.ref}/decline/"' in page


def test_before_signing_each_side_reads_what_it_would_owe_and_by_when(signs, cast, agreement):
    def owed(name: str) -> list[str]:
        rows = re.findall(r"<tr>(.*?)</tr>", text(signs(name, agreement)).split('id="owed"')[1].split("</table>")[0])
        return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows[1:]]

    document = agreement.version().document()
    sides = {"sofia": "host", "nora": "programme"}
    for name, role in sides.items():
        assert sorted(row.split(" clause ")[0] for row in owed(name)) == sorted(
            row["title"] for row in document["obligations"] if row["debtor"] == role
        )
    workplace = next(row for row in owed("sofia") if row.startswith("Have workplace"))
    signs("sofia", agreement, {"consent": "on"})
    signs("nora", agreement, {"consent": "on"})
    due = agreement.duty_set.get(obligation__title__startswith="Have workplace").due
    assert date_format(due, "j M Y") in workplace  # what was foreseen is what came
    assert "5 business days before start" in workplace


def test_whoever_is_to_sign_reads_whom_to_ask(signs, cast, agreement):
    partnerships.edit_organisation(organisation=cast.ngo, facts={"notice_email": "notices@ngo.example"}, by=cast.cora)
    assert f"Ask Cora of {cast.programme}: notices@ngo.example" in text(signs("sofia", agreement))


def test_signing_leaves_name_time_consent_and_fingerprint_and_leads_to_the_receipt(client, signs, agreement):
    response = signs("sofia", agreement, {"consent": "on"})
    assert response["Location"] == f"/desk/agreements/{agreement.ref}/?receipt=1"
    page = text(client.get(response["Location"]))
    assert f"You have signed {agreement.ref}." in page and "Nora signs for NGO." in page
    signature = Signature.objects.get()
    assert (signature.name, signature.organisation_name, signature.shown, signature.consent) == (
        "Sofia",
        "Agency",
        agreement.version().sha256,
        "I have read this agreement. I sign it for Agency and have the authority to do so.",
    )


def test_the_last_signature_brings_it_into_force(client, signs, agreement):
    signs("sofia", agreement, {"consent": "on"})
    response = signs("nora", agreement, {"consent": "on"})
    agreement.refresh_from_db()
    assert agreement.state == "in_force"
    assert "The agreement is in force. The copy with the record" in text(client.get(response["Location"]))


def test_without_the_tick_nothing_is_signed(signs, agreement):
    response = signs("sofia", agreement, {})
    page = text(response)
    assert response.status_code == 422 and "Without your consent nothing is signed." in page
    assert page.split("<title>")[1].strip().startswith("Error:") and 'href="#id_consent"' in page
    assert Signature.objects.count() == 0


def test_a_second_click_leads_to_the_same_receipt_and_signs_nothing_more(client, signs, agreement):
    first, second = signs("sofia", agreement, {"consent": "on"}), signs("sofia", agreement, {"consent": "on"})
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert "You have signed already." in text(client.get(second["Location"]))
    assert Signature.objects.count() == 1


def test_the_slower_of_two_clicks_that_both_passed_the_check_leads_there_too(signs, cast, agreement, monkeypatch):
    """Another worker signs between the check of the page and the lock of the action."""
    real = actions.sign_agreement

    def other_first(**given):
        real(**given)
        return real(**given)

    monkeypatch.setattr("mou.views.signature.actions.sign_agreement", other_first)
    response = signs("sofia", agreement, {"consent": "on"})
    assert (response.status_code, Signature.objects.count()) == (302, 1)


def test_a_kept_address_leads_who_has_signed_to_the_agreement_also_when_it_is_in_force(signs, agreement_in_force):
    response = signs("sofia", agreement_in_force)
    assert response["Location"] == f"/desk/agreements/{agreement_in_force.ref}/?receipt=1"


def test_another_text_than_the_one_shown_is_not_signed_and_the_new_one_is_offered(signs, cast, agreement):
    old = agreement.version().sha256
    actions.recall_agreement(agreement=agreement, reason="A word.", by=cast.cora)
    actions.set_terms(agreement=agreement, terms={"agreement.courts": "other courts"}, by=cast.cora)
    actions.send_agreement(agreement=agreement, by=cast.cora)
    response = signs("sofia", agreement, {"consent": "on", "shown": old})
    page = text(response)
    assert response.status_code == 409 and "The text has changed since you opened it" in page
    assert f'href="/desk/agreements/{agreement.ref}/sign/"' in page and " ".join(re.findall(".{8}", old)) in page
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("shown", ["", "0" * 63, "G" * 64, "\x00" * 64, "0" * 64])
def test_a_made_up_fingerprint_signs_nothing(signs, agreement, shown):
    assert signs("sofia", agreement, {"consent": "on", "shown": shown}).status_code in (409, 422)
    assert Signature.objects.count() == 0


def test_whoever_is_not_named_gets_the_reason_and_strangers_nothing(signs, agreement):
    for name in ("amir", "stella", "cora", "audrey", "carol"):
        for response in (signs(name, agreement), signs(name, agreement, {"consent": "on"})):
            assert response.status_code == 403
            assert "You are not named to sign this agreement. Nora (NGO) and Sofia (Agency) sign it." in text(response)
    for name in ("otto", "rita", "felix", "rooth"):
        assert signs(name, agreement, {"consent": "on"}).status_code == 404
    assert Signature.objects.count() == 0


def test_what_is_not_out_is_not_signed(signs, cast, agreement):
    actions.recall_agreement(agreement=agreement, reason="A word.", by=cast.cora)
    response = signs("sofia", agreement, {"consent": "on"})
    assert response.status_code == 403 and "The agreement is not out for signature." in text(response)


def test_declining_needs_a_reason_and_tells_the_coordinators(client, cast, signs, agreement):
    client.force_login(cast.sofia)
    address = f"/desk/agreements/{agreement.ref}/decline/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "The sum is wrong."}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "declined"
    mail = Message.objects.get(key__startswith="declined:")
    assert (mail.to, mail.lines) == ("cora@example.org", ["Sofia declined to sign, with this reason:", "The sum is wrong."])
    assert signs("nora", agreement, {"consent": "on"}).status_code == 403


def test_nobody_declines_for_a_signatory_nor_after_signing(client, cast, agreement):
    address = f"/desk/agreements/{agreement.ref}/decline/"
    for name, status in [("amir", 403), ("cora", 403), ("otto", 404)]:
        client.force_login(getattr(cast, name))
        assert client.post(address, {"reason": "No."}).status_code == status
    demo.sign(agreement, [cast.sofia])
    client.force_login(cast.sofia)
    assert "You have signed this agreement already." in text(client.post(address, {"reason": "No."}))
    agreement.refresh_from_db()
    assert agreement.state == "out"


@pytest.mark.slow
def test_the_copy_reaches_both_parties_with_the_file_attached(cast, agreement_in_force, mailoutbox):
    run_jobs()
    copies = [mail for mail in mailoutbox if mail.subject.startswith("Your copy")]
    assert sorted(mail.to[0] for mail in copies) == [
        "law@agency.example",
        "nora@example.org",
        "office@ngo.example",
        "sofia@example.org",
    ]
    assert all(mail.attachments[0][1][:5] == b"%PDF-" for mail in copies)


def test_hostile_words_in_the_names_are_text_where_it_is_signed(signs, cast, agreement_draft):
    from partnerships import actions as partnerships

    hostile = "Agency</p><script>alert(1)</script>"
    partnerships.edit_organisation(organisation=cast.agency, facts={"name": hostile}, by=cast.cora)
    agreement_draft.refresh_from_db()
    demo.send(agreement_draft, by=cast.cora)
    page = text(signs("sofia", agreement_draft))
    assert "<script>alert" not in page and "Agency&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
