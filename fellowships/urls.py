from django.urls import path

from fellowships import views

app_name = "fellowships"
urlpatterns = [
    path("cycles/", views.cycle_list, name="cycle_list"),
    path("cycles/new/", views.cycle_open, name="cycle_open"),
    path("cycles/<str:ref>/", views.cycle_detail, name="cycle_detail"),
    path("cycles/<str:ref>/edit/", views.cycle_edit, name="cycle_edit"),
    path("cycles/<str:ref>/publish/", views.cycle_publish, name="cycle_publish"),
    path("cycles/<str:ref>/fellows/", views.fellow_list, name="fellow_list"),
    path("cycles/<str:ref>/fellows/new/", views.fellow_add, name="fellow_add"),
    path("cycles/<str:ref>/hosts/new/", views.host_add, name="host_add"),
    path("hosts/<str:ref>/agreement/", views.host_agreement, name="host_agreement"),
    path("fellows/<str:ref>/", views.fellow_detail, name="fellow_detail"),
    path("fellows/<str:ref>/place/", views.placement_add, name="placement_add"),
    path("fellows/<str:ref>/withdraw/", views.fellow_withdraw, name="fellow_withdraw"),
    path("fellows/<str:ref>/replace/", views.fellow_replace, name="fellow_replace"),
    path("placements/", views.placement_list, name="placement_list"),
    path("placements/<str:ref>/", views.placement_detail, name="placement_detail"),
    path("placements/<str:ref>/plan/", views.placement_plan, name="placement_plan"),
    path("placements/<str:ref>/start/", views.placement_start, name="placement_start"),
    path("placements/<str:ref>/withdraw/", views.placement_withdraw, name="placement_withdraw"),
]
