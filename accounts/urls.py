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
    path("people/", views.person_list, name="person_list"),
    path("people/<str:ref>/", views.person_detail, name="person_detail"),
    path("people/<str:ref>/deactivate/", views.sign_in_deactivate, name="sign_in_deactivate"),
    path("people/<str:ref>/reactivate/", views.sign_in_reactivate, name="sign_in_reactivate"),
    path("people/<str:ref>/second-step/", views.second_step_clear, name="second_step_clear"),
    path("people/<str:ref>/shield/", views.person_shield, name="person_shield"),
    path("people/<str:ref>/address/", views.address_change, name="address_change"),
]
