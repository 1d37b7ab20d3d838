"""Each component gives the markup that its contract promises."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest
from django.template import Context, Template

from core.templatetags import ui
from tests.core.outline import shape

WHEN = datetime(2026, 11, 21, 10, 12, tzinfo=UTC)
HASH = "9f2c41d8a07be3650c1e7b94f25d8a3361b0c9fe48d7722ab5093ecf16d4e087"

# tag, what a page writes, what comes of it
CONTRACTS = [
    ("icon", '{% icon "bell" %}{% icon "bell" size="l" %}', "svg.icon\nsvg.icon.icon--l"),
    (
        "state",
        '{% state "In force" "good" %}{% state "Silent" "wait" "moon" bare=True %}',
        """
        span.state.t-good
          svg.icon
          "In force"
        span.state.t-wait.state--bare
          svg.icon
          "Silent"
        """,
    ),
    (
        "day",
        "{% day when %}{% day when short=True %}{% day nothing %}",
        """
        time.nowrap[datetime=2026-11-21]
          "21 November 2026"
        time.nowrap[datetime=2026-11-21]
          "21 Nov 2026"
        """,
    ),
    (
        "moment",
        "{% moment when %}{% moment nothing %}",
        'time[datetime=2026-11-21T10:12:00+00:00]\n  "21 Nov 2026, 10:12 (UTC)"',
    ),
    (
        "hash",
        "{% hash hash short=True %}",
        'span.hash\n  "9f2c41d8 a07be365 0c1e7b94 f25d8a33 …"',
    ),
    (
        "slot",
        "{% slot as acts %} <b>Now</b> {% endslot %}{% next 'Title' acts=acts %}{% endnext %}",
        """
        section.next[aria-labelledby=h-title]
          div.stack.stack--s
            h2#h-title
              "Title"
          div.next__acts
            b
              "Now"
        """,
    ),
    (
        "button",
        '{% button "Open" "/a/" kind="primary" icon="bell" %}{% button "Save" name="act" value="save" form="f" wide=True %}'
        '{% button "Sign" kind="danger" large=True why="Only Sofia may." %}',
        """
        a.btn.btn--primary[href=/a/]
          svg.icon
          "Open"
        button.btn.btn--wide[type=submit][name=act][value=save][form=f]
          "Save"
        button.btn.btn--danger.btn--l[type=button][aria-disabled=true][aria-describedby=h-sign-only-sofia-may]
          "Sign"
        span#h-sign-only-sofia-may.small.mute
          "Only Sofia may."
        """,
    ),
    (
        "post",
        '{% post "Remind" "/remind/" icon="bell" name="who" value="7" %}',
        """
        form.post[method=post][action=/remind/]
          input[type=hidden][name=csrfmiddlewaretoken][value=token]
          button.btn[type=submit][name=who][value=7]
            svg.icon
            "Remind"
        """,
    ),
    (
        "drop",
        '{% drop "More" %}<a href="/x/">Copy</a>{% enddrop %}',
        """
        details.drop
          summary.btn
            "More"
            svg.icon
          div.drop__list
            a[href=/x/]
              "Copy"
        """,
    ),
    (
        "crumbs crumb",
        '{% crumbs %}{% crumb "Desk" "/desk/" %}{% crumb "Here" %}{% endcrumbs %}',
        """
        nav[aria-label=Breadcrumb]
          ol.crumbs
            li
              a[href=/desk/]
                "Desk"
            li[aria-current=page]
              "Here"
        """,
    ),
    (
        "tabs tab",
        '{% tabs "Views" %}{% tab "All" "/" current=True count=0 %}{% tab "Mine" "/m/" icon="user" %}{% endtabs %}',
        """
        nav.tabs[aria-label=Views]
          ul
            li
              a[href=/][aria-current=page]
                "All"
                span.tabs__n
                  "0"
            li
              a[href=/m/]
                svg.icon
                "Mine"
        """,
    ),
    (
        "chips chip",
        '{% chips "Show" %}{% chip "All" "/" current=True %}{% chip "2026" "/x/" remove=True %}{% endchips %}',
        """
        nav.chips[aria-label=Show]
          a.chip[href=/][aria-current=true]
            "All"
          a.chip[href=/x/]
            "2026"
            span.vh
              ", remove this filter"
            svg.icon
        """,
    ),
    (
        "switch switch_to",
        '{% switch "Layout" %}{% switch_to "List" "/l/" current=True icon="list" %}{% switch_to "Board" "/b/" %}{% endswitch %}',
        """
        div.switch[role=group][aria-label=Layout]
          a[href=/l/][aria-current=true]
            svg.icon
            "List"
          a[href=/b/]
            "Board"
        """,
    ),
    (
        "head",
        '{% head "Title" crumbs=slot eyebrow="Above" top=slot sub="Below" lede="Lede" %}{% button "Print" "/p/" %}{% endhead %}'
        '{% head "Alone" %}{% endhead %}',
        """
        div.head
          i
          p.eyebrow
            "Above"
          div.head__top
            i
          div.head__line
            h1
              "Title"
            div.head__acts
              a.btn[href=/p/]
                "Print"
          p.head__sub
            "Below"
          p.lede
            "Lede"
        div.head
          h1
            "Alone"
        """,
    ),
    (
        "sec",
        '{% sec "Do next" aside="8 for you" %}<p>x</p>{% endsec %}{% sec "Files" ruled=True level=3 id="files" %}{% endsec %}',
        """
        section.sec[aria-labelledby=h-do-next]
          div.sec__head
            h2#h-do-next
              "Do next"
            div.mute
              "8 for you"
          p
            "x"
        section.sec.sec--ruled[aria-labelledby=files]
          h3#files
            "Files"
        """,
    ),
    (
        "panel",
        '{% panel "Accept?" %}<p>x</p>{% endpanel %}',
        """
        section.panel[aria-labelledby=h-accept]
          h2#h-accept
            "Accept?"
          p
            "x"
        """,
    ),
    (
        "next",
        '{% next "Sofia signs next" tone="wait" acts=slot %}<p>By Friday.</p>{% endnext %}',
        """
        section.next.next--wait[aria-labelledby=h-sofia-signs-next]
          div.stack.stack--s
            h2#h-sofia-signs-next
              "Sofia signs next"
            p
              "By Friday."
          div.next__acts
            i
        """,
    ),
    (
        "notice",
        '{% notice "good" answers=True %}<p>Sent.</p>{% endnotice %}{% notice "error" answers=True %}<p>No.</p>{% endnotice %}'
        "{% notice %}<p>Note.</p>{% endnotice %}",
        """
        div.notice.t-good[role=status]
          svg.icon
          div
            p
              "Sent."
        div.notice.t-bad[role=alert]
          svg.icon
          div
            p
              "No."
        div.notice.t-info
          svg.icon
          div
            p
              "Note."
        """,
    ),
    (
        "nothing",
        '{% nothing "Nothing yet" icon="package-open" acts=slot %}<p>Why.</p>{% endnothing %}',
        """
        section.empty[aria-labelledby=h-nothing-yet]
          svg.icon.icon--l
          h2#h-nothing-yet
            "Nothing yet"
          p
            "Why."
          div.row
            i
        """,
    ),
    (
        "refusal",
        '{% refusal "Not yours" code=403 lede="Only Sofia may." %}<p>Ask her.</p>{% endrefusal %}',
        """
        div.refusal
          p.refusal__code
            "403"
          h1
            "Not yours"
          p.lede
            "Only Sofia may."
          p
            "Ask her."
        """,
    ),
    (
        "figures figure",
        '{% figures %}{% figure 2 "Late" "/late/" sub="at 3 hosts" tone="bad" %}{% figure 0 "Done" %}{% endfigures %}',
        """
        ul.figures
          li
            a.t-bad[href=/late/]
              span.figures__n
                "2"
              span.figures__l
                "Late"
              span.figures__s
                "at 3 hosts"
          li
            div.figures__cell
              span.figures__n
                "0"
              span.figures__l
                "Done"
        """,
    ),
    (
        "tasks task_group task",
        '{% tasks "To do" %}{% task_group "This week" %}'
        '{% task "Remind" "/r/" why="Because." due="today" word="Due" tone="wait" %}{% button "Remind" "/r/" %}{% endtask %}'
        '{% task "Read" %}{% endtask %}{% endtasks %}',
        """
        ol.tasks[aria-label=To do]
          li.tasks__group
            "This week"
          li.task
            div.task__due
              span.state.t-wait
                svg.icon
                "Due"
              div
                "today"
            div.task__what
              a[href=/r/]
                "Remind"
            div.task__why
              "Because."
            div.task__act
              a.btn[href=/r/]
                "Remind"
          li.task
            div.task__due
            div.task__what
              "Read"
        """,
    ),
    (
        "lines line",
        '{% lines %}{% line "PDF" "/p/" sub="signed" side="9 kB" %}{% line "Ruth" side="0 of 3" tone="bad" %}{% endlines %}',
        """
        ul.lines.lines--tight
          li
            span
              a[href=/p/]
                "PDF"
              br
              span.mute.small
                "signed"
            span.mute
              "9 kB"
          li
            span
              "Ruth"
            span.bad
              "0 of 3"
        """,
    ),
    (
        "roster cell",
        '{% roster %}{% cell "Ewa" "/e/" "Housing" "Silent: 16 days" "wait" "moon" %}{% endroster %}',
        """
        ul.roster
          li.t-wait
            a[href=/e/]
              "Ewa"
            span.roster__host
              "Housing"
            span.state.t-wait.state--bare
              svg.icon
              "Silent: 16 days"
        """,
    ),
    (
        "table th pick",
        '{% table "Things" stack=True %}<thead><tr>{% th "Select" pick=True %}{% th "Name" "?sort=name" sort="ascending" %}'
        '{% th "Sum" "?sort=sum" num=True %}{% th "State" %}</tr></thead>'
        '<tbody><tr>{% pick "CG-1" 7 checked=True %}</tr></tbody>{% endtable %}'
        '{% table "Plain" boxed=False shown=True %}{% endtable %}',
        """
        div.scroll.boxed[role=region][aria-label=Things][tabindex=0]
          table.table.table--stack
            caption.vh
              "Things"
            thead
              tr
                th.table__pick[scope=col]
                  span.vh
                    "Select"
                th[scope=col][aria-sort=ascending]
                  a[href=?sort=name]
                    "Name"
                    svg.icon
                th.num[scope=col]
                  a[href=?sort=sum]
                    "Sum"
                th[scope=col]
                  "State"
            tbody
              tr
                td.table__pick
                  label
                    span.vh
                      "Select CG-1"
                    input[type=checkbox][name=pick][value=7][checked]
        div.scroll[role=region][aria-label=Plain][tabindex=0]
          table.table
            caption
              "Plain"
        """,
    ),
    (
        "bulk",
        '{% bulk "With the ticked" %}{% button "Remind" name="act" value="remind" %}{% endbulk %}',
        """
        div.bulk[role=group][aria-label=With the ticked]
          span.bulk__n
            "With the ticked"
          button.btn[type=submit][name=act][value=remind]
            "Remind"
          button.btn[type=reset]
            svg.icon
            "Clear"
        """,
    ),
    (
        "results result",
        '{% results %}{% result "Repairs" "/r/" side=slot %}With the city.{% endresult %}{% endresults %}',
        """
        ol.results
          li.result
            h3
              a[href=/r/]
                "Repairs"
            p
              "With the city."
            div.result__side
              i
        """,
    ),
    (
        "timeline event",
        '{% timeline "Past" %}{% event when key=True %}<strong>Nora</strong> signed.{% endevent %}{% endtimeline %}',
        """
        ol.timeline[aria-label=Past]
          li.event.event--key
            span
              strong
                "Nora"
              "signed."
            time[datetime=2026-11-21T10:12:00+00:00]
              "21 Nov 2026, 10:12 (UTC)"
        """,
    ),
    (
        "steps step",
        '{% steps "State" %}{% step "Draft" sub="2 Oct" done=True %}{% step "Review" current=True %}'
        '{% step "Declined" bad=True %}{% endsteps %}',
        """
        ol.steps[aria-label=State]
          li.step.step--done
            span.step__dot
              svg.icon
            span.step__l
              "Draft"
              span.vh
                ", done"
            span.step__d
              "2 Oct"
          li.step[aria-current=step]
            span.step__dot
            span.step__l
              "Review"
          li.step.step--bad
            span.step__dot
              svg.icon
            span.step__l
              "Declined"
              span.vh
                ", not reached"
        """,
    ),
    (
        "checks check",
        '{% checks %}{% check "Unchanged" "good" sub="4 of 4." %}{% check "Current" "bad" %}'
        '{% check "Revoked" "unknown" %}{% endchecks %}',
        """
        ul.checks
          li.t-good
            svg.icon
            div
              strong
                span.vh
                  "Yes."
                "Unchanged"
              span
                "4 of 4."
          li.t-bad
            svg.icon
            div
              strong
                span.vh
                  "No."
                "Current"
          li.t-unknown
            svg.icon
            div
              strong
                span.vh
                  "Not known."
                "Revoked"
        """,
    ),
    (
        "facts fact",
        '{% facts "pair" %}{% fact "Host" %}<a href="/h/">State Library</a>{% endfact %}{% endfacts %}',
        """
        dl.facts.facts--pair
          div
            dt
              "Host"
            dd
              a[href=/h/]
                "State Library"
        """,
    ),
    (
        "parties party signer",
        '{% parties %}{% party "Open Works" "Lead" %}{% signer "Nora" sub="Signed" tone="good" %}'
        '{% signer "Cora" current=True %}{% endparty %}{% endparties %}',
        """
        div.parties
          div.party
            p
              span.party__role
                "Lead"
              br
              span.party__org
                "Open Works"
            div.signer.t-good
              svg.icon
              div
                "Nora"
                br
                span.signer__m
                  "Signed"
            div.signer.t-gone
              svg.icon
              div
                strong
                  "Cora"
        """,
    ),
    (
        "sees see",
        '{% sees %}{% see "globe" %}Nobody, <a href="/w/">why</a>{% endsee %}{% endsees %}',
        """
        ul.sees
          li
            svg.icon
            span
              "Nobody,"
              a[href=/w/]
                "why"
        """,
    ),
    (
        "clause",
        '{% clause "7" "Duties" aside=slot %}<p>Text.</p>{% endclause %}',
        """
        section#c7.clause[aria-labelledby=c7-title]
          div.clause__text
            h3#c7-title
              span.clause__no
                "7"
              "Duties"
            p
              "Text."
          i
        """,
    ),
    (
        "thread note",
        '{% thread "On 7" done=True %}{% note "Priya" when %}<p>Why?</p>{% endnote %}{% endthread %}',
        """
        aside.thread.thread--done[aria-label=On 7]
          div.note
            span.note__by
              "Priya"
            span.note__at
              time[datetime=2026-11-21T10:12:00+00:00]
                "21 Nov 2026, 10:12 (UTC)"
            p
              "Why?"
        """,
    ),
    (
        "redline added removed",
        '{% redline "Duties" number="7" top=slot why=slot %}<p>{% removed %}old{% endremoved %}{% added %}new{% endadded %}</p>'
        "{% endredline %}",
        """
        section.redline[aria-labelledby=h-duties]
          div.redline__head
            h2#h-duties
              span.clause__no
                "7"
              "Duties"
            i
          div.redline__text
            p
              del
                span.vh
                  "Removed:"
                "old"
              ins
                span.vh
                  "Added:"
                "new"
          div.redline__why
            i
        """,
    ),
    (
        "sheet sheet_part sheet_blocks sheet_block",
        '{% sheet "Terms" ref="CG-1" issuer="Trust" lead=slot %}{% sheet_part "4" "Money" %}<p>Text.</p>{% endsheet_part %}'
        '{% sheet_blocks %}{% sheet_block "Nora" line="for Trust" at="20 Nov" %}{% sheet_block "Sofia" open=True %}'
        "{% endsheet_blocks %}{% endsheet %}",
        """
        article.sheet[aria-labelledby=h-terms]
          div.sheet__head
            div.sheet__meta
              span.ref
                "CG-1"
              span
                "Trust"
            div.rule
            h2#h-terms.sheet__title
              "Terms"
            i
          h3.doc-h
            span.clause__no
              "4"
            "Money"
          div.body
            p
              "Text."
          div.blocks
            div.block
              p.block__sig
                "Nora"
              p
                strong
                  "Nora"
                br
                "for Trust"
                br
                span.mute
                  "20 Nov"
            div.block
              p.block__sig.block__sig--open
                "not signed yet"
              p
                strong
                  "Sofia"
        """,
    ),
    ("seal", '{% seal hash size="l" tone="gone" %}', "svg.seal.seal--l.seal--gone"),
    (
        "verdict",
        '{% verdict "Genuine" "good" seal=slot eyebrow="Receipt" level=1 %}<p>Unchanged.</p>{% endverdict %}',
        """
        section.verdict.t-good[aria-labelledby=h-genuine]
          div.stack
            p.eyebrow
              "Receipt"
            h1#h-genuine.verdict__title
              svg.icon
              "Genuine"
            p
              "Unchanged."
          i
        """,
    ),
    (
        "hero",
        '{% hero "Promised" lede="On record." %}<p>Margin</p>{% endhero %}',
        """
        div.hero
          div.stack.stack--l
            h1
              "Promised"
            p.lede
              "On record."
          div.stack.stack--s
            p
              "Margin"
        """,
    ),
    ("plate", '{% plate "x" %}{% plate "x" kind="wide" %}', "svg.plate\nsvg.plate.plate--lead"),
    (
        "card",
        '{% card "Queues" "/q/" picture=slot eyebrow="County" lede="Shorter." out="71 to 48." sub="2026" lead=True %}'
        '{% card "Bare" "/b/" lede="Words." level=2 %}',
        """
        article.card.card--lead
          i
          div.stack
            p.eyebrow
              "County"
            h3.card__title
              a[href=/q/]
                "Queues"
            p.lede
              "Shorter."
            p.card__out
              "71 to 48."
            p.small.mute
              "2026"
        article.card
          h2.card__title
            a[href=/b/]
              "Bare"
          p
            "Words."
        """,
    ),
    ("prose", "{% prose %}<p>Text.</p>{% endprose %}", 'div.prose\n  p\n    "Text."'),
    (
        "pull",
        '{% pull by="Sofia" %}It was hard.{% endpull %}',
        'blockquote.pull\n  p\n    "It was hard."\n  footer\n    "Sofia"',
    ),
    (
        "outcome",
        '{% outcome "48" "Median wait" unit="minutes" %}12 weeks.{% endoutcome %}',
        """
        div.outcome
          p.outcome__n
            "48"
            small
              "minutes"
          p
            strong
              "Median wait"
          p.outcome__src
            "12 weeks."
        """,
    ),
    (
        "bars",
        '{% bars "Wait" rows "Clinic" "Minutes" sub="By clinic" %}',
        """
        figure.chart[aria-labelledby=h-wait]
          figcaption#h-wait
            strong
              "Wait"
            span
              "By clinic"
          svg
          details
            summary
              "The figures as a table"
            div.scroll[role=region][aria-label=Wait][tabindex=0]
              table.table
                caption.vh
                  "Wait"
                thead
                  tr
                    th[scope=col]
                      "Clinic"
                    th.num[scope=col]
                      "Minutes"
                tbody
                  tr
                    th[scope=row]
                      "East"
                    td.num
                      "94"
                  tr
                    th[scope=row]
                      "West"
                    td.num
                      "47"
        """,
    ),
    ("saved", '{% saved "Saved 10:42" %}', 'span.saved\n  svg.icon\n  "Saved 10:42"'),
]
ELSEWHERE = {
    "pager": "below",
    "form": "test_ui_forms",
    "errors": "test_ui_forms",
    "filters": "test_ui_forms",
    "control": "test_ui_forms",
}


@pytest.mark.parametrize(("names", "written", "expected"), CONTRACTS, ids=[names for names, *_ in CONTRACTS])
def test_a_component_gives_the_markup_of_its_contract(names, written, expected):
    context = {
        "when": WHEN, "hash": HASH, "csrf_token": "token", "slot": Template("<i></i>").render(Context()),
        "rows": [("East", 94), ("West", 47, "bad")], "nothing": None,
    }  # fmt: skip
    assert shape(written, **context) == dedent(expected).strip()


def test_every_tag_is_tried():
    tried = {name for names, *_ in CONTRACTS for name in names.split()}
    assert tried | set(ELSEWHERE) == set(ui.register.tags)
