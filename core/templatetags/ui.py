"""The components: every tag that a page is made of. Markup is in templates/ui, contracts are in docs/components.md."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

import lucide
from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags import engraving

log = logging.getLogger(__name__)
register = template.Library()

SIGNS = {
    "good": "circle-check-big",
    "wait": "clock",
    "info": "circle-dot",
    "bad": "octagon-alert",
    "gone": "circle-dashed",
    "unknown": "circle-question-mark",
}
NOTICE_SIGNS = SIGNS | {"wait": "triangle-alert", "info": "info", "gone": "info"}
CHECK_SIGNS = SIGNS | {"wait": "triangle-alert", "bad": "circle-x"}
CHECK_WORDS = {
    "good": gettext_lazy("Yes."),
    "wait": gettext_lazy("Note."),
    "info": gettext_lazy("Note."),
    "bad": gettext_lazy("No."),
    "gone": gettext_lazy("Not checked."),
    "unknown": gettext_lazy("Not known."),
}
# Levels of django.contrib.messages, which a notice takes in place of a tone.
LEVELS = {"success": "good", "error": "bad", "warning": "wait", "debug": "gone"}


def _fault(message: str) -> None:
    """A wrong argument stops tests and developers; in production it is logged and the page goes on without the part."""
    if settings.DEBUG or getattr(settings, "TESTING", False):
        raise ValueError(message)
    log.error(message)


def _one_of(value: str, allowed: Iterable[str], what: str) -> str:
    if value and value not in allowed:
        _fault(f"{value!r} is no {what}: {', '.join(allowed)}")
        return ""
    return value


def _tone(value: str) -> str:
    return _one_of(LEVELS.get(value, value), SIGNS, "tone")


def _anchor(title: object, id: str = "") -> str:
    """An id for a heading: the one given, or one made of its words. Two equal titles on a page need ids of their own."""
    return id or "h-" + (slugify(str(title)) or format(crc32(str(title).encode()), "x"))


def _trim(content: str) -> SafeString:
    """What a template rendered, without the blank lines round it: an empty block is then no content at all."""
    return mark_safe(content.strip())  # noqa: S308 - a template rendered it


def _draw(part: str, /, **context: object) -> SafeString:
    return render_to_string(f"ui/{part}.html", context)


# ---------------------------------------------------------------------------------------------------- signs and words


@lru_cache(maxsize=512)
def _svg(name: str, size: str) -> SafeString:
    css = f"icon icon--{size}" if size else "icon"
    # Width and height give way to the stylesheet; without one they keep an icon from filling the page.
    drawn = lucide._render_icon(name, 24, **{"class": css, "aria-hidden": "true", "focusable": "false"})
    return mark_safe(" ".join(drawn.split()))  # noqa: S308 - drawn by the library, and the name was found in it


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A Lucide icon, hidden from assistive technology: the words beside it carry the fact. size: "" or "l"."""
    try:
        return _svg(str(name), _one_of(size, ("l",), "size of an icon"))
    except lucide.IconDoesNotExist:
        _fault(f"Lucide has no icon {name!r}")
        return SafeString("")


@register.simple_tag
def state(word: str, tone: str = "gone", sign: str = "", bare: bool = False) -> SafeString:
    tone = _tone(tone) or "gone"
    css = " state--bare" if bare else ""
    return format_html('<span class="state t-{}{}">{}{}</span>', tone, css, icon(sign or SIGNS[tone]), word)


@register.simple_tag
def day(value: date | None, short: bool = False) -> SafeString:
    """23 November 2026; short, for tables: 23 Nov 2026. Nothing for None."""
    if value is None:
        return SafeString("")
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    words = date_format(value, "j M Y" if short else "j F Y")
    return format_html('<time datetime="{}" class="nowrap">{}</time>', value.isoformat(), words)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """23 Nov 2026, 09:14 (UTC−5), in the time zone of the page. Nothing for None."""
    if value is None:
        return SafeString("")
    here = timezone.localtime(value) if timezone.is_aware(value) else value.replace(tzinfo=UTC)
    hours, minutes = divmod(abs(int(here.utcoffset().total_seconds())) // 60, 60)  # type: ignore[union-attr]
    sign = "−" if str(here)[-6] == "-" else "+"
    zone = "UTC" + (f"{sign}{hours}" if hours or minutes else "") + (f":{minutes:02}" if minutes else "")
    return format_html('<time datetime="{}">{} ({})</time>', here.isoformat(), date_format(here, "j M Y, H:i"), zone)


@register.simple_tag(name="hash")
def hash_(value: str, short: bool = False) -> SafeString:
    """A hash in groups of eight, so that two people can compare it aloud; short: the first four groups."""
    groups = [value[n : n + 8] for n in range(0, len(value), 8)]
    text = " ".join(groups[:4]) + " …" if short and len(groups) > 4 else " ".join(groups)
    return format_html('<span class="hash">{}</span>', text)


@register.simple_block_tag
def slot(content: str) -> str:
    """Markup for an argument of another tag: {% slot as acts %}…{% endslot %} {% next title acts=acts %}…"""
    return _trim(content)


# ---------------------------------------------------------------------------------------------------- what one presses

KINDS = ("primary", "danger", "quiet")


def _button(label: str, url: str, kind: str, why: str, **more: object) -> dict[str, object]:
    kind = _one_of(kind, KINDS, "kind of a button")
    return {"label": label, "url": url, "kind": kind, "why": why, "why_id": why and _anchor(f"{label} {why}"), **more}


@register.inclusion_tag("ui/button.html")
def button(
    label: str,
    url: str = "",
    kind: str = "",
    icon: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",
    form: str = "",
    large: bool = False,
    wide: bool = False,
    why: str = "",
) -> dict[str, object]:
    """A link with `url`, else a button. `why` says why it cannot be used now, and makes it a button that does nothing."""
    return _button(label, url, kind, why, icon=icon, name=name, value=value, type=type, form=form, large=large, wide=wide)


@register.inclusion_tag("ui/post.html")
def post(
    label: str, url: str, kind: str = "", icon: str = "", name: str = "", value: str = "", wide: bool = False
) -> dict[str, object]:
    """One verb: a form of one button that posts to `url`, with the token."""
    return _button(label, url, kind, "", icon=icon, name=name, value=value, wide=wide)


@register.simple_block_tag
def drop(content: str, label: str, kind: str = "", icon: str = "") -> SafeString:
    return _draw("drop", content=content, label=label, kind=_one_of(kind, KINDS, "kind of a button"), icon=icon)


# ---------------------------------------------------------------------------------------------------- where one is


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    return _draw("crumbs", content=content)


@register.inclusion_tag("ui/crumb.html")
def crumb(label: str, url: str = "") -> dict[str, object]:
    """A step of the way here; the page itself is the one without a url."""
    return {"label": label, "url": url}


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    return _draw("tabs", content=content, label=label)


@register.inclusion_tag("ui/tab.html")
def tab(label: str, url: str, current: bool = False, count: object = None, icon: str = "") -> dict[str, object]:
    return {"label": label, "url": url, "current": current, "count": count, "icon": icon}


@register.simple_block_tag
def switch(content: str, label: str) -> SafeString:
    return _draw("switch", content=content, label=label)


@register.inclusion_tag("ui/switch_to.html")
def switch_to(label: str, url: str, current: bool = False, icon: str = "") -> dict[str, object]:
    return {"label": label, "url": url, "current": current, "icon": icon}


@register.simple_block_tag
def chips(content: str, label: str) -> SafeString:
    return _draw("chips", content=content, label=label)


@register.inclusion_tag("ui/chip.html")
def chip(label: str, url: str, current: bool = False, remove: bool = False) -> dict[str, object]:
    return {"label": label, "url": url, "current": current, "remove": remove}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Page[Any], param: str = "page") -> dict[str, object]:
    """Which rows these are, and the way to the others; the rest of the address stays as it is. Nothing for one page."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def to(number: int) -> str:
        if query is None:
            return f"?{param}={number}"
        query[param] = str(number)
        return f"?{query.urlencode()}"

    paginator = page.paginator
    numbers = [
        {"number": number, "url": to(number), "current": number == page.number} if isinstance(number, int) else {}
        for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "previous": to(page.number - 1) if page.has_previous() else "",
        "following": to(page.number + 1) if page.has_next() else "",
    }


# ---------------------------------------------------------------------------------------------------- parts of a page


@register.simple_block_tag
def head(
    content: str, title: str, crumbs: str = "", eyebrow: str = "", top: str = "", sub: str = "", lede: str = ""
) -> SafeString:
    """The head of a page with its one h1; the content is what one can do. `top` is a slot: number, state, short facts."""
    return _draw("head", content=_trim(content), title=title, crumbs=crumbs, eyebrow=eyebrow, top=top, sub=sub, lede=lede)


@register.simple_block_tag
def sec(content: str, title: str, aside: str = "", ruled: bool = False, level: int = 2, id: str = "") -> SafeString:
    return _draw("sec", content=content, title=title, aside=aside, ruled=ruled, level=level, id=_anchor(title, id))


@register.simple_block_tag
def panel(content: str, title: str, level: int = 2, id: str = "") -> SafeString:
    return _draw("panel", content=content, title=title, level=level, id=_anchor(title, id))


@register.simple_block_tag(name="next")
def next_(content: str, title: str, tone: str = "", acts: str = "", level: int = 2, id: str = "") -> SafeString:
    """Who acts next: the one loud thing on a record, at most once a page. tone: "", "wait" or "bad"."""
    tone = _one_of(tone, ("wait", "bad"), "tone of next")
    return _draw("next", content=content, title=title, tone=tone, acts=acts, level=level, id=_anchor(title, id))


@register.simple_block_tag
def notice(content: str, tone: str = "info", answers: bool = False, sign: str = "") -> SafeString:
    """answers: it tells what came of an action, and is read out. A level of django.contrib.messages is a tone too."""
    tone = _tone(tone) or "info"
    return _draw("notice", content=content, tone=tone, sign=sign or NOTICE_SIGNS[tone], answers=answers)


@register.simple_block_tag
def nothing(content: str, title: str, icon: str = "", acts: str = "", level: int = 2, id: str = "") -> SafeString:
    return _draw("nothing", content=content, title=title, icon=icon, acts=acts, level=level, id=_anchor(title, id))


@register.simple_block_tag
def refusal(content: str, title: str, code: str | int = "", lede: str = "") -> SafeString:
    return _draw("refusal", content=content, title=title, code=code, lede=lede)


# ---------------------------------------------------------------------------------------------------- lists


@register.simple_block_tag
def figures(content: str) -> SafeString:
    return _draw("figures", content=content)


@register.inclusion_tag("ui/figure.html")
def figure(number: object, label: str, url: str = "", sub: str = "", tone: str = "") -> dict[str, object]:
    return {"number": number, "label": label, "url": url, "sub": sub, "tone": _tone(tone)}


@register.simple_block_tag
def tasks(content: str, label: str) -> SafeString:
    return _draw("tasks", content=content, label=label)


@register.inclusion_tag("ui/task_group.html")
def task_group(label: str) -> dict[str, object]:
    return {"label": label}


@register.simple_block_tag
def task(
    content: str, what: str, url: str = "", why: str = "", due: str = "", word: str = "", tone: str = "gone", sign: str = ""
) -> SafeString:
    """One thing to do; the content is the button. `due` is text or what {% day %} gave."""
    return _draw("task", content=_trim(content), what=what, url=url, why=why, due=due, word=word, tone=tone, sign=sign)


@register.simple_block_tag
def lines(content: str, tight: bool = True) -> SafeString:
    return _draw("lines", content=content, tight=tight)


@register.inclusion_tag("ui/line.html")
def line(what: str, url: str = "", sub: str = "", side: str = "", tone: str = "") -> dict[str, object]:
    """What, and its state or size at the end. tone of the side: "", "wait" or "bad"."""
    return {"what": what, "url": url, "sub": sub, "side": side, "tone": _one_of(tone, ("wait", "bad"), "tone of a line")}


@register.simple_block_tag
def roster(content: str) -> SafeString:
    return _draw("roster", content=content)


@register.inclusion_tag("ui/cell.html")
def cell(name: str, url: str, sub: str, word: str, tone: str, sign: str = "") -> dict[str, object]:
    return {"name": name, "url": url, "sub": sub, "word": word, "tone": _tone(tone), "sign": sign}


@register.simple_block_tag
def table(content: str, caption: str, stack: bool = False, boxed: bool = True, shown: bool = False) -> SafeString:
    """The content is <thead> and <tbody>. stack: on a phone a row becomes a record. shown: the caption is to be seen."""
    return _draw("table", content=content, caption=caption, stack=stack, boxed=boxed, shown=shown)


@register.inclusion_tag("ui/th.html")
def th(label: str, url: str = "", sort: str = "", num: bool = False, pick: bool = False) -> dict[str, object]:
    """A head of a column. With `url` it sorts; sort: "ascending" or "descending" where the table is sorted by it."""
    sort = _one_of(sort, ("ascending", "descending"), "order")
    return {"label": label, "url": url, "sort": sort, "num": num, "pick": pick}


@register.inclusion_tag("ui/pick.html")
def pick(label: str, value: object, name: str = "pick", checked: bool = False) -> dict[str, object]:
    """The first cell of a row that can be ticked. label: what is ticked, such as its number."""
    return {"label": label, "value": value, "name": name, "checked": checked}


@register.simple_block_tag
def bulk(content: str, label: str) -> SafeString:
    """After a table, in the same form: what can be done with the ticked rows. Shows with the first tick."""
    return _draw("bulk", content=content, label=label)


@register.simple_block_tag
def results(content: str) -> SafeString:
    return _draw("results", content=content)


@register.simple_block_tag
def result(content: str, title: str, url: str, side: str = "", level: int = 3) -> SafeString:
    return _draw("result", content=content, title=title, url=url, side=side, level=level)


@register.simple_block_tag
def timeline(content: str, label: str = "") -> SafeString:
    return _draw("timeline", content=content, label=label)


@register.simple_block_tag
def event(content: str, at: datetime, key: bool = False, changes: Iterable[object] = ()) -> SafeString:
    return _draw("event", content=_trim(content), at=at, key=key, changes=changes)


@register.simple_block_tag
def steps(content: str, label: str) -> SafeString:
    return _draw("steps", content=content, label=label)


@register.inclusion_tag("ui/step.html")
def step(
    label: str, sub: str = "", done: bool = False, current: bool = False, bad: bool = False, url: str = ""
) -> dict[str, object]:
    return {"label": label, "sub": sub, "done": done, "current": current, "bad": bad, "url": url}


@register.simple_block_tag
def checks(content: str) -> SafeString:
    return _draw("checks", content=content)


@register.inclusion_tag("ui/check.html")
def check(title: str, tone: str, sub: str = "") -> dict[str, object]:
    """What was looked at, and whether it held: the tone gives the sign and the hidden word (Yes, Note, No)."""
    tone = _tone(tone) or "unknown"
    return {"title": title, "tone": tone, "sub": sub, "sign": CHECK_SIGNS[tone], "word": CHECK_WORDS[tone]}


@register.simple_block_tag
def facts(content: str, kind: str = "") -> SafeString:
    kind = _one_of(kind, ("wide", "pair", "even", "cols"), "kind of facts")
    return _draw("facts", content=content, kind=kind)


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    return _draw("fact", content=_trim(content), label=label)


# ---------------------------------------------------------------------------------------------------- who


@register.simple_block_tag
def parties(content: str) -> SafeString:
    return _draw("parties", content=content)


@register.simple_block_tag
def party(content: str, name: str, role: str) -> SafeString:
    return _draw("party", content=content, name=name, role=role)


@register.inclusion_tag("ui/signer.html")
def signer(name: str, sub: str = "", tone: str = "gone", sign: str = "", current: bool = False) -> dict[str, object]:
    tone = _tone(tone) or "gone"
    return {"name": name, "sub": sub, "tone": tone, "sign": sign or SIGNS[tone], "current": current}


@register.simple_block_tag
def sees(content: str) -> SafeString:
    return _draw("sees", content=content)


@register.simple_block_tag
def see(content: str, icon: str = "user") -> SafeString:
    return _draw("see", content=_trim(content), icon=icon)


# ---------------------------------------------------------------------------------------------------- text and documents


@register.simple_block_tag
def clause(content: str, number: str, title: str, aside: str = "", level: int = 3, id: str = "") -> SafeString:
    """A clause of a text, `aside` its notes in the margin. The id, and so the address, is c and the number: #c7, #c7j."""
    return _draw("clause", content=content, number=number, title=title, aside=aside, level=level, id=id or f"c{slugify(number)}")


@register.simple_block_tag
def thread(content: str, label: str, done: bool = False) -> SafeString:
    return _draw("thread", content=content, label=label, done=done)


@register.simple_block_tag
def note(content: str, by: str, at: datetime | None = None) -> SafeString:
    return _draw("note", content=content, by=by, at=at)


@register.simple_block_tag
def redline(content: str, title: str, number: str = "", top: str = "", why: str = "", level: int = 2) -> SafeString:
    """What changed in one clause: the text with {% added %} and {% removed %}, `why` it changed in the margin."""
    return _draw("redline", content=content, title=title, number=number, top=top, why=why, level=level, id=_anchor(title))


@register.simple_block_tag
def added(content: str) -> SafeString:
    return format_html('<ins><span class="vh">{} </span>{}</ins>', _("Added:"), content)


@register.simple_block_tag
def removed(content: str) -> SafeString:
    return format_html('<del><span class="vh">{} </span>{}</del>', _("Removed:"), content)


@register.simple_block_tag
def sheet(content: str, title: str, ref: str = "", issuer: str = "", lead: str = "", level: int = 2, id: str = "") -> SafeString:
    return _draw("sheet", content=content, title=title, ref=ref, issuer=issuer, lead=lead, level=level, id=_anchor(title, id))


@register.simple_block_tag
def sheet_part(content: str, number: str, title: str, level: int = 3) -> SafeString:
    return _draw("sheet_part", content=content, number=number, title=title, level=level)


@register.simple_block_tag
def sheet_blocks(content: str) -> SafeString:
    return _draw("sheet_blocks", content=content)


@register.inclusion_tag("ui/sheet_block.html")
def sheet_block(name: str, line: str = "", at: str = "", open: bool = False) -> dict[str, object]:
    """A signature: who, for whom, when. open: not signed yet."""
    return {"name": name, "line": line, "at": at, "open": open}


@register.simple_tag
def seal(sha256: str, size: str = "", tone: str = "") -> SafeString:
    """The rosette of a file. Decoration: the words beside it carry the fact. size: "s", "l"; tone: "bad", "gone"."""
    size, tone = _one_of(size, ("s", "l"), "size of a seal"), _one_of(tone, ("bad", "gone"), "tone of a seal")
    css = "".join(f" seal--{part}" for part in (size, tone) if part)
    try:
        paths = engraving.rosette("".join(str(sha256).split()).lower())
    except ValueError as error:
        _fault(str(error))
        return SafeString("")
    return format_html(
        '<svg class="seal{}" viewBox="0 0 1000 1000" width="104" height="104" aria-hidden="true" focusable="false">{}</svg>',
        css,
        mark_safe(paths),  # noqa: S308 - numbers only
    )


@register.simple_block_tag
def verdict(
    content: str, title: str, tone: str, sign: str = "", seal: str = "", eyebrow: str = "", level: int = 2, id: str = ""
) -> SafeString:
    """The answer of a check. `seal` is a slot; `eyebrow` a line above the title."""
    tone = _tone(tone) or "unknown"
    return _draw(
        "verdict",
        content=content,
        title=title,
        tone=tone,
        sign=sign or SIGNS[tone],
        seal=seal,
        eyebrow=eyebrow,
        level=level,
        id=_anchor(title, id),
    )


# ---------------------------------------------------------------------------------------------------- stories


@register.simple_block_tag
def hero(content: str, title: str, lede: str = "") -> SafeString:
    return _draw("hero", content=_trim(content), title=title, lede=lede)


PLATES = {"": (480, 270), "lead": (640, 400), "wide": (1200, 300)}


@register.simple_tag
def plate(seed: object, kind: str = "") -> SafeString:
    """Engraved lines where there is no photograph. seed: any text, such as a number; kind: "", "lead" or "wide"."""
    kind = _one_of(kind, PLATES, "kind of a plate")
    width, height = PLATES[kind]
    return format_html(
        '<svg class="plate{}" viewBox="0 0 {} {}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">'
        "{}</svg>",
        " plate--lead" if kind else "",
        width,
        height,
        mark_safe(engraving.waves(str(seed), width, height)),  # noqa: S308 - numbers only
    )


@register.inclusion_tag("ui/card.html")
def card(
    title: str,
    url: str,
    picture: str = "",
    eyebrow: str = "",
    lede: str = "",
    out: str = "",
    sub: str = "",
    lead: bool = False,
    level: int = 3,
) -> dict[str, object]:
    """A story among others; all of it leads to `url`. `picture` is a slot: an image, or {% plate %}."""
    return {
        "title": title,
        "url": url,
        "picture": picture,
        "eyebrow": eyebrow,
        "lede": lede,
        "out": out,
        "sub": sub,
        "lead": lead,
        "level": level,
    }


@register.simple_block_tag
def prose(content: str) -> SafeString:
    return _draw("prose", content=content)


@register.simple_block_tag
def pull(content: str, by: str = "") -> SafeString:
    return _draw("pull", content=_trim(content), by=by)


@register.simple_block_tag
def outcome(content: str, number: str, label: str, unit: str = "") -> SafeString:
    """What came of it: a number, what it counts, and as content over which time and from which source."""
    return _draw("outcome", content=_trim(content), number=number, label=label, unit=unit)


@register.inclusion_tag("ui/bars.html")
def bars(title: str, rows: Iterable[Any], head: str, unit: str, sub: str = "", id: str = "") -> dict[str, object]:
    """Bars with their table. rows: (label, number) or (label, number, tone); head, unit: the heads of the two columns."""
    drawn = [(row[0], row[1], _tone(row[2]) if len(row) > 2 else "") for row in rows]
    most = max((float(number) for _label, number, _tone_ in drawn), default=0) or 1
    bars = [
        {
            "label": label,
            "number": number,
            "tone": tone or "bar",
            "width": f"{max(float(number), 0) / most * 100:.2f}%",
            "text": f"{n * 2.85 + 1:.2f}em",
            "bar": f"{n * 2.85 + 1.5:.2f}em",
        }
        for n, (label, number, tone) in enumerate(drawn)
    ]
    return {
        "title": title,
        "sub": sub,
        "head": head,
        "unit": unit,
        "bars": bars,
        "height": f"{len(bars) * 2.85 - 0.6:.2f}em",
        "id": _anchor(title, id),
    }


# ---------------------------------------------------------------------------------------------------- forms

TEXT_LIKE = {"date": "input--m", "time": "input--m", "datetime-local": "input--m", "month": "input--m", "number": "input--s"}


@register.filter
def grouped(number: object) -> object:
    """A count as people read it: 1,517; what is no whole number stays. Not for years and numbers of records."""
    return number_format(number, use_l10n=True, force_grouping=True) if isinstance(number, int) else number


@register.filter
def kind(field: BoundField) -> str:
    """What a form field needs round it: "hidden", "tick" (one box), "choices", "group" (several controls) or "plain"."""
    widget = field.field.widget
    input_type = getattr(widget, "input_type", "")
    if widget.is_hidden:
        return "hidden"
    if input_type in ("checkbox", "radio"):
        return "choices" if field.use_fieldset else "tick"
    return "group" if field.use_fieldset else "search" if input_type == "search" else "plain"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The control of a form field in our dress: Django's own markup with the classes that form.css knows."""
    widget = field.field.widget
    input_type = str(widget.attrs.get("type") or getattr(widget, "input_type", ""))
    if widget.is_hidden or input_type in ("checkbox", "radio"):
        return field.as_widget()
    own = str(widget.attrs.get("class", "")).split()
    size = TEXT_LIKE.get(input_type, "") if not any(name.startswith("input--") for name in own) else ""
    return field.as_widget(attrs={"class": " ".join(filter(None, ["input", size, *own]))})


@register.simple_block_tag(takes_context=True)
def form(
    context: Mapping[str, Any],
    content: str,
    form: "BaseForm | BaseFormSet[Any]",
    submit: str,
    action: str = "",
    kind: str = "primary",
    icon: str = "",
    id: str = "",
) -> SafeString:
    """A form that posts: its fields, then the button and, as content, what stands beside it."""
    return _draw(
        "form",
        content=_trim(content),
        form=form,
        submit=submit,
        action=action,
        kind=_one_of(kind, KINDS, "kind of a button"),
        icon=icon,
        id=id,
        csrf_token=context.get("csrf_token"),
    )


def _wrong(form: BaseForm) -> list[dict[str, str]]:
    found = [{"href": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form:
        if field.is_hidden:
            found += [{"href": "", "text": str(text)} for text in field.errors]
            continue
        # Of a group its first choice; a group without any has nothing to lead to.
        href = field.id_for_label or next((str(choice.id_for_label) for choice in field.subwidgets if choice.id_for_label), "")
        label = str(field.label)
        between = " " if label[-1:] in ":?.!" else ": "
        found += [{"href": href, "text": f"{label}{between}{text}"} for text in field.errors]
    return found


@register.inclusion_tag("ui/errors.html")
def errors(*forms: "BaseForm | BaseFormSet[Any]", focus: bool = True) -> dict[str, object]:
    """What has to be changed, each line a link to its field; the page opens on it. Nothing where nothing is wrong."""
    found: list[dict[str, str]] = []
    for each in forms:
        if isinstance(each, BaseFormSet):
            found += [{"href": "", "text": str(text)} for text in each.non_form_errors()]
            found += [line for form in each.forms for line in _wrong(form)]
        elif each:
            found += _wrong(each)
    return {"errors": found, "focus": focus}


@register.inclusion_tag("ui/filters.html")
def filters(
    form: BaseForm, label: str, submit: str = "", action: str = "", clear: str = "", primary: bool = False
) -> dict[str, object]:
    """A form that asks by its address. clear: where the list without filters is, when any is set."""
    return {"form": form, "label": label, "submit": submit or _("Show"), "action": action, "clear": clear, "primary": primary}


@register.inclusion_tag("ui/saved.html")
def saved(text: str, icon: str = "check") -> dict[str, object]:
    return {"text": text, "icon": icon}
