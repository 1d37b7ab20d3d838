"""From a cell to a value: dates, numbers, addresses, choices, lists, and the sentence when it cannot be one."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports import Field
from core.imports.dates import NoDate, as_strptime, find_order, parse_date
from core.imports.lists import find_separators, split_cell
from core.imports.scalars import NoValue, Reading, convert
from core.imports.words import loose, nearest, strip, tidy, words_of


def value(field_type: str, text: str, **reading: object) -> object:
    choices = ("running", "on_hold", "finished") if field_type == "choice" else ()
    return convert(Field("f", field_type, choices=choices), text, Reading(**reading))  # type: ignore[arg-type]


def fault(field_type: str, text: str, **reading: object) -> str:
    with pytest.raises(NoValue) as caught:
        value(field_type, text, **reading)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2023-12-31", date(2023, 12, 31)),
        ("2023/12/31", date(2023, 12, 31)),
        ("2023.1.5", date(2023, 1, 5)),
        ("20231231", date(2023, 12, 31)),
        ("2023-12-31T23:59:00Z", date(2023, 12, 31)),
        ("2023-12-31 23:59:00.123+02:00", date(2023, 12, 31)),
        ("31.12.2023", date(2023, 12, 31)),
        ("1.2.2023", date(2023, 2, 1)),
        ("31. 12. 2023", date(2023, 12, 31)),
        ("31.12.23", date(2023, 12, 31)),
        ("31.12.72", date(1972, 12, 31)),
        ("12/31/2023", date(2023, 12, 31)),
        ("31/12/2023", date(2023, 12, 31)),
        ("31-12-2023", date(2023, 12, 31)),
        ("5/5/2023", date(2023, 5, 5)),
        ("12/31/2023 4:05 PM", date(2023, 12, 31)),
        ("1 June 2014", date(2014, 6, 1)),
        ("June 1, 2014", date(2014, 6, 1)),
        ("June 1st, 2014", date(2014, 6, 1)),
        ("the 3rd of Sept. 2014", date(2014, 9, 3)),
        ("Monday, 2 June 2014", date(2014, 6, 2)),
        ("1-Jun-14", date(2014, 6, 1)),
        ("1. März 2014", date(2014, 3, 1)),
        ("24 décembre 2014", date(2014, 12, 24)),
        ("1 de enero de 2014", date(2014, 1, 1)),
        ("3 maggio 2014", date(2014, 5, 3)),
        ("9 sierpnia 2014", date(2014, 8, 9)),
        ("June 2014", date(2014, 6, 1)),
        ("Juni 2014", date(2014, 6, 1)),
        ("2014-06", date(2014, 6, 1)),
        ("06/2014", date(2014, 6, 1)),
        ("Q3 2014", date(2014, 7, 1)),
        ("2014-Q4", date(2014, 10, 1)),
        ("2014", date(2014, 1, 1)),
        ("45291", date(2023, 12, 31)),
        ("45291.75", date(2023, 12, 31)),
        ("29.02.2024", date(2024, 2, 29)),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(text: str, meant: date) -> None:
    assert value("date", text) == meant


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("03/04/2023", "The day and the month cannot be told apart; say in the mapping which comes first."),
        ("29.02.2023", "There is no such day."),
        ("2014-13", "There is no such day."),
        ("soon", "This is no date."),
        ("Marketing 2014", "This is no date."),
        ("3 people in June 2014", "This is no date."),
        ("12", "This is no date."),
        ("2012-2014", "This is no date."),
        ("1 June 2014 to 3 July 2015", "This is no date."),
        ("0001-01-01", "The year 1 cannot be meant."),
        ("x" * 5000, "This is no date."),
    ],
)
def test_what_is_no_date_is_told(text: str, sentence: str) -> None:
    assert fault("date", text) == sentence


def test_the_order_of_day_and_month_can_be_told_or_found() -> None:
    assert value("date", "03/04/2023", order="day-first") == date(2023, 4, 3)
    assert value("date", "03/04/2023", order="month-first") == date(2023, 3, 4)
    # What only one order allows is read so even against the order.
    assert value("date", "03/14/2023", order="day-first") == date(2023, 3, 14)
    assert find_order(["03/04/2023", "", "5/31/2023"]) == "month-first"
    assert find_order(["03/04/2023", "31-05-2023", "no date"]) == "day-first"
    assert find_order(["03/04/2023", "31.05.2023"]) == ""
    assert find_order(["31/05/2023", "05/31/2023"]) == ""


def test_a_partial_date_is_its_first_or_its_last_day_or_none() -> None:
    for text, last in (("Feb 2024", date(2024, 2, 29)), ("2024", date(2024, 12, 31)), ("Q2 2024", date(2024, 6, 30))):
        assert value("date", text, partial="end") == last
        assert fault("date", text, partial="refuse") == "This date has no day."


def test_only_the_named_forms_are_read_if_any_are_named() -> None:
    forms = (as_strptime("D.M.YY"), as_strptime("YYYYMMDD"), "%d %B %Y")
    assert [parse_date(text, formats=forms) for text in ("1.2.23", "20230201", "01 February 2023")] == [date(2023, 2, 1)] * 3
    with pytest.raises(NoDate) as caught:
        parse_date("2023-02-01", formats=forms)
    assert str(caught.value) == "This date has none of the forms that the mapping names."


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
def test_every_day_is_read_back_from_every_clear_form(day: date) -> None:
    forms = [day.isoformat(), f"{day:%Y%m%d}", f"{day:%d.%m.%Y}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%A, %d %b %Y}"]
    assert [parse_date(form) for form in forms] == [day] * len(forms)
    assert parse_date(f"{day:%d/%m/%Y}", order="day-first") == parse_date(f"{day:%m/%d/%Y}", order="month-first") == day


@given(st.integers(10_000, 99_999))
def test_a_serial_number_is_so_many_days_after_the_epoch_of_spreadsheets(number: int) -> None:
    assert parse_date(str(number)) == date(1899, 12, 30) + timedelta(days=number)


@given(st.text(max_size=45))
def test_any_text_is_a_date_or_is_not(text: str) -> None:
    try:
        parse_date(text)
    except NoDate as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("1.234", "1.234"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("12,50", "12.50"),
        ("-3.5", "-3.5"),
        ("1 234 567,8", "1234567.8"),
        ("1'234.50", "1234.50"),
        ("€ 1.200,00", "1200.00"),
        ("1,200 USD", "1200"),
        ("45 %", "45"),
        ("1e3", "1e3"),
    ],
)
def test_numbers_are_read_in_any_notation(text: str, meant: str) -> None:
    assert value("number", text) == Decimal(meant)


def test_the_decimal_sign_can_be_told() -> None:
    assert (value("number", "1.234", decimal=","), value("number", "1,234", decimal=",")) == (Decimal(1234), Decimal("1.234"))


def test_whole_numbers_take_a_single_point_for_thousands() -> None:
    assert [value("integer", text) for text in ("12", "12.0", "1.234", "1,234", "-7")] == [12, 12, 1234, 1234, -7]


@pytest.mark.parametrize("text", ["about 5", "1.5", "1,2,3", "12-14", "", "NaN", "Infinity", "1e400", "9" * 50])
def test_what_is_no_whole_number_is_told(text: str) -> None:
    assert fault("integer", text) == "This is no whole number."


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2012", 2012),
        ("2012.0", 2012),
        ("Class of 2012", 2012),
        ("2012/13", 2012),
        ("FY2012", 2012),
        ("31.12.2012", 2012),
        ("3/4/12", 2012),
        ("41000", 2012),
    ],
)
def test_a_year_is_the_only_number_that_can_be_one(text: str, year: int) -> None:
    assert value("year", text) == year


def test_what_is_no_year_or_several_is_told() -> None:
    assert fault("year", "first") == "This is no year."
    assert fault("year", "2012-2014") == "There are several years here."


def test_web_addresses_get_a_scheme_and_must_be_some() -> None:
    assert value("url", "https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    assert value("url", "www.example.org/a") == "https://www.example.org/a"
    assert value("url", "https://example.org/?to=http://example.net") == "https://example.org/?to=http://example.net"
    wrong = ["javascript:alert(1)", "mailto:a@example.org", "ftp://example.org", "http://", "none", "n.n.", "https://a b.org"]
    wrong += ["a@example.org", "https://a.org|https://b.org", "https://[::1", "https://example.org:99999/", "a.org; b.org", "//x"]
    assert [fault("url", text) for text in wrong] == ["This is no web address."] * len(wrong)


def test_mail_addresses_are_checked() -> None:
    assert value("email", "mailto:ada@example.org") == "ada@example.org"
    wrong = ["ada", "ada@", "ada@example", "a@b.org, c@d.org", "Ada <ada@example.org>", "@example.org"]
    assert [fault("email", text) for text in wrong] == ["This is no mail address."] * len(wrong)


def test_a_choice_is_known_in_any_spelling_of_its_own() -> None:
    assert [value("choice", text) for text in ("Running", "on hold", "ON-HOLD")] == ["running", "on_hold", "on_hold"]


def test_an_unknown_choice_is_told_with_what_may_be_meant() -> None:
    assert fault("choice", "finishd") == (
        "“finishd” is not among running, on_hold, finished; “finished” may be meant. Say so under values in the mapping."
    )
    assert fault("choice", "xyz") == (
        "“xyz” is not among running, on_hold, finished. Say under values in the mapping what it means."
    )


def test_yes_and_no_are_known_in_several_languages() -> None:
    assert [value("boolean", text) for text in ("Yes", "TRUE", "x", "1", "ja", "Oui", "sí")] == [True] * 7
    assert [value("boolean", text) for text in ("No", "false", "0", "nein", "non")] == [False] * 5
    assert fault("boolean", "perhaps") == "This is neither yes nor no."


def test_texts_are_composed_and_their_line_breaks_are_one_kind() -> None:
    assert value("text", " Zoe\u0308\r\nB\rC \u200b") == "Zoë\nB\nC"


def test_a_text_can_be_shaped() -> None:
    assert value("text", "City of Köln (Cologne) & Co.", form="slug") == "city-of-koln-cologne-and-co"
    assert value("text", "<p>One &amp; two<br/>three</p><p>four</p>", form="plain") == "One & two\nthree\nfour"
    assert (value("text", "Ab", form="lower"), value("text", "Ab", form="upper")) == ("ab", "AB")


def test_a_text_that_does_not_fit_is_told_with_the_figures() -> None:
    with pytest.raises(NoValue) as caught:
        convert(Field("f", longest=3), "four", Reading())
    assert str(caught.value) == "This has 4 characters; at most 3 fit."


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('["A", "B, C"]', ["A", "B, C"]),
        ("['A', 'B, C']", ["A", "B, C"]),
        ("[A, B]", ["A", "B"]),
        ("{A,B}", ["A", "B"]),
        ('{"A","B, C"}', ["A", "B, C"]),
        ("[Women's Health, Men's Health]", ["Women's Health", "Men's Health"]),
        ("['Women''s', 'It''s, too']", ["Women''s", "It''s, too"]),
        ("[“A, B”, C]", ["A, B", "C"]),
        ("[1, 2.50, null, true, 007]", ["1", "2.50", "null", "true", "007"]),
        ("[1, 2.50, null, true]", ["1", "2.50", "true"]),
        ('[["A"], {"b": 1}]', ['["A"]', '{"b": "1"}']),
        ("[]", []),
        ("[ , ]", []),
        ("[" * 5000 + "]" * 5000, ["[" * 4999 + "]" * 4999]),
        ("['never closed]", ["'never closed"]),
        ("A", ["A"]),
    ],
)
def test_a_list_in_brackets_is_read_if_it_merely_looks_like_json(text: str, items: list[str]) -> None:
    assert split_cell(text, (), brackets=True) == items


def test_of_a_list_of_objects_one_property_is_taken() -> None:
    text = '[{"name": "A", "id": 1}, {"name": "B"}, {"id": 3}]'
    assert split_cell(text, (), brackets=True, item="name") == ["A", "B"]
    assert split_cell('{"name": "A"}', (), brackets=True, item="name") == ["A"]


def test_items_are_stripped_and_blank_and_repeated_ones_left_out() -> None:
    assert split_cell(" A |; B || A|C;", ("|", ";"), brackets=False) == ["A", "B", "C"]


def test_the_separator_of_a_column_is_the_first_kind_that_any_of_its_cells_has() -> None:
    assert find_separators(["A; B, C", "D, E", "F"]) == (";",)
    assert find_separators(["A, B", '["C|D"]']) == (",",)
    assert find_separators(["A\nB", "C; D"]) == ("\n",)
    assert find_separators(["A", ""]) == ()


@given(st.lists(st.text(st.characters(categories=("L", "N"), include_characters=" ,;'"), max_size=8)), st.sampled_from("[{"))
def test_what_json_wrote_is_read_as_it_was(items: list[str], opening: str) -> None:
    import json

    wanted = list(dict.fromkeys(stripped for item in items if (stripped := strip(item))))
    assert split_cell(json.dumps(items), (), brackets=True) == wanted
    assert split_cell(json.dumps(items, ensure_ascii=False), (), brackets=True) == wanted


def test_names_are_compared_without_case_accents_punctuation_and_article() -> None:
    same = ["The City of Köln", "city of koln", "CITY-OF-KÖLN", "City  of Köln.", "city_of_köln"]
    assert {loose(name) for name in same} == {"city of koln"}
    assert {loose(name) for name in ("C", "C++", "C#")} == {"c", "c++", "c#"}
    assert loose("R&D") == loose("r and d")
    assert (loose("The"), loose("---"), loose("東京 都")) == ("the", "", "東京 都")


def test_small_words_help() -> None:
    assert tidy("\ufeff a\u00a0 b\n\tc \u200b") == "a b c"
    assert words_of("hostName") == words_of("host_name") == words_of("Host name") == ("host", "name")
    assert (nearest("colunm", ["column", "kind"]), nearest("zzz", ["column"])) == ("column", "")


@pytest.mark.slow
def test_hostile_cells_take_no_time() -> None:
    started = process_time()
    pieces = ("<", "a@", "1,", "'", "'a,", "“a,", ".", "2012", " \u00a0", "&", "www.", "{", "[")
    for text in (piece * (200_000 // len(piece)) for piece in pieces):
        for field_type in ("text", "integer", "number", "date", "year", "url", "email", "choice", "boolean"):
            for form in ("plain", "slug"):
                with suppress(NoValue):
                    value(field_type, text, form=form)
        split_cell(f"[{text}]", ("|",), brackets=True)
    assert process_time() - started < 20


def test_nothing_unseen_comes_in_and_what_is_short_is_one_line():
    name, text = Field("name", longest=200), Field("summary")
    told = "Ag\u202een\u200bcy\u00ad\r\nBcc: somebody@example.org \u3164"
    assert convert(name, told, Reading()) == "Agency Bcc: somebody@example.org"
    assert convert(text, told, Reading()) == "Agency\nBcc: somebody@example.org"
    assert convert(name, "می\u200cخواهم", Reading()) == "می\u200cخواهم"
