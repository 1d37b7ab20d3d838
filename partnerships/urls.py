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
    path("organisations/<str:ref>/members/<int:pk>/dates/", views.membership_date, name="membership_date"),
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/new/", views.programme_open, name="programme_open"),
    path("programmes/<str:ref>/", views.programme_detail, name="programme_detail"),
    path("programmes/<str:ref>/edit/", views.programme_edit, name="programme_edit"),
    path("programmes/<str:ref>/roles/new/", views.programme_role_give, name="programme_role_give"),
    path("programmes/<str:ref>/roles/<int:pk>/end/", views.programme_role_end, name="programme_role_end"),
    path("programmes/<str:ref>/roles/<int:pk>/dates/", views.programme_role_date, name="programme_role_date"),
]
