"""The text as a page, as exact characters, as a PDF: the same words everywhere, and the fingerprint that belongs to them."""

import hashlib
import html
import re
import subprocess

import pytest

from core import files
from core.jobs import run_jobs
from mou import actions, demo, documents, kinds
from mou.models import Rendition
from partnerships import actions as partnerships


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def reads(client, cast):
    def do(name: str, agreement, part: str = "text/"):
        client.force_login(getattr(cast, name))
        return client.get(f"/desk/agreements/{agreement.ref}/{part}")

    return do


def said_on_page(response) -> str:
    """Every sign of the text itself, without markup and white space."""
    article = re.search(r'<article class="sheet".*?</article>', response.content.decode(), re.S)[0]
    return "".join(html.unescape(re.sub(r"<[^>]+>", " ", article)).split())


def said_in_pdf(content: bytes, tmp_path) -> str:
    """Every sign that poppler reads in a PDF, in order, without white space and the line at the foot of each page."""
    (tmp_path / "it.pdf").write_bytes(content)
    command = ["pdftotext", "-raw", tmp_path / "it.pdf", "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    foot = re.compile(r"SHA-256(?:\s[0-9a-f]{8}){8}\s+CG-\d+-\d+ v\d+ · page (\d+) of (\d+)")
    pages = foot.findall(read)
    assert pages == [(str(n), str(len(pages))) for n in range(1, read.count("\f") + 1)]  # the line stands on each page
    # A table that goes on over pages has its heads again on each.
    rows = ["Duty Owed by, owed to Due Evidence", "Section Level", "Party Organisation E-mail for notices"]
    heads = re.compile(r"(?<=\f)\s*(" + "|".join(row.replace(" ", r"\s+") for row in rows) + r")\s")
    return "".join(heads.sub(" ", foot.sub("", read)).split())


def test_a_draft_is_shown_as_it_would_be_frozen_with_its_blanks_marked(reads, agreement_draft):
    page = text(reads("cora", agreement_draft))
    assert "Preview of the text" in page and "Draft, not frozen" in page and "SHA-256 of this text" not in page
    assert '<mark><span class="vh">Still blank: </span>Hours a week</mark>' in page and "[[" not in page


def test_clauses_are_numbered_and_reachable_by_their_number(reads, agreement):
    page = text(reads("amir", agreement))
    assert 'href="#c7"' in page and 'id="c7"' in page and "Exhibit 3: Handover checklist" in page
    assert page.count('id="c') == 2 * 26 + 2  # a section and its heading each, the list of contents, the check
    assert "Sign-off" in page and "No policy is listed." in page and "Permits without a queue" in page
    assert "42 days after the event “The programme approved the project”" in page


def test_the_exact_characters_have_the_fingerprint_that_the_page_shows(reads, agreement):
    response = reads("amir", agreement, "text.json")
    digest = hashlib.sha256(response.content).hexdigest()
    assert digest == agreement.version().sha256
    assert " ".join(re.findall(".{8}", digest)) in text(reads("amir", agreement))
    assert response["Content-Disposition"] == f'attachment; filename="{agreement.ref}-v1.json"'
    assert (response["Content-Type"], response["Content-Security-Policy"]) == (
        "application/json",
        "sandbox; default-src 'none'",
    )


def test_before_it_is_sent_there_are_no_characters_and_no_file(reads, agreement_draft):
    for part in ("text.json", "pdf/copy/", "pdf/executed/"):
        assert reads("cora", agreement_draft, part).status_code == 404


@pytest.mark.slow
def test_a_pdf_is_404_until_it_is_made_and_then_the_kept_bytes(reads, agreement):
    assert reads("amir", agreement, "pdf/copy/").status_code == 404
    run_jobs()
    response, made = reads("amir", agreement, "pdf/copy/"), Rendition.objects.get()
    assert hashlib.sha256(response.content).hexdigest() == made.sha256
    headers = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    assert [response[name] for name in headers] == [
        "application/pdf",
        f'attachment; filename="{agreement.ref}-v1.pdf"',
        "nosniff",
        "sandbox; default-src 'none'",
    ]
    for kind in ("executed", "nonsense", "COPY"):
        assert reads("amir", agreement, f"pdf/{kind}/").status_code == 404


@pytest.mark.slow
def test_files_are_for_those_who_see_the_agreement(reads, agreement_in_force):
    run_jobs()
    for part in ("text/", "text.json", "pdf/copy/", "pdf/executed/"):
        assert reads("amir", agreement_in_force, part).status_code == 200
        for name in ("otto", "rita", "felix", "rooth"):
            assert reads(name, agreement_in_force, part).status_code == 404


def test_after_taking_back_the_parties_read_the_old_text_and_the_programme_the_new_one(reads, cast, agreement):
    actions.recall_agreement(agreement=agreement, reason="A word.", by=cast.cora)
    actions.set_terms(agreement=agreement, terms={"agreement.courts": "the courts of the moon"}, by=cast.cora)
    inside, outside, shared = (text(reads(name, agreement)) for name in ("cora", "amir", "carol"))
    assert "the courts of the moon" in inside and "Preview of the text" in inside
    assert "the courts of the moon" not in outside and "Version 1 was taken back and no longer counts." in outside
    assert "the courts of the moon" in shared  # a coordinator shared it with her to be read


@pytest.mark.slow  # with the tools of the full run: poppler
def test_what_is_printed_is_what_was_shown_before_and_after_signing(reads, cast, agreement, tmp_path):
    run_jobs()
    copy = files.read(Rendition.objects.get(kind="copy").file)
    assert said_in_pdf(copy, tmp_path) == said_on_page(reads("sofia", agreement, "sign/"))
    assert said_in_pdf(copy, tmp_path) == said_on_page(reads("sofia", agreement))
    demo.sign(agreement, [cast.sofia, cast.nora])
    run_jobs()
    executed = files.read(Rendition.objects.get(kind="executed").file)
    page = said_on_page(reads("sofia", agreement))
    assert said_in_pdf(executed, tmp_path) == page
    assert "Recordofthesignatures" in page and "SignedbySofiaForAgencyWhen" in page and "(UTC,UTC+00:00)" in page
    assert page.count(agreement.version().sha256) == 3  # at its head, and with each signature


def test_the_block_of_a_party_is_empty_until_it_says_when_that_party_signed(reads, cast, agreement):
    def blocks():
        return [said.strip() for said in re.findall(r'<p class="block__sig[^>]*>(.*?)</p>', text(reads("sofia", agreement)))]

    assert blocks() == ["", ""]
    demo.sign(agreement, [cast.sofia, cast.nora])
    by_role = {one.party.role: documents.moment(one, "UTC") for one in agreement.version().signatures()}
    assert blocks() == [f"Signed electronically, {by_role[role]}" for role in ("programme", "host")]


@pytest.mark.slow  # with the tools of the full run: poppler
def test_hostile_words_are_the_same_on_paper_as_on_the_page(reads, cast, agreement_draft, tmp_path):
    facts = {
        "name": "Agency</p><style>p{display:none}</style><script>1</script> \u202eecneirefnoc\u202c",
        "address": 'x" onload="1 <img src=file:///etc/hostname> \u2066y\u2069',
        "legal_basis": "{{ agreement.number }} [[Courts that decide]] &amp; A\u00adct",
    }
    partnerships.edit_organisation(organisation=cast.agency, facts=facts, by=cast.cora)
    agreement_draft.refresh_from_db()
    units = [{**agreement_draft.units[0], "problem": "First line\r\n\r\n<b>second</b>\u202e" + " long" * 4000}]
    actions.set_terms(agreement=agreement_draft, terms={}, units=units, title="T\u202e</title>", by=cast.cora)
    demo.send(agreement_draft, by=cast.cora)
    frozen = agreement_draft.version().text
    assert not set(frozen) & set("\u202e\u202c\u2066\u2069\u00ad\x00")
    page = said_on_page(reads("amir", agreement_draft))
    run_jobs()
    copy = files.read(Rendition.objects.get(kind="copy").file)
    assert said_in_pdf(copy, tmp_path) == page
    assert "Agency</p><style>p{display:none}</style><script>1</script>ecneirefnoc" in page
    assert "{{agreement.number}}[[Courtsthatdecide]]&amp;Act" in page
    assert b"hostname" not in copy


@pytest.mark.slow
def test_the_same_version_makes_the_same_bytes(agreement_in_force):
    version = agreement_in_force.version()
    assert documents.agreement_pdf(version, "executed") == documents.agreement_pdf(version, "executed")


@pytest.mark.slow  # with the tools of the full run: poppler
def test_the_pdf_says_what_it_is_and_for_whom_it_can_be_read(agreement, tmp_path):
    (tmp_path / "it.pdf").write_bytes(documents.agreement_pdf(agreement.version(), "copy"))

    def info(*options: str) -> str:
        return subprocess.run(["pdfinfo", *options, tmp_path / "it.pdf"], capture_output=True, text=True, check=True).stdout

    assert "<pdfuaid:part>1</pdfuaid:part>" in info("-meta") and 'pdfaid:part="3"' in info("-meta").replace("'", '"')
    said = dict(line.split(":", 1) for line in info().splitlines())
    assert said["Title"].strip() == f"{agreement.ref} v1: {agreement.title}" and said["Tagged"].strip() == "yes"
    assert said["Author"].strip() == "NGO, Agency"


def test_a_date_a_sum_and_a_share_are_printed_in_words(reads, cast, agreement):
    page = text(reads("amir", agreement))
    assert "EUR 20,000" in page and "80 %" in page
    assert f"{cast.starts.day} {cast.starts:%B %Y}" in page and cast.starts.isoformat() not in page.split("<article")[1].replace(
        f'datetime="{cast.starts.isoformat()}"', ""
    )


def test_the_chosen_reading_is_the_one_that_is_frozen(reads, cast, agreement_draft):
    actions.set_terms(agreement=agreement_draft, terms={"variant.employment_status": "stipend"}, by=cast.cora)
    page = text(reads("cora", agreement_draft))
    assert "The fellow receives a stipend" in page and "The fellow is an employee of the Programme." not in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202eb", "ab"),
        ("a\x00b\x1bc", "abc"),
        ("a\u00a0 b\tc", "a b c"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("e\u0301", "\u00e9"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
    ],
)
def test_frozen_words_have_nothing_that_is_not_seen(typed, kept):
    assert documents.plain(typed) == kept


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("0 days after end", "on the last day"),
        ("0 days after event:reform_date", "on the day of the event “The date promised for a reform”"),
        ("prohibition until end", "not before the end"),
        ("10 business days after effective", "10 business days after the effective date"),
        ("10 days before end", "10 days before end"),
    ],
)
def test_a_time_limit_is_said_as_people_say_it(rule, said):
    assert kinds.readable(rule) == said
