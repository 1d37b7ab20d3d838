from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/", views.own_record, name="own_record"),
    path("me/consents/<slug:item>/", views.consent_set, name="consent_set"),
]
