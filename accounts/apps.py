from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class AccountsConfig(Front):
    name = "accounts"
    menu = (
        Entry(_("My record"), "accounts:own_record", "user-round"),
        Entry(_("Sign in"), "account_login", public=True, side=True),
    )
    jobs = ("mail_password_link",)

    def ready(self) -> None:
        super().ready()
        from accounts import receivers
        from accounts.models import names_of
        from core import audit

        audit.provide_names(names_of)
        receivers.connect()
