from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/new/", views.organisation_add, name="organisation_add"),
    path("organisations/<str:ref>/", views.organisation_detail, name="organisation_detail"),
    path("organisations/<str:ref>/edit/", views.organisation_edit, name="organisation_edit"),
    path("organisations/<str:ref>/members/new/", views.member_add, name="member_add"),
    path("organisations/<str:ref>/members/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("programmes/<str:ref>/edit/", views.programme_edit, name="programme_edit"),
]
