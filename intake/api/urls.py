"""The collection of issues: one address for the list and the report."""

from django.urls import path

from intake.api import views

app_name = "intake_api"
urlpatterns = [path("issues/", views.IssuesApi.as_view(), name="issue-list")]
