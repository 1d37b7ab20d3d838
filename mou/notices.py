"""Who is told what about an agreement."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import addresses_of
from core import notify
from mou.models import Agreement, AgreementVersion, Party, Rendition, Signature


def _why(agreement: Agreement) -> str:
    return _("You get this mail because you take part in agreement %(number)s.") % {"number": agreement.ref}


def _detail(agreement: Agreement) -> str:
    return reverse("mou:agreement_detail", args=[agreement.ref])


def agreement_sent(agreement: Agreement, version: AgreementVersion) -> None:
    """To each signatory: there is something to read and sign."""
    for party in agreement.parties():
        names = {"title": agreement.title, "number": agreement.ref, "party": party.organisation}
        text = notify.Text(
            subject=_("To sign: %(title)s") % names,
            lines=(
                _("You are named to sign agreement %(number)s for %(party)s.") % names,
                _("Read the whole text, then sign it or decline with a reason. Nothing starts before both sides have signed."),
                _("No password yet? Choose “Set or forgot password” on the page that opens; its mail leads you back here."),
            ),
            link=reverse("mou:agreement_sign", args=[agreement.ref]),
            link_label=_("Read and sign"),
            why=_why(agreement),
        )
        if party.signatory:
            notify.post(f"sent:{agreement.ref}:{version.number}", addresses_of([party.signatory]), text, about=agreement)


def signatory_reminded(agreement: Agreement, party: Party, version: AgreementVersion, day: str) -> None:
    """To a signatory who is waited for."""
    since = date_format(version.frozen_at, "j F Y")
    names = {"title": agreement.title, "number": agreement.ref, "party": party.organisation, "since": since}
    text = notify.Text(
        subject=_("Waiting for you: %(title)s") % names,
        lines=(_("Agreement %(number)s has waited since %(since)s for your signature for %(party)s.") % names,),
        link=reverse("mou:agreement_sign", args=[agreement.ref]),
        link_label=_("Read and sign"),
        why=_why(agreement),
    )
    if party.signatory:
        key = f"reminded:{agreement.ref}:{version.number}:{day}"
        notify.post(key, addresses_of([party.signatory]), text, about=agreement)


def agreement_signed(agreement: Agreement, signature: Signature) -> None:
    """To the coordinators: one side has signed."""
    names = {"party": signature.organisation_name, "title": agreement.title, "name": signature.name}
    text = notify.Text(
        subject=_("%(party)s signed %(title)s") % names,
        lines=(_("%(name)s signed for %(party)s.") % names,),
        link=_detail(agreement),
        link_label=_("Open the agreement"),
        why=_why(agreement),
    )
    notify.post(f"signed:{signature.pk}", agreement.programme.coordinator_addresses(), text, about=agreement)


def agreement_in_force(agreement: Agreement, version: AgreementVersion) -> None:
    """To signatories and coordinators, once: it is in force, the copy follows."""
    names = {"title": agreement.title, "number": agreement.ref, "ends": date_format(agreement.ends, "j F Y")}
    text = notify.Text(
        subject=_("In force: %(title)s") % names,
        lines=(
            _("Both parties have signed agreement %(number)s. It runs until %(ends)s.") % names,
            _("A PDF with the record of the signatures follows in a mail of its own."),
        ),
        link=_detail(agreement),
        link_label=_("Open the agreement"),
        why=_why(agreement),
    )
    people = [party.signatory for party in agreement.parties() if party.signatory]
    to = [*addresses_of(people), *agreement.programme.coordinator_addresses()]
    notify.post(f"in_force:{agreement.ref}:{version.number}", to, text, about=agreement)


def copies(agreement: Agreement, rendition: Rendition) -> None:
    """The executed PDF, to each signatory and to each party's address for notices."""
    names = {"title": agreement.title, "number": agreement.ref, "hash": rendition.sha256}
    text = notify.Text(
        subject=_("Your copy: %(title)s") % names,
        lines=(
            _("Attached is agreement %(number)s with the record of the signatures.") % names,
            _("SHA-256 of the file: %(hash)s") % names,
        ),
        link=_detail(agreement),
        link_label=_("Open the agreement"),
        why=_why(agreement),
        attachment=rendition.file,
        attachment_name=f"{agreement.ref}.pdf",
    )
    people = [party.signatory for party in agreement.parties() if party.signatory]
    to = [*addresses_of(people), *(p.organisation.notice_email for p in agreement.parties() if p.organisation.notice_email)]
    notify.post(f"copy:{agreement.ref}:{rendition.pk}", to, text, about=agreement)


def agreement_declined(agreement: Agreement, name: str, reason: str, version: AgreementVersion) -> None:
    """To the coordinators: somebody will not sign, and why."""
    names = {"name": name, "title": agreement.title, "reason": reason}
    text = notify.Text(
        subject=_("Declined: %(title)s") % names,
        lines=(_("%(name)s declined to sign, with this reason:") % names, reason),
        link=_detail(agreement),
        link_label=_("Open the agreement"),
        why=_why(agreement),
    )
    key = f"declined:{agreement.ref}:{version.number}"
    notify.post(key, agreement.programme.coordinator_addresses(), text, about=agreement)


def agreement_recalled(agreement: Agreement, reason: str, version: AgreementVersion) -> None:
    """To the signatories: what they were shown no longer stands."""
    names = {"title": agreement.title, "number": agreement.ref, "version": version.number}
    text = notify.Text(
        subject=_("Taken back: %(title)s") % names,
        lines=(
            _("Version %(version)s of agreement %(number)s was taken back. Signatures under it no longer count.") % names,
            reason,
        ),
        why=_why(agreement),
    )
    people = [party.signatory for party in agreement.parties() if party.signatory]
    notify.post(f"recalled:{agreement.ref}:{version.number}", addresses_of(people), text, about=agreement)
