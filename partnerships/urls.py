from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/new/", views.organisation_add, name="organisation_add"),
    path("organisations/<str:ref>/", views.organisation_detail, name="organisation_detail"),
    path("organisations/<str:ref>/edit/", views.organisation_edit, name="organisation_edit"),
    path("organisations/<str:ref>/shield/", views.organisation_shield, name="organisation_shield"),
    path("organisations/<str:ref>/members/new/", views.member_add, name="member_add"),
    path("organisations/<str:ref>/members/invite/", views.members_invite, name="members_invite"),
    path("organisations/<str:ref>/members/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("hackathons/", views.hackathon_list, name="hackathon_list"),
    path("hackathons/new/", views.hackathon_open, name="hackathon_open"),
    path("hackathons/<str:ref>/", views.hackathon_detail, name="hackathon_detail"),
    path("hackathons/<str:ref>/edit/", views.hackathon_edit, name="hackathon_edit"),
    path("hackathons/<str:ref>/close/", views.hackathon_close, name="hackathon_close"),
    path("hackathons/<str:ref>/publish/", views.hackathon_publish, name="hackathon_publish"),
    path("hackathons/<str:ref>/outputs/new/", views.output_add, name="output_add"),
    path("outputs/<str:ref>/", views.output_detail, name="output_detail"),
    path("outputs/<str:ref>/edit/", views.output_edit, name="output_edit"),
    path("outputs/<str:ref>/remove/", views.output_remove, name="output_remove"),
    path("outputs/<str:ref>/owner/", views.owner_name, name="owner_name"),
    path("follow-ups/", views.follow_up_list, name="follow_up_list"),
    path("follow-ups/<str:ref>/answer/", views.follow_up_answer, name="follow_up_answer"),
    path("follow-ups/<str:ref>/correct/", views.follow_up_correct, name="follow_up_correct"),
    path("organisations/<str:ref>/members/<int:pk>/dates/", views.membership_date, name="membership_date"),
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/new/", views.programme_open, name="programme_open"),
    path("programmes/<str:ref>/", views.programme_detail, name="programme_detail"),
    path("programmes/<str:ref>/edit/", views.programme_edit, name="programme_edit"),
    path("programmes/<str:ref>/roles/new/", views.programme_role_give, name="programme_role_give"),
    path("programmes/<str:ref>/roles/<int:pk>/end/", views.programme_role_end, name="programme_role_end"),
    path("programmes/<str:ref>/roles/<int:pk>/dates/", views.programme_role_date, name="programme_role_date"),
]
