from django.urls import path

from notify import views

app_name = "notify"
urlpatterns = [
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("inbox/read/", views.InboxRead.as_view(), name="inbox-read"),
    path("inbox/choices/", views.Choices.as_view(), name="choices"),
    path("service/", views.Service.as_view(), name="service"),
    path("service/dead-letters/again/", views.DeadLettersAgain.as_view(), name="dead-letters-again"),
    path(
        "service/dead-letters/<str:channel>/<int:number>/again/",
        views.DeadLetterAgain.as_view(),
        name="dead-letter-again",
    ),
]
