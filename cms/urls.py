from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("agreements/<str:ref>/case-study/", views.agreement_story_draft, name="agreement_story_draft"),
    path("cycles/<str:ref>/case-study/", views.cycle_story_draft, name="cycle_story_draft"),
    path("outputs/<str:ref>/case-study/", views.output_story_draft, name="output_story_draft"),
    path("placements/<str:ref>/case-study/", views.placement_story_draft, name="placement_story_draft"),
]
