from mou.forms.agreement import AgreementRecallForm, AgreementTermsForm, AgreementWithdrawForm
from mou.forms.duty import DutyAnswerForm, DutyDateForm, DutyReportForm
from mou.forms.obligation import AgreementDutiesForm
from mou.forms.party import AgreementSignatoriesForm
from mou.forms.signature import AgreementDeclineForm, AgreementSignForm

__all__ = [
    "AgreementDeclineForm",
    "AgreementDutiesForm",
    "AgreementRecallForm",
    "AgreementSignForm",
    "AgreementSignatoriesForm",
    "AgreementTermsForm",
    "AgreementWithdrawForm",
    "DutyAnswerForm",
    "DutyDateForm",
    "DutyReportForm",
]
