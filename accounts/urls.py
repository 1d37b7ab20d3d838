from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/", views.own_record, name="own_record"),
    path("me/shield/", views.own_shield, name="own_shield"),
    path("me/consents/<slug:item>/", views.consent_set, name="consent_set"),
    path("roles/", views.role_list, name="role_list"),
    path("invitations/", views.invitation_list, name="invitation_list"),
    path("invitations/<str:ref>/", views.invitation_detail, name="invitation_detail"),
    path("invitations/<str:ref>/resend/", views.invitation_resend, name="invitation_resend"),
    path("invitations/<str:ref>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("me/export/", views.export_ask, name="export_ask"),
    path("me/erasure/", views.erasure_ask, name="erasure_ask"),
    path("exports/<str:ref>/", views.export_detail, name="export_detail"),
    path("exports/<str:ref>/file/", views.export_file, name="export_file"),
    path("erasures/<str:ref>/", views.erasure_detail, name="erasure_detail"),
    path("erasures/<str:ref>/take-back/", views.erasure_take_back, name="erasure_take_back"),
    path("erasures/<str:ref>/refuse/", views.erasure_refuse, name="erasure_refuse"),
    path("people/", views.person_list, name="person_list"),
    path("people/<str:ref>/", views.person_detail, name="person_detail"),
    path("people/<str:ref>/deactivate/", views.sign_in_deactivate, name="sign_in_deactivate"),
    path("people/<str:ref>/reactivate/", views.sign_in_reactivate, name="sign_in_reactivate"),
    path("people/<str:ref>/second-step/", views.second_step_clear, name="second_step_clear"),
    path("people/<str:ref>/shield/", views.person_shield, name="person_shield"),
    path("people/<str:ref>/export/", views.person_export, name="person_export"),
    path("people/<str:ref>/erase/", views.person_erase, name="person_erase"),
    path("people/<str:ref>/address/", views.address_change, name="address_change"),
]
