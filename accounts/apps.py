from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class AccountsConfig(Front):
    name = "accounts"
    deeds = "kinds"
    menu = (
        Entry(_("My record"), "accounts:own_record", "user-round"),
        Entry(_("Roles"), "accounts:role_list", "shield-check"),
        Entry(_("Sign in"), "account_login", public=True, side=True),
    )
    inbox = ("to_invite_again", "to_answer_requests")
    jobs = ("mail_password_link", "mail_invitation", "make_export", "erase_person", "erase_again")
    urgent = ("mail_password_link", "make_export", "erase_person", "erase_again")
    daily = ("end_exports",)
    keeps = ("SESSIONS", "OPENED", "INVITATIONS")
    personal = True

    def ready(self) -> None:
        super().ready()
        from accounts import middleware, receivers
        from accounts.models import names_of, refs_named, signed_in_as, signs_in_with, subject_of
        from core import access, audit, privacy, sharing

        access.provide_actors(signed_in_as)
        access.provide_fresh(middleware.ask_again)
        audit.provide_names(names_of, refs_named)
        sharing.provide_people(signs_in_with)
        privacy.provide_people("accounts.Person", subject_of)
        receivers.connect()
