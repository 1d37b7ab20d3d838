from mou.views.agreement import (
    agreement_detail,
    agreement_list,
    agreement_publish,
    agreement_recall,
    agreement_remind,
    agreement_reopen,
    agreement_send,
    agreement_terms,
    agreement_withdraw,
    public_agreement,
    public_agreement_list,
)
from mou.views.agreementshare import agreement_share, agreement_unshare
from mou.views.agreementversion import agreement_json, agreement_pdf, agreement_text
from mou.views.duty import duty_answer, duty_date, duty_detail, duty_list, duty_report
from mou.views.obligation import agreement_duties
from mou.views.party import agreement_signatories
from mou.views.signature import agreement_decline, agreement_sign

__all__ = [
    "agreement_decline",
    "agreement_detail",
    "agreement_duties",
    "agreement_json",
    "agreement_list",
    "agreement_pdf",
    "agreement_publish",
    "agreement_recall",
    "agreement_remind",
    "agreement_reopen",
    "agreement_send",
    "agreement_share",
    "agreement_sign",
    "agreement_signatories",
    "agreement_terms",
    "agreement_text",
    "agreement_unshare",
    "agreement_withdraw",
    "duty_answer",
    "duty_date",
    "duty_detail",
    "duty_list",
    "duty_report",
    "public_agreement",
    "public_agreement_list",
]
