"""The register is imported at the desk: what is refused says what to do, nothing is lost, nothing happens unseen."""

import csv
import io
import zipfile
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from openpyxl import Workbook

from core import importing
from core.access import HOUSE
from core.jobs import run_jobs
from core.models import Event, Import, ImportFault, ImportMapping
from partnerships import actions
from partnerships.models import Organisation
from tests.desk_import import NEW, address, control, figures, file, filled, option, upload
from tests.reading import page, problems, said, soup, table_of, title, words

pytestmark = pytest.mark.slow

LIST = "id,name,kind,city\n1,Harbour Board,Public agency,Saltmere\n2,River Trust,charity,Lower Quay\n"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def start(client, *files) -> str:
    answer = upload(client, "organisations/", *(files or (file("bodies.csv", LIST),)))
    assert answer.status_code == 302, problems(answer)
    return address(answer)


def mapped(client, *files) -> str:
    record = start(client, *files)
    assert client.post(f"{record}columns/", filled(client.get(f"{record}columns/"))).status_code == 302
    return record


def checked(client, *files) -> str:
    record = mapped(client, *files)
    assert client.post(f"{record}check/").status_code == 302
    run_jobs()
    return record


def apply(client, record: str):
    answer = client.post(f"{record}apply/", filled(client.get(f"{record}apply/")))
    run_jobs()
    return answer


def the() -> Import:
    return Import.objects.get()


# ------------------------------------------------------------------------------------------------- the whole way


def test_221_real_organisations_come_in_and_the_second_time_add_nothing(cora, cast, real_data):
    before = Organisation.objects.count()
    real = real_data / "organizations-brigade.csv"
    record = start(cora, real)
    assert "comes with Common Ground" in page(cora.get(f"{record}columns/"))
    cora.post(f"{record}columns/", filled(cora.get(f"{record}columns/")))
    cora.post(f"{record}values/", filled(cora.get(f"{record}values/")) | {"check": "yes"})
    run_jobs()
    answer = cora.get(record)
    assert figures(answer) == {"Organisations": [221, 0, 0, 0]}
    assert "45" in [words(row.find_all("td")[1]) for row in soup(answer).select("tr") if "No type" in words(row)]
    apply(cora, record)
    assert Organisation.objects.count() == before + 221
    lines = Event.objects.filter(verb="organisation.imported").count()
    record = checked(cora, real)
    assert figures(cora.get(record)) == {"Organisations": [0, 0, 221, 0]}
    apply(cora, record)
    assert (Organisation.objects.count(), Event.objects.filter(verb="organisation.imported").count()) == (before + 221, lines)


def test_the_command_adds_nothing_to_what_the_desk_has_imported(cora, cast, tmp_path):
    record = checked(cora)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_bytes(cora.get(f"{record}mapping.yaml").content)
    apply(cora, record)
    (tmp_path / "bodies.csv").write_text(LIST)
    out = StringIO()
    call_command(
        "import_organisations",
        str(tmp_path / "bodies.csv"),
        "--mapping",
        str(mapping),
        "--dry-run",
        stdout=out,
        stderr=StringIO(),
    )
    assert out.getvalue().strip() == "organisations: 0 added, 0 changed, 2 unchanged, 0 refused"


# ------------------------------------------------------------------------------------------------- files


def test_limits_are_said_before_anything_is_uploaded(cora):
    text = page(cora.get(NEW))
    assert "at most 10,000 rows, 500 columns, 50 MB" in text
    assert ".xlsx" in text
    assert "An import that nobody goes on with for 30 days is discarded, and its files are deleted." in text


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("list.csv", b"%PDF-1.7\n%\xe2\xe3", "This is a PDF file, not a table. Save the table as .csv or .xlsx."),
        ("list.csv", b"name\n" + b"x\n" * 10_001, "That file has 10,001 rows; at most 10,000 can be imported at once."),
        ("list.csv", b"", "There is no row of column names in this file; it is empty."),
        (
            "list.xlsx",
            encrypted(),
            "This is an old Excel workbook, or one with a password. Save it as .xlsx or .csv without a password.",
        ),
        ("list.xlsx", archive(), "This is a ZIP file, not a table. Save the table as .csv or .xlsx."),
        (
            "list.csv",
            b",".join(b"c%d" % n for n in range(501)) + b"\n1",
            "That file has 501 columns; at most 500 can be imported.",
        ),
        (
            "list.csv",
            b'a,b\n1,"2\n3,4\n',
            "A quotation mark opened in row 2 is never closed, so everything after it would become",
        ),
    ],
)
def test_a_file_that_is_no_table_gets_a_sentence_that_helps(cora, name, content, sentence):
    answer = upload(cora, "organisations/", file(name, content))
    assert answer.status_code == 422
    assert title(answer).startswith("Error:")
    assert any(f"list.{name[5:]}: {sentence}" in line for line in problems(answer)), problems(answer)
    assert filled(answer)["place"] == "organisations/"
    assert Import.objects.count() == 0


def test_what_can_be_read_is_kept_whatever_is_wrong_with_the_others(cora):
    answer = upload(cora, "organisations/", file("good.csv", LIST), file("bad.csv", b"%PDF-1.7"))
    assert answer["Location"].endswith("/files/")
    assert [each["name"] for each in the().files] == ["good.csv"]
    assert "bad.csv: This is a PDF file" in page(cora.get(answer["Location"]))
    files = address(answer) + "files/"
    answer = cora.post(files, filled(cora.get(files)) | {"tables": [file("more.csv", LIST), file("worse.csv", b"")]})
    assert (answer.status_code, [each["name"] for each in the().files]) == (422, ["good.csv", "more.csv"])
    assert problems(answer) == ["Add files: worse.csv: There is no row of column names in this file; it is empty."]


def test_a_utf_16_file_and_a_workbook_are_read(cora, cast):
    book = Workbook()
    for row in (("id", "name"), (7, "Zürich Board")):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    record = checked(
        cora, file("bodies.csv", LIST.replace("Harbour", "Hafenbehörde").encode("utf-16")), file("more.xlsx", out.getvalue())
    )
    assert figures(cora.get(record)) == {"Organisations": [3, 0, 0, 0]}
    apply(cora, record)
    assert {"Hafenbehörde Board", "Zürich Board"} < set(Organisation.objects.values_list("name", flat=True))


def test_a_file_of_the_same_name_takes_the_place_of_the_other_and_what_was_said_of_columns_stays(cora):
    record = mapped(cora)
    before = the().mapping
    files = f"{record}files/"
    answer = cora.post(files, filled(cora.get(files)) | {"tables": [file("bodies.csv", LIST + "3,Third,,\n")]})
    assert answer.status_code == 302
    assert (the().state, the().mapping, the().tables[0]["count"]) == ("uploaded", before, 3)


def test_the_last_file_cannot_be_taken_away(cora):
    record = start(cora)
    answer = cora.post(f"{record}files/", filled(cora.get(f"{record}files/")) | {"remove": ["bodies.csv"]})
    assert problems(answer) == ["Take away: At least one file has to stay. To end the import, discard it."]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "a\x00b.csv", "a\nb.csv", "‮vsc.exe.csv", "x" * 300 + ".csv", ".csv", "con\\x.csv"]
)
def test_a_name_that_would_do_harm_does_none(cora, name):
    record = start(cora, file(name, LIST))
    kept = the().files[0]["name"]
    assert len(kept) <= 100 and not set(kept) & set("/\\\x00\n‮")
    assert cora.get(f"{record}columns/").status_code == 200


# ------------------------------------------------------------------------------------------------- columns and values


def test_who_leaves_out_the_key_is_told_at_its_field_and_keeps_what_was_chosen(cora):
    record = start(cora)
    columns = cora.get(f"{record}columns/")
    sent = filled(columns) | {control(columns, "key"): ""}
    answer = cora.post(f"{record}columns/", sent)
    assert answer.status_code == 422
    assert problems(answer) == [
        "key of organisations in bodies.csv: Choose the column that fills it: there are no organisations without."
    ]
    assert filled(answer) | {"csrfmiddlewaretoken": ""} == sent | {"csrfmiddlewaretoken": ""}


def test_nothing_chosen_is_refused_and_not_stored(cora):
    record = start(cora)
    sent = {
        name: "" if name.startswith("t0") and not name.endswith("-a") else value
        for name, value in filled(cora.get(f"{record}columns/")).items()
    }
    answer = cora.post(f"{record}columns/", sent)
    assert problems(answer) == ["Choose for at least one field the column that fills it."]
    assert the().state == "uploaded"


HOSTILE = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "$row", "a: b", "- x", "{name}", "no", "name\u202e", "'\"", "&amp;"]


def test_hostile_column_names_are_names_and_nothing_else(cora):
    head = ",".join('"' + name.replace('"', '""') + '"' for name in [*HOSTILE, "id", "name"])
    record = checked(cora, file("x.csv", f"{head}\n" + "1," * len(HOSTILE) + "k,Board\n"))
    assert figures(cora.get(record)) == {"Organisations": [1, 0, 0, 0]}
    columns = cora.get(f"{record}columns/")
    assert "<script>alert" not in columns.content.decode()
    sent = filled(columns)
    sent[control(columns, "city")] = option(columns, control(columns, "city"), "=cmd")
    sent[control(columns, "about")] = option(columns, control(columns, "about"), "{name}")
    assert cora.post(f"{record}columns/", sent).status_code == 302
    cora.post(f"{record}check/")
    run_jobs()
    assert the().result["first"]["organisations"][0][2]["city"] == "1"


def test_values_are_said_once_and_what_is_not_said_is_a_note_on_each_row(cora):
    record = mapped(cora)
    values = cora.get(f"{record}values/")
    assert "2 spellings, 1 not decided" in page(values)
    assert filled(values)[control(values, "Public agency")] == "agency"
    cora.post(f"{record}values/", filled(values) | {"check": "yes"})
    run_jobs()
    assert [(fault.row, fault.value, fault.severity) for fault in ImportFault.objects.all()] == [(3, "charity", "note")]
    cora.post(f"{record}values/", filled(cora.get(f"{record}values/")) | {control(values, "charity"): "ngo", "check": "yes"})
    run_jobs()
    assert (ImportFault.objects.count(), the().result["first"]["organisations"][1][2]["kind"]) == (0, "ngo")


def test_a_column_of_a_thousand_words_is_no_closed_list_and_says_so(cora):
    rows = "".join(f"{n},Body {n},Sort {n}\n" for n in range(1000))
    record = mapped(cora, file("x.csv", f"id,name,kind\n{rows}"))
    assert "too many different values for a closed list" in page(cora.get(f"{record}values/"))


def test_two_windows_do_not_overwrite_each_other_unseen(cora):
    record = mapped(cora)
    old = filled(cora.get(f"{record}columns/"))
    cora.post(f"{record}values/", filled(cora.get(f"{record}values/")))
    stored = the().mapping
    answer = cora.post(f"{record}columns/", old | {"title": "Mine"})
    assert answer.status_code == 422
    assert problems(answer)[0].startswith("This was changed in another window since you opened the page.")
    assert the().mapping == stored
    assert cora.post(f"{record}columns/", filled(answer)).status_code == 302
    assert the().title == "Mine"


def test_values_that_come_too_late_are_kept_and_can_be_sent_again(cora):
    record = mapped(cora, file("x.csv", "id,name,kind\n1,One,charity\n"))
    values = cora.get(f"{record}values/")
    late = filled(values) | {control(values, "charity"): "ngo"}
    cora.post(f"{record}columns/", filled(cora.get(f"{record}columns/")) | {"title": "Elsewhere"})
    answer = cora.post(f"{record}values/", late)
    assert answer.status_code == 422 and "changed in another window" in problems(answer)[0]
    assert filled(answer)[control(answer, "charity")] == "ngo"
    assert cora.post(f"{record}values/", filled(answer)).status_code == 302


def test_a_mapping_file_is_taken_and_its_mistakes_are_told_all_at_once(cora):
    record = start(cora)
    text = the().mapping

    def send(content: str):
        sent = {"shown": str(the().turn), "mapping": "", "file": file("m.yaml", content)}
        return cora.post(f"{record}mapping/", sent)

    assert f"{record}mapping/" in [link["href"] for link in soup(cora.get(f"{record}columns/")).select("main a")]
    assert "takes the place of everything that is chosen" in page(cora.get(f"{record}mapping/"))
    bad = send(text.replace("key: id", "kee: id").replace("id: bodies", "idd: bodies"))
    assert bad.status_code == 422 and len(problems(bad)) >= 2
    assert soup(bad).select("select[name^=t]") == []  # no form of columns that what is refused could empty
    other = send(text.replace("- city", "- town"))
    assert "lacks town" in problems(other)[0]
    assert send("title: [unclosed").status_code == 422
    assert send(text.replace("title: bodies", "title: By hand")).status_code == 302
    assert (the().origin, "The mapping file “By hand” is used" in page(cora.get(f"{record}columns/"))) == ("file", True)
    again = {"shown": str(the().turn), "mapping": "-"}
    assert cora.post(f"{record}mapping/", again).status_code == 302
    assert the().origin == "suggested"


# ------------------------------------------------------------------------------------------------- the check and its faults

BROKEN = "id,name,website\n1,Harbour Board,see Facebook\n,No key,\n3,\n4,Too,many,cells,here\n5,=1+1,+2\n"


def test_a_half_broken_row_is_told_by_its_number_and_the_file_of_faults_starts_no_formula(cora):
    record = mapped(cora, file("x.csv", BROKEN))
    columns = cora.get(f"{record}columns/")
    website = control(columns, "website")
    cora.post(f"{record}columns/", filled(columns) | {website: option(columns, website, "website")})
    cora.post(f"{record}check/")
    run_jobs()
    assert figures(cora.get(record)) == {"Organisations": [2, 0, 0, 3]}
    told = table_of(cora.get(f"{record}faults/?format=csv"))
    assert told[0] == ["table", "row", "column", "value", "severity", "what"]
    assert {(line[1], line[4]) for line in told[1:]} >= {("2", "note"), ("3", "refused"), ("4", "refused"), ("5", "refused")}
    assert ["x.csv", "6", "website", "'+2", "note", "This is no web address."] in told
    assert [line[1] for line in table_of(cora.get(f"{record}faults/?severity=refused&format=csv"))[1:]] == ["3", "4", "5"]


@pytest.mark.parametrize("asked", ["?severity=zebra", "?table=other.csv", "?words=%00", "?words=" + "x" * 200])
def test_a_filter_that_cannot_be_understood_shows_nothing(cora, asked):
    record = checked(cora, file("x.csv", BROKEN))
    assert len(table_of(cora.get(f"{record}faults/{asked}&format=csv"))) == 1
    assert title(cora.get(f"{record}faults/{asked}")).startswith("Error:")


def test_a_repeated_key_of_another_spelling_is_told_and_not_lost(cora):
    record = checked(cora, file("x.csv", "name,city\nHarbour Board,Saltmere\nharbour board,Lower Quay\n"))
    assert figures(cora.get(record)) == {"Organisations": [1, 0, 0, 0]}
    assert "city of “harbour-board” is given differently in x.csv, row 2" in page(cora.get(record))


def test_the_first_records_stand_on_the_page_as_they_will_be_and_none_is_written(cora):
    before = Organisation.objects.count()
    many = LIST + "".join(f"{n},Body {n},,Farhaven\n" for n in range(3, 10))
    record = mapped(cora, file("bodies.csv", many))
    cora.post(f"{record}values/", filled(cora.get(f"{record}values/")) | {"check": "yes"})
    run_jobs()
    answer = cora.get(record)
    table = soup(answer).select_one("#first").find_parent("section").table
    assert [words(cell) for cell in table.select("thead th")] == ["From", "key", "name", "kind", "city"]
    shown = [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]
    assert shown[:3] == [
        ["row 2 bodies.csv", "1", "Harbour Board", "agency", "Saltmere"],
        ["row 3 bodies.csv", "2", "River Trust", "–", "Lower Quay"],
        ["row 4 bodies.csv", "3", "Body 3", "–", "Farhaven"],
    ]
    assert len(shown) == 5 and "Body 9" not in page(answer)
    assert Organisation.objects.count() == before
    apply(cora, record)
    assert soup(cora.get(record)).select_one("#first") is None


def test_going_back_ends_the_check_and_its_job_finds_nothing_to_do(cora):
    record = mapped(cora)
    cora.post(f"{record}check/")
    assert cora.post(f"{record}columns/", filled(cora.get(f"{record}columns/"))).status_code == 302
    run_jobs()
    assert (the().state, the().result) == ("mapped", {})


def test_progress_is_shown_and_can_be_left_still(cora):
    record = mapped(cora)
    cora.post(f"{record}check/")
    importing._tell(the(), "bodies.csv", 500, 10_000)
    answer = cora.get(record)
    assert "bodies.csv 500 of 10000" in page(answer) and answer["Refresh"] == "3"
    assert "Refresh" not in cora.get(f"{record}?still=yes")
    cache.clear()
    assert "It waits for its turn" in page(cora.get(record))


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, int, int]]:
    """What the page would have shown each time that a job said how far it is: (what it does, done, of)."""
    found, keep = [], cache.set

    def heard(key, value, *rest, **named):
        keep(key, value, *rest, **named)
        if str(key).startswith("import-") and (shown := importing.progress(the())):
            found.append((shown["doing"], shown["done"], shown["of"]))

    monkeypatch.setattr(cache, "set", heard)
    return found


def test_a_check_and_an_import_say_how_far_they_are_while_they_work(cora, told):
    """The figure that is shown comes from the jobs: 250 rows, told of each hundred."""
    rows = "".join(f"{n},Body {n}\n" for n in range(250))
    record = mapped(cora, file("bodies.csv", f"id,name\n{rows}"))
    far = [("Reading the files", 0, 0), ("bodies.csv", 0, 250), *(("organisations", done, 250) for done in (0, 100, 200))]
    assert cora.post(f"{record}check/").status_code == 302
    assert told == []
    run_jobs()
    assert (the().state, told) == ("checked", far)
    told.clear()
    assert cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/"))).status_code == 302
    assert told == []
    run_jobs()
    assert (the().state, told) == ("applied", far)


# ------------------------------------------------------------------------------------------------- the decision


def test_figures_that_have_changed_since_the_check_are_asked_about_again(cora, cast):
    record = checked(cora)
    actions.add_organisation(name="Harbour Board", city="Saltmere", kind="agency", by=HOUSE)
    apply(cora, record)
    answer = cora.get(record)
    assert "The records have changed since the check, so nothing was imported." in page(answer)
    assert figures(answer) == {"Organisations": [1, 0, 1, 0]}
    assert not Organisation.objects.filter(name="River Trust").exists()
    apply(cora, record)
    assert (the().state, Organisation.objects.filter(name="River Trust").count()) == ("applied", 1)


def test_a_decision_about_other_figures_than_were_shown_is_not_taken(cora):
    record = checked(cora)
    old = filled(cora.get(f"{record}apply/"))
    cora.post(f"{record}values/", filled(cora.get(f"{record}values/")) | {"check": "yes"})
    run_jobs()
    answer = cora.post(f"{record}apply/", old)
    assert answer.status_code == 422
    assert problems(answer)[0].startswith("This was changed and checked again since you opened the page.")
    assert the().state == "checked"


def test_what_the_database_refuses_leaves_nothing_half_done_and_gets_a_sentence(cora, monkeypatch):
    """A key of 250 characters does not fit; PostgreSQL says so, and SQLite is told to."""
    from django.db import IntegrityError

    record = checked(cora)
    before = Organisation.objects.count()

    def refuse(**facts):
        actions.land_organisations(source="x", records=facts["records"], tally=facts["tally"], by=facts["by"])
        raise IntegrityError("a constraint")

    monkeypatch.setattr("partnerships.imports.actions.import_organisations", refuse)
    apply(cora, record)
    assert "The database refused one of the records" in page(cora.get(record))
    assert (the().state, Organisation.objects.count()) == ("mapped", before)


def test_a_worker_that_is_killed_leaves_nothing_and_the_next_one_begins_afresh(cora, monkeypatch):
    record = checked(cora)
    real = actions.import_organisations

    def killed(**facts):
        real(**facts)
        raise KeyboardInterrupt  # what a killed process leaves: no word, and a transaction that goes

    monkeypatch.setattr("partnerships.imports.actions.import_organisations", killed)
    cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/")))
    with pytest.raises(KeyboardInterrupt):
        importing.apply_import(the().ref, str(the().turn))
    assert (the().state, Organisation.objects.filter(name="River Trust").count()) == ("applying", 0)
    monkeypatch.setattr("partnerships.imports.actions.import_organisations", real)
    run_jobs()
    assert (the().state, Organisation.objects.filter(name="River Trust").count()) == ("applied", 1)
    importing.apply_import(the().ref, str(the().turn))
    assert Organisation.objects.filter(name="River Trust").count() == 1


def test_what_nobody_foresaw_is_told_and_the_import_stays_open(cora, monkeypatch):
    record = checked(cora)
    monkeypatch.setattr("partnerships.imports.actions.import_organisations", lambda **facts: 1 / 0)
    cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/")))
    with pytest.raises(ZeroDivisionError):
        run_jobs()
    assert "Something went wrong here, not in your files." in page(cora.get(record))
    assert the().state == "mapped"


def test_discarded_is_closed_and_what_it_quoted_is_gone(cora):
    record = checked(cora, file("x.csv", BROKEN))
    assert "Nothing of it comes in" in page(cora.get(f"{record}discard/"))
    answer = cora.post(f"{record}discard/", follow=True)
    assert said(answer) == ["The import of x is discarded. Nothing of it was imported."]
    assert (the().state, ImportFault.objects.count(), ImportMapping.objects.count()) == ("discarded", 0, 0)
    assert cora.get(f"{record}columns/").status_code == 403
    assert cora.get(record).status_code == 200


def test_an_import_into_the_register_is_its_owners_alone(client, cora, cast):
    record = checked(cora)
    actions.open_programme(name="Other", coordinator=cast.otto.person, by=HOUSE)
    client.force_login(cast.otto)
    assert client.get(record).status_code == 404
    assert client.get("/desk/imports/").content.decode().count(record) == 0
    start(client, file("bodies.csv", LIST))
    assert Import.objects.latest("pk").origin == "suggested"  # nor is the other's mapping taken


def test_open_imports_wait_on_the_desk_and_closed_ones_do_not(cora):
    record = checked(cora)
    assert "Decide on the import of bodies" in page(cora.get("/desk/"))
    apply(cora, record)
    assert "bodies" not in page(cora.get("/desk/"))


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_import_as_for_three(cora, more, django_assert_num_queries):
    for _ in range(more + 1):
        start(cora)
    with django_assert_num_queries(15):
        assert cora.get("/desk/imports/").status_code == 200
    assert len(table_of(cora.get("/desk/imports/?format=csv"))) == more + 2


@pytest.mark.parametrize("rows", [1, 60])
def test_a_page_of_faults_asks_as_often_for_one_as_for_sixty(cora, rows, django_assert_num_queries):
    record = checked(cora, file("x.csv", "id,name,kind\n" + "".join(f"{n},B {n},zebra\n" for n in range(rows))))
    with django_assert_num_queries(17):
        cora.get(record)
    with django_assert_num_queries(13):
        cora.get(f"{record}faults/")


def test_the_list_as_a_file_says_what_the_page_says(cora, cast):
    apply(cora, checked(cora))
    lines = list(csv.reader(io.StringIO(cora.get("/desk/imports/?format=csv").content.decode("utf-8-sig"))))
    assert lines[1][1:7] == [
        "bodies", "Organisations", "The register of organisations", cast.cora.person.name, "Imported",
        "organisations: 2 added, 0 changed, 0 unchanged, 0 refused",
    ]  # fmt: skip
