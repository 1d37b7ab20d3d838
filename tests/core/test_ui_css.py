"""The stylesheets: one list of them, names that resolve when they are collected, colours that can be read."""

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

STATIC = Path(__file__).parents[2] / "core" / "static"
CSS = STATIC / "core" / "css"
SHEETS = sorted(path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css"))
TEXTS = {name: re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.DOTALL) for name in SHEETS}


def test_the_entry_imports_every_stylesheet_once_and_sets_the_order_of_the_layers():
    imported = re.findall(r'@import url\("([^"]+)"\)', TEXTS["index.css"])
    assert sorted([*imported, "index.css"]) == SHEETS
    assert TEXTS["index.css"].split(";")[0].strip() == "@layer reset, tokens, base, layout, ui, util, print"


def test_a_component_writes_only_in_its_layer():
    for name in SHEETS:
        if name.startswith("ui/"):
            assert re.findall(r"^(\S.*?)\s*{", TEXTS[name], re.MULTILINE) == ["@layer ui"] * TEXTS[name].count("@layer ui"), name


def test_only_the_fonts_are_fetched_and_from_here():
    """Also what lets the entry be put together into one file: no other sheet has an address that hangs on its place."""
    found = {name: re.findall(r"url\(\"?([^)\"]+)", text) for name, text in TEXTS.items() if name != "index.css"}
    assert {name for name, urls in found.items() if urls} == {"fonts.css"}
    assert [url for url in found["fonts.css"] if not re.fullmatch(r"fonts/[\w-]+\.woff2", url)] == []


def test_everything_resolves_when_production_collects_it(tmp_path):
    shutil.copytree(STATIC, tmp_path / "static")
    storage = ManifestStaticFilesStorage(location=str(tmp_path / "static"), base_url="/static/")
    names = [path.relative_to(tmp_path / "static").as_posix() for path in (tmp_path / "static").rglob("*") if path.is_file()]
    done = list(storage.post_process({name: (storage, name) for name in names}))
    assert [result for _, _, result in done if isinstance(result, Exception)] == []
    entry = (tmp_path / "static" / storage.stored_name("core/css/index.css")).read_text()
    assert len(re.findall(r'@import url\("[\w/-]+\.[0-9a-f]{12}\.css"\)', entry)) == len(SHEETS) - 1


def test_the_fonts_stand_beside_their_licences():
    fonts = {path.name for path in (CSS / "fonts").glob("*.woff2")}
    assert fonts == set(re.findall(r"fonts/([\w-]+\.woff2)", TEXTS["fonts.css"]))
    for family in ("source-sans-3", "source-serif-4"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (CSS / "fonts" / f"LICENSE-{family}.txt").read_text()


def test_sides_are_logical_so_that_a_page_can_read_from_the_right():
    physical = (
        r"(?<![\w-])(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?<![\w.-])(?:left|right|top|bottom|width|height):"
    )
    found = {name: re.findall(physical, text) for name, text in TEXTS.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_every_class_of_a_page_is_known_to_a_stylesheet():
    html = render_to_string("core/gallery.html", request=RequestFactory().get("/ui/"))
    used = {name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
    known = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", " ".join(TEXTS.values())))
    assert used - known == {"note", "rail__top"}  # names for a part of a component, without a look of their own


def light_dark() -> dict[str, tuple[str, str]]:
    return {
        name: (light, dark)
        for name, light, dark in re.findall(r"--([\w-]+): +?light-dark\((#\w+), (#\w+)\)", TEXTS["tokens.css"])
    }


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ["paper", "sheet", "sunken"]
TONES = ["good", "wait", "info", "bad", "gone"]
WASHES = ["wash", *(f"{tone}-wash" for tone in TONES)]
TEXT = [(ink, ground) for ink in ("ink", "mute") for ground in GROUNDS + WASHES]
TEXT += [("brand", ground) for ground in [*GROUNDS, "wash"]] + [
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("brand-strong", "paper"),
]
TEXT += [(tone, ground) for tone in TONES for ground in ("paper", "sheet", f"{tone}-wash")]
EDGES = [(line, ground) for line in ("edge", "focus") for ground in ("paper", "sheet")] + [("focus", "sunken")]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_and_controls_stand_out_from_their_ground(scheme):
    """WCAG 2.2, 1.4.3 and 1.4.11: 4.5 for text, 3 for what bounds a control or shows the focus."""
    tokens = light_dark()
    weak = [f"{a} on {b}" for a, b in TEXT if contrast(tokens[a][scheme], tokens[b][scheme]) < 4.5]
    weak += [f"{a} on {b}" for a, b in EDGES if contrast(tokens[a][scheme], tokens[b][scheme]) < 3]
    assert weak == []


def test_old_browsers_get_the_light_scheme_whole():
    fallback = TEXTS["tokens.css"].split("@supports not")[1]
    plain = dict(re.findall(r"--([\w-]+): (#\w+);", fallback))
    assert plain == {name: light for name, (light, _) in light_dark().items()}
