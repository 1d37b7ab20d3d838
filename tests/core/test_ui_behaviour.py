"""Components show text that would be code as text, refuse wrong arguments, and draw the same for the same."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from textwrap import dedent

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone as zone

from core.templatetags import ui
from core.templatetags.gallery import samples
from tests.core.outline import HOSTILE, Outline, drawn, shape
from tests.core.test_ui_components import CONTRACTS, HASH, WHEN


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (999, "999"), (1517, "1,517"), ("5 of 7", "5 of 7")])
def test_a_large_count_is_grouped(count, shown):
    drawn = Template("{% load ui %}{{ count|grouped }}{% figure count 'Rows' %}").render(Context({"count": count}))
    assert drawn.startswith(shown) and f'figures__n">{shown}<' in drawn


def calls() -> list[tuple[str, str]]:
    """Each call of each tag in CONTRACTS, with `x` in place of every quoted text that is not one of a list of words."""
    words = {
        *ui.SIGNS, *ui.LEVELS, *ui.KINDS, *filter(None, ui.PLATES), "pair", "wide", "even", "cols", "s", "l", "ascending",
        "descending", "bell", "moon", "list", "user", "globe", "package-open",
    }  # fmt: skip
    found = []
    for names, written, _ in CONTRACTS:
        quoted = re.sub(r'"([^"]*)"', lambda m: m[0] if m[1] in words else "x", written)
        bare = re.sub(r"(?<=%})[^{]+(?={)", "", quoted)
        if names not in ("icon", "seal", "day", "moment", "slot"):
            found.append((names, bare))
    return found


@pytest.mark.parametrize(("names", "call"), calls(), ids=[names for names, _ in calls()])
def test_text_is_never_code(names, call):
    context = {"x": HOSTILE, "when": WHEN, "rows": [(HOSTILE, 1)], "hash": HOSTILE, "slot": HOSTILE, "csrf_token": HOSTILE}
    reader = Outline()
    reader.feed(drawn(call, **context))
    assert (reader.tags & {"script", "img", "title"}, reader.attributes & {"onerror", "src"}) == (set(), set())
    if re.search(r"[ =]x ", call) and names != "plate":
        assert "alert(1)" in drawn(call, **context)


def test_a_link_of_the_page_stays_in_its_attribute():
    assert shape('{% button "Go" url %}', url='/"onclick="x') == 'a.btn[href=/"onclick="x]\n  "Go"'


@pytest.mark.parametrize(
    "wrong",
    [
        '{% icon "no-such-icon" %}',
        '{% icon "bell" size="huge" %}',
        '{% state "x" "purple" %}',
        '{% button "x" kind="loud" %}',
        '{% facts "crooked" %}{% endfacts %}',
        '{% seal "abc" %}',
        '{% seal "zz" %}',
        '{% next "x" tone="good" %}{% endnext %}',
        '{% plate "x" kind="huge" %}',
        '{% th "x" sort="up" %}',
    ],
)
class TestAWrongArgument:
    def test_stops_tests_and_developers(self, wrong):
        with pytest.raises(ValueError):
            drawn(wrong)

    def test_never_breaks_a_page_in_production(self, wrong, settings, caplog):
        settings.DEBUG = settings.TESTING = False
        assert "purple" not in drawn(wrong)
        assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_what_is_not_known_looks_unknown_in_production(settings):
    settings.DEBUG = settings.TESTING = False
    assert shape('{% state "Odd" "purple" %}') == 'span.state.t-gone\n  svg.icon\n  "Odd"'


def test_every_sign_of_a_tone_is_an_icon():
    for signs in (ui.SIGNS, ui.NOTICE_SIGNS, ui.CHECK_SIGNS):
        assert set(signs) == {"good", "wait", "info", "bad", "gone", "unknown"}
        for name in signs.values():
            assert drawn("{% icon name %}", name=name).startswith("<svg")


class TestTheSeal:
    def test_is_the_same_for_the_same_hash(self):
        ui.engraving.rosette.cache_clear()
        first = drawn("{% seal hash %}", hash=HASH)
        ui.engraving.rosette.cache_clear()
        assert drawn("{% seal hash %}", hash=HASH.upper()) == first
        assert drawn("{% seal hash %}", hash=" ".join([HASH[:32], HASH[32:]])) == first

    def test_is_another_for_another_byte(self):
        drawings = {drawn("{% seal hash %}", hash=HASH)}
        for place in range(32):
            other = bytearray.fromhex(HASH)
            other[place] ^= 1
            drawings.add(drawn("{% seal hash %}", hash=other.hex()))
        assert len(drawings) == 33

    def test_stays_in_its_frame_and_is_light(self):
        for n in range(40):
            paths = ui.engraving.rosette(f"{n:064x}")
            assert len(paths) < 20_000
            for path in re.findall(r'd="M([^"]*)"', paths):
                numbers = [int(number) for number in re.findall(r"-?\d+", path)]
                x, y = numbers[:2]
                steps = iter(numbers[2:])
                first = [next(steps) for _ in range(6)]
                for _, _, dx, dy in [first[2:], *zip(steps, steps, steps, steps, strict=True)]:
                    x, y = x + dx, y + dy
                    assert 0 <= x <= 1000 and 0 <= y <= 1000

    def test_has_no_style_of_its_own(self):
        assert re.findall(r"(?:style|stroke|fill)=", drawn("{% seal hash %}", hash=HASH)) == []


def test_a_plate_is_the_same_for_the_same_seed_and_another_for_another():
    assert drawn('{% plate "CS-1" %}') == drawn('{% plate "CS-1" %}') != drawn('{% plate "CS-2" %}')


class TestTime:
    def test_is_told_with_its_zone(self):
        with zone.override(timezone(timedelta(hours=-5))):
            assert "21 Nov 2026, 05:12 (UTC−5)" in drawn("{% moment when %}", when=WHEN)
        with zone.override(timezone(timedelta(hours=5, minutes=30))):
            assert "21 Nov 2026, 15:42 (UTC+5:30)" in drawn("{% moment when %}", when=WHEN)

    def test_a_day_is_the_day_where_the_page_is_read(self):
        late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
        with zone.override(timezone(timedelta(hours=2))):
            assert "22 November 2026" in drawn("{% day when %}", when=late)
        assert "21 November 2026" in drawn("{% day when %}", when=date(2026, 11, 21))


class TestThePager:
    def test_says_which_rows_these_are_and_keeps_the_rest_of_the_address(self):
        request = RequestFactory().get("/list/", {"q": "a&b", "page": "3"})
        page = Paginator(range(130), 14).page(3)
        assert (
            shape("{% pager page %}", page=page, request=request)
            == dedent("""
            nav.pager[aria-label=Pages]
              p
                "29 to 42 of 130"
              ul
                li
                  a[href=?q=a%26b&page=2][rel=prev]
                    "Previous"
                li
                  a[href=?q=a%26b&page=1][aria-label=Page 1]
                    "1"
                li
                  a[href=?q=a%26b&page=2][aria-label=Page 2]
                    "2"
                li
                  span[aria-current=page]
                    "3"
                li
                  a[href=?q=a%26b&page=4][aria-label=Page 4]
                    "4"
                li.pager__gap
                  "…"
                li
                  a[href=?q=a%26b&page=10][aria-label=Page 10]
                    "10"
                li
                  a[href=?q=a%26b&page=4][rel=next]
                    "Next"
        """).strip()
        )

    def test_is_not_there_for_one_page(self):
        assert shape("{% pager page %}", page=Paginator(range(3), 14).page(1)) == ""


def test_equal_titles_in_a_language_without_latin_letters_still_get_an_id():
    assert re.search(r'<h2 id="h-[0-9a-f]+">', drawn("{% sec title %}{% endsec %}", title="合意"))


def test_the_samples_of_the_gallery_do_not_change_from_one_look_to_the_next():
    assert samples()["hash"] == samples()["hash"]
