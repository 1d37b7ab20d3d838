from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("messages/", views.message_list, name="message_list"),
    path("mail/", views.mail_list, name="mail_list"),
]
