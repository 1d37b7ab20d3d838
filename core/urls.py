from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("messages/", views.message_list, name="message_list"),
    path("log/", views.event_list, name="event_list"),
    path("retention/", views.retention_list, name="retention_list"),
    path("retention/<str:kind>/", views.retention_detail, name="retention_detail"),
    path("retention/<str:kind>/hold/", views.retention_hold, name="retention_hold"),
    path("retention/<str:kind>/lift/", views.retention_lift, name="retention_lift"),
    path("mail/", views.mail_list, name="mail_list"),
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_add, name="import_add"),
    path("imports/<str:ref>/", views.import_detail, name="import_detail"),
    path("imports/<str:ref>/files/", views.import_files, name="import_files"),
    path("imports/<str:ref>/columns/", views.import_columns, name="import_columns"),
    path("imports/<str:ref>/mapping/", views.import_mapping_choose, name="import_mapping_choose"),
    path("imports/<str:ref>/mapping.yaml", views.import_mapping, name="import_mapping"),
    path("imports/<str:ref>/values/", views.import_values, name="import_values"),
    path("imports/<str:ref>/check/", views.import_check, name="import_check"),
    path("imports/<str:ref>/faults/", views.import_fault_list, name="import_fault_list"),
    path("imports/<str:ref>/apply/", views.import_apply, name="import_apply"),
    path("imports/<str:ref>/discard/", views.import_discard, name="import_discard"),
]
