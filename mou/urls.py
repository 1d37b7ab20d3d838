from django.urls import path

from mou import views

app_name = "mou"
urlpatterns = [
    path("agreements/", views.agreement_list, name="agreement_list"),
    path("agreements/<str:ref>/", views.agreement_detail, name="agreement_detail"),
    path("agreements/<str:ref>/terms/", views.agreement_terms, name="agreement_terms"),
    path("agreements/<str:ref>/duties/", views.agreement_duties, name="agreement_duties"),
    path("agreements/<str:ref>/signatories/", views.agreement_signatories, name="agreement_signatories"),
    path("agreements/<str:ref>/text/", views.agreement_text, name="agreement_text"),
    path("agreements/<str:ref>/text.json", views.agreement_json, name="agreement_json"),
    path("agreements/<str:ref>/pdf/<slug:kind>/", views.agreement_pdf, name="agreement_pdf"),
    path("agreements/<str:ref>/send/", views.agreement_send, name="agreement_send"),
    path("agreements/<str:ref>/recall/", views.agreement_recall, name="agreement_recall"),
    path("agreements/<str:ref>/withdraw/", views.agreement_withdraw, name="agreement_withdraw"),
    path("agreements/<str:ref>/reopen/", views.agreement_reopen, name="agreement_reopen"),
    path("agreements/<str:ref>/remind/", views.agreement_remind, name="agreement_remind"),
    path("agreements/<str:ref>/publish/", views.agreement_publish, name="agreement_publish"),
    path("agreements/<str:ref>/share/", views.agreement_share, name="agreement_share"),
    path("agreements/<str:ref>/share/<int:key>/end/", views.agreement_unshare, name="agreement_unshare"),
    path("agreements/<str:ref>/sign/", views.agreement_sign, name="agreement_sign"),
    path("agreements/<str:ref>/decline/", views.agreement_decline, name="agreement_decline"),
    path("duties/", views.duty_list, name="duty_list"),
    path("duties/<str:ref>/", views.duty_detail, name="duty_detail"),
    path("duties/<str:ref>/date/", views.duty_date, name="duty_date"),
    path("duties/<str:ref>/report/", views.duty_report, name="duty_report"),
    path("duties/<str:ref>/answer/", views.duty_answer, name="duty_answer"),
]
