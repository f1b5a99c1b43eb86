from django.urls import path

from notify.api import views

app_name = "notify_api"
urlpatterns = [
    path("inbox/", views.InboxApi.as_view(), name="inbox"),
    path("inbox/read/", views.InboxReadApi.as_view(), name="inbox-read"),
    path("inbox/choices/", views.ChoicesApi.as_view(), name="choices"),
    path("service/", views.ServiceApi.as_view(), name="service"),
    path("service/dead-letters/again/", views.DeadLettersAgainApi.as_view(), name="dead-letters-again"),
    path(
        "service/dead-letters/<str:channel>/<int:number>/again/",
        views.DeadLetterAgainApi.as_view(),
        name="dead-letter-again",
    ),
]
