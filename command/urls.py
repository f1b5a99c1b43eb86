"""The addresses of command's pages."""

from django.urls import path

from command.views import checking, incidents, moves, rhythm, sitreps

app_name = "command"
urlpatterns = [
    path("incidents/", incidents.IncidentList.as_view(), name="incident-list"),
    path("incidents/<str:reference>/", incidents.IncidentDetail.as_view(), name="incident-detail"),
    path("incidents/<str:reference>/history/", incidents.IncidentHistory.as_view(), name="incident-history"),
    path("incidents/<str:reference>/groups/new/", incidents.GroupStandUp.as_view(), name="group-new"),
    path(
        "incidents/<str:reference>/groups/<int:group_id>/stand-down/",
        incidents.GroupStandDown.as_view(),
        name="group-down",
    ),
    path("incidents/<str:reference>/moves/<str:name>/", moves.IncidentMove.as_view(), name="incident-move"),
    path("incidents/<str:reference>/rhythm/", rhythm.IncidentRhythm.as_view(), name="incident-rhythm"),
    path("incidents/<str:reference>/rhythm/new/", rhythm.RhythmAdd.as_view(), name="rhythm-new"),
    path("incidents/<str:reference>/rhythm/agree/", rhythm.RhythmAgree.as_view(), name="rhythm-agree"),
    path(
        "incidents/<str:reference>/rhythm/<int:event_id>/change/", rhythm.RhythmRevise.as_view(), name="rhythm-change"
    ),
    path("incidents/<str:reference>/rhythm/<int:event_id>/end/", rhythm.RhythmEnd.as_view(), name="rhythm-end"),
    path("incidents/<str:reference>/sitreps/open/", sitreps.SitrepOpen.as_view(), name="sitrep-open"),
    path("sitreps/<str:reference>/", sitreps.SitrepDetail.as_view(), name="sitrep-detail"),
    path("sitreps/<str:reference>/edit/", sitreps.SitrepEdit.as_view(), name="sitrep-edit"),
    path("sitreps/<str:reference>/second-check/", checking.SitrepSecondCheck.as_view(), name="sitrep-check"),
    path("sitreps/<str:reference>/moves/<str:name>/", sitreps.SitrepMove.as_view(), name="sitrep-move"),
]
