"""The sentences of the chain about cycles, fellows, placements and projects."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "cycle.opened": _("%(who)s opened the cycle."),
    "cycle.edited": _("%(who)s changed %(fields)s."),
    "cycle.imported": _("%(who)s imported the cycle from %(source)s."),
    "cycle.published": _("%(who)s published the cycle."),
    "cycle.unpublished": _("%(who)s took the cycle off the public pages."),
    "cohort.imported": _("%(who)s imported a cohort from %(source)s: %(added)s added, %(changed)s changed."),
    "host.added": _("%(who)s added %(name)s as a host."),
    "host.agreement_drafted": _("%(who)s drafted agreement %(agreement)s for %(name)s."),
    "host.agreement_refreshed": _("%(who)s brought the draft up to the records."),
    "project.added": _("%(who)s added the project."),
    "project.edited": _("%(who)s changed %(fields)s."),
    "fellow.joined": _("%(who)s added %(name)s to the cycle."),
    "fellow.replaced": _("%(who)s added %(name)s in place of %(left)s."),
    "fellow.withdrawn": _("%(who)s recorded that the fellow left on %(left_on)s: %(reason)s"),
    "fellow.edited": _("%(who)s changed %(fields)s."),
    "placement.added": _("%(who)s placed %(name)s at %(host)s."),
    "placement.edited": _("%(who)s changed %(fields)s."),
    "placement.planned": _("%(who)s planned the placement from %(starts)s to %(ends)s."),
    "placement.started": _("%(who)s started the placement under agreement %(agreement)s."),
    "placement.withdrawn": _("%(who)s ended the placement: %(reason)s"),
}
