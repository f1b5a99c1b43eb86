"""The REST addresses of incidents and situation reports."""

from django.urls import path

from command.api import rhythm, sitreps, views
from moves.api import move_routes

app_name = "command_api"
urlpatterns = [
    path("incidents/", views.IncidentListApi.as_view(), name="incident-list"),
    path("incidents/<str:reference>/", views.IncidentApi.as_view(), name="incident-detail"),
    path("incidents/<str:reference>/groups/", views.GroupsApi.as_view(), name="incident-groups"),
    path(
        "incidents/<str:reference>/groups/<int:group_id>/stand-down/",
        views.GroupStandDownApi.as_view(),
        name="incident-group-down",
    ),
    path("incidents/<str:reference>/rhythm/", rhythm.RhythmApi.as_view(), name="incident-rhythm"),
    path("incidents/<str:reference>/rhythm/agree/", rhythm.RhythmAgreeApi.as_view(), name="incident-rhythm-agree"),
    path("incidents/<str:reference>/rhythm/occurrences/", rhythm.OccurrencesApi.as_view(), name="incident-occurrences"),
    path(
        "incidents/<str:reference>/rhythm/<int:event_id>/", rhythm.RhythmLineApi.as_view(), name="incident-rhythm-line"
    ),
    path(
        "incidents/<str:reference>/rhythm/<int:event_id>/end/",
        rhythm.RhythmEndApi.as_view(),
        name="incident-rhythm-end",
    ),
    path("incidents/<str:reference>/events/", views.IncidentEventsApi.as_view(), name="incident-events"),
    path("incidents/<str:reference>/sitreps/", sitreps.IncidentSitrepsApi.as_view(), name="incident-sitreps"),
    path("incidents/<str:reference>/transitions/", views.IncidentOffersApi.as_view(), name="incident-offers"),
    *move_routes(views.IncidentMoveApi, "incidents/<str:reference>/transitions/"),
    path("sitreps/", sitreps.SitrepListApi.as_view(), name="sitrep-list"),
    path("sitreps/<str:reference>/", sitreps.SitrepApi.as_view(), name="sitrep-detail"),
    path("sitreps/<str:reference>/second-check/", sitreps.SitrepSecondCheckApi.as_view(), name="sitrep-check"),
    path("sitreps/<str:reference>/transitions/", sitreps.SitrepOffersApi.as_view(), name="sitrep-offers"),
    *move_routes(sitreps.SitrepMoveApi, "sitreps/<str:reference>/transitions/"),
]
