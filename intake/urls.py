from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("issues/new/", views.IssueNew.as_view(), name="issue-new"),
    path("issues/<str:reference>/reported/", views.IssueReported.as_view(), name="issue-reported"),
]
