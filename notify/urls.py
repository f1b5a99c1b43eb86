from django.urls import path

from notify import views

app_name = "notify"
urlpatterns = [
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("inbox/read/", views.InboxRead.as_view(), name="inbox-read"),
    path("service/", views.Service.as_view(), name="service"),
]
