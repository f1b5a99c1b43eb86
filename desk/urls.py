"""The pages that show several rooms at once."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("search/", views.Search.as_view(), name="search"),
    path("help/", views.Help.as_view(), name="help"),
    path("help/errors/<slug:code>/", views.HelpError.as_view(), name="help-error"),
]
