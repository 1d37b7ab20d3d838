"""The frames of pages, the pages of faults, and mail."""

import re
from textwrap import dedent
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults

from core.templatetags.gallery import SampleForm
from tests.core.outline import HOSTILE, Outline, outline

FAULTS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html"]


def request(**user):
    made = RequestFactory().get("/somewhere/")
    made.user = SimpleNamespace(is_authenticated=True, **user) if user else AnonymousUser()
    return made


def page(source, **context):
    return Template(source).render(Context(context))


def part(html, start, end):
    """The outline of one element, which neither holds another of its name nor stands twice."""
    return outline(html[html.index(start) : html.index(end) + len(end)])


def head(html):
    return part(html.replace('<meta charset="utf-8">', ""), "<head>", "</head>")


class TestEveryPage:
    def test_says_its_language_its_title_and_where_its_look_is(self):
        html = page('{% extends "core/base.html" %}{% block title %}Files{% endblock %}')
        assert re.findall(r"<html[^>]*>", html)[0].split() == ["<html", 'lang="en"', 'dir="ltr">']
        assert (
            head(html)
            == dedent("""
            head
              meta[name=viewport][content=width=device-width, initial-scale=1]
              meta[name=color-scheme][content=light dark]
              title
                "Files – Common Ground"
              link[rel=icon][href=/static/core/icon.svg][type=image/svg+xml]
              link[rel=stylesheet][href=/static/core/css/index.css]
        """).strip()
        )

    def test_reads_from_the_right_in_such_a_language(self):
        with translation.override("ar"):
            assert 'dir="rtl"' in page('{% extends "core/base.html" %}')

    def test_follows_the_system_unless_a_scheme_is_chosen(self):
        html = page('{% extends "core/base.html" %}', scheme="dark")
        assert ('data-scheme="dark"' in html, 'content="dark"' in html) == (True, True)
        assert "data-scheme" not in page('{% extends "core/base.html" %}')

    def test_with_an_error_begins_its_title_with_it(self):
        source = '{% extends "core/base.html" %}{% block title %}New{% endblock %}'
        assert '"Error: New – Common Ground"' in head(page(source, form=SampleForm({})))
        assert '"New – Common Ground"' in head(page(source, form=SampleForm()))

    @pytest.mark.parametrize("frame", ["core/base.html", "core/public.html", "core/desk_base.html", "core/plain.html"])
    def test_leads_past_its_menus_first(self, frame):
        html = page('{% extends "' + frame + '" %}')
        assert re.findall(r"<a [^>]*>", html)[0] == '<a class="skip" href="#main">'
        assert html.count('<main id="main"') == (frame != "core/base.html")

    @pytest.mark.parametrize("frame", ["core/public.html", "core/desk_base.html"])
    def test_shows_what_came_of_the_last_action(self, frame):
        messages = [type("Said", (str,), {"level_tag": "success"})(HOSTILE)]
        html = page('{% extends "' + frame + '" %}', messages=messages)
        assert '<div class="notice t-good" role="status">' in html
        assert ("<script" in html, "&lt;script&gt;" in html) == (False, True)


class TestAPublicPage:
    MENU = [
        {"label": "Work", "url": "/work/", "current": True},
        {"label": "Deutsch", "url": "/de/", "side": True, "lang": "de"},
    ]

    def test_has_its_menu_in_the_masthead_and_in_a_popover_on_a_phone(self):
        html = page('{% extends "core/public.html" %}', public_menu=self.MENU)
        assert (
            part(html, "<header", "</header>")
            == dedent("""
            header.masthead
              div.wrap.masthead__row
                a.brand[href=/]
                  svg.brand__mark
                  span
                    "Common Ground"
                button.btn.masthead__menu[type=button][popovertarget=nav]
                  svg.icon
                  "Menu"
                nav#nav.masthead__nav[popover][aria-label=Main]
                  button.btn.btn--quiet.nav-close[type=button][popovertarget=nav][popovertargetaction=hide]
                    svg.icon
                    "Close"
                  ul
                    li
                      a[href=/work/][aria-current=page]
                        "Work"
                  ul
                    li
                      a[href=/de/][lang=de][hreflang=de]
                        "Deutsch"
              div.wrap
                div.rule
        """).strip()
        )

    def test_has_help_at_its_foot(self):
        groups = [{"title": "Records", "entries": [{"label": "Register", "url": "/register/"}]}]
        html = page('{% extends "core/public.html" %}', help_url="/help/", foot_menu=groups)
        links = [line.strip() for line in part(html, "<footer", "</footer>").splitlines() if "href" in line]
        assert links == ["a[href=/register/]", "a[href=/help/]"]

    def test_puts_the_way_here_and_the_head_together_and_leaves_no_gap_without_them(self):
        blocks = "{% block breadcrumbs %}<i>way</i>{% endblock %}{% block head %}<i>head</i>{% endblock %}"
        source = '{% extends "core/public.html" %}' + blocks
        assert 'div.top\n    i\n      "way"\n    i\n      "head"' in part(page(source), "<main", "</main>")
        assert part(page('{% extends "core/public.html" %}'), "<main", "</main>") == "main#main.wrap.page[tabindex=-1]\n  div.top"


class TestTheDesk:
    MENU = [
        {"label": "Today", "url": "/desk/", "icon": "sun", "current": True, "count": 0},
        {"title": "The programme", "entries": [{"label": "People", "url": "/people/", "icon": ""}]},
    ]

    def test_has_its_menu_who_is_signed_in_and_a_way_out(self):
        who = {"name": "Cora Meyer", "line": "Coordinator", "links": [{"label": "Settings", "url": "/me/"}]}
        html = page('{% extends "core/desk_base.html" %}', menu=self.MENU, who=who, help_url="/help/", csrf_token="t")
        assert (
            part(html, "<nav", "</nav>")
            == dedent("""
            nav#rail.rail[popover][aria-label=Desk]
              div.rail__in
                div.rail__top
                  a.brand[href=/]
                    svg.brand__mark
                    span
                      "Common Ground"
                  button.btn.btn--quiet.nav-close[type=button][popovertarget=rail][popovertargetaction=hide]
                    svg.icon
                    "Close"
                ul.rail__group
                  li
                    a[href=/desk/][aria-current=page]
                      svg.icon
                      span
                        "Today"
                      span.rail__n
                        "0"
                div.rail__group
                  p#rail-2.rail__title
                    "The programme"
                  ul[aria-labelledby=rail-2]
                    li
                      a[href=/people/]
                        svg.icon
                        span
                          "People"
                div.rail__who
                  strong
                    "Cora Meyer"
                  br
                  span.mute
                    "Coordinator"
                  ul.row
                    li
                      a[href=/me/]
                        "Settings"
                    li
                      a[href=/help/]
                        "Help"
                    li
                      form[method=post][action=/accounts/logout/]
                        input[type=hidden][name=csrfmiddlewaretoken][value=t]
                        button[type=submit]
                          "Sign out"
        """).strip()
        )

    def test_is_not_for_search_engines(self):
        assert "meta[name=robots][content=noindex]" in head(page('{% extends "core/desk_base.html" %}'))


class TestAFault:
    @pytest.mark.parametrize("name", FAULTS)
    def test_shows_one_title_and_what_to_do(self, name):
        html = render_to_string(name, request=request())
        body = part(html, "<main", "</main>")
        assert re.findall(r"^ *h\d", body, re.MULTILINE) == ["    h1"]
        assert f'"{name[:3]}"' in body
        assert "p.lede" in body
        assert ("a.btn" in body) == (name != "503.html")

    @pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "429.html", "500.html", "503.html"])
    def test_of_ours_needs_no_request_no_person_and_no_database(self, name):
        html = get_template(name).render()
        assert ("public_menu" in html, "<nav" in html) == (False, False)
        assert html == get_template(name).render({})

    def test_says_why_and_does_not_trust_the_reason(self):
        shown = defaults.permission_denied(request(), Exception("Only Sofia Lindqvist may sign for it.")).content.decode()
        assert '"Only Sofia Lindqvist may sign for it."' in part(shown, "<main", "</main>")
        hostile = defaults.permission_denied(request(), Exception(HOSTILE)).content.decode()
        assert ("<script" in hostile, "&lt;script&gt;" in hostile) == (False, True)

    def test_without_a_reason_is_still_a_sentence(self):
        shown = defaults.permission_denied(request(), Exception("")).content.decode()
        assert '"You may see this, but this step is not yours to take."' in part(shown, "<main", "</main>")

    def test_of_a_missing_page_does_not_say_whether_a_record_exists(self):
        one = defaults.page_not_found(request(), Exception("No agreement CG-2026-0003")).content
        other = defaults.page_not_found(request(), Exception("Resolver404")).content
        assert one == other
        assert b"CG-2026" not in one

    def test_keeps_who_is_signed_in_at_the_desk_and_shows_others_the_door(self):
        inside = defaults.page_not_found(request(pk=1), Exception()).content.decode()
        outside = defaults.page_not_found(request(), Exception()).content.decode()
        assert ('class="rail"' in inside, 'class="rail"' in outside) == (True, False)
        assert "a.btn.btn--primary[href=/accounts/login/]" in part(outside, "<main", "</main>")


class TestMail:
    LETTER = {
        "subject": "Please sign CG-1",
        "lines": [
            "Dear Sofia,",
            "the text is ready for your signature. It comes into force when you have signed & the clerk too.",
        ],
        "link": "https://commonground.example/desk/sign/?a=1&b=2",
        "link_label": "Read and sign",
        "why": "You get this because you are named as signer.",
        "facts": [("Text", "CG-1, version 3")],
    }

    def test_is_complete_as_plain_text(self):
        assert render_to_string("core/mail.txt", self.LETTER) == (
            "Dear Sofia,\n\n"
            "the text is ready for your signature. It comes into force when you have\n"
            "signed & the clerk too.\n\n"
            "  Text: CG-1, version 3\n\n"
            "Read and sign:\nhttps://commonground.example/desk/sign/?a=1&b=2\n\n"
            "--\nYou get this because you are named as signer.\n"
        )

    def test_needs_only_its_lines(self):
        assert render_to_string("core/mail.txt", {"lines": ["Hello."], "why": "Because."}) == "Hello.\n\n--\nBecause.\n"

    def test_says_the_same_as_a_page(self):
        html = render_to_string("core/mail.html", self.LETTER)
        assert (
            part(html, '<main class="m">', "</main>")
            == dedent("""
            main.m
              div.h
                "Common Ground"
              div.r
              div.b
                h1
                  "Please sign CG-1"
                p
                  "Dear Sofia,"
                p
                  "the text is ready for your signature. It comes into force when you have signed & the clerk too."
                table
                  tr
                    th[scope=row]
                      "Text"
                    td
                      "CG-1, version 3"
                p
                  a.a[href=https://commonground.example/desk/sign/?a=1&b=2]
                    "Read and sign"
              div.f
                "You get this because you are named as signer."
        """).strip()
        )

    def test_carries_no_code_and_asks_no_server(self):
        html = render_to_string(
            "core/mail.html", dict.fromkeys(self.LETTER, HOSTILE) | {"lines": [HOSTILE], "facts": [(HOSTILE, HOSTILE)]}
        )
        reader = Outline()
        reader.feed(html)
        assert (reader.tags & {"script", "img"}, reader.attributes & {"src", "onerror", "style"}) == (set(), set())
