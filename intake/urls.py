from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("issues/new/", views.IssueNew.as_view(), name="issue-new"),
    path("issues/new/similar/", views.IssueSimilar.as_view(), name="issue-similar"),
    path("issues/<str:reference>/reported/", views.IssueReported.as_view(), name="issue-reported"),
]
