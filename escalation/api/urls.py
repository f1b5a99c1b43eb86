"""The REST addresses of issues. POST on the collection is intake's, which adds it to the list."""

from django.urls import path

from escalation.api import agenda, requests, views
from moves.api import move_routes

app_name = "escalation_api"
urlpatterns = [
    path("issues/<str:reference>/", views.IssueApi.as_view(), name="issue-detail"),
    path("issues/<str:reference>/transitions/", views.IssueOffersApi.as_view(), name="issue-offers"),
    *move_routes(views.IssueMoveApi, "issues/<str:reference>/transitions/"),
    path("issues/<str:reference>/declare-now/", views.IssueDeclareNowApi.as_view(), name="issue-declare-now"),
    *views.office_routes("issues/<str:reference>/"),
    path(
        "issues/<str:reference>/impact-assessments/",
        views.ImpactAssessmentsApi.as_view(),
        name="issue-impact-assessments",
    ),
    path("issues/<str:reference>/nnc-assessments/", views.NncAssessmentsApi.as_view(), name="issue-nnc-assessments"),
    path("issues/<str:reference>/evidence/", views.EvidenceApi.as_view(), name="issue-evidence"),
    path("issues/<str:reference>/commissions/", views.CommissionsApi.as_view(), name="issue-commissions"),
    path(
        "issues/<str:reference>/commissions/<int:commission_id>/settle/",
        views.CommissionSettleApi.as_view(),
        name="issue-commission-settle",
    ),
    path("issues/<str:reference>/challenges/", requests.ChallengesApi.as_view(), name="issue-challenges"),
    path(
        "issues/<str:reference>/challenges/<int:challenge_id>/reviewer/",
        requests.ReviewerApi.as_view(),
        name="issue-challenge-reviewer",
    ),
    path(
        "issues/<str:reference>/challenges/<int:challenge_id>/answer/",
        requests.ChallengeAnswerApi.as_view(),
        name="issue-challenge-answer",
    ),
    path("issues/<str:reference>/help-requests/", requests.HelpRequestsApi.as_view(), name="issue-help-requests"),
    path(
        "issues/<str:reference>/help-requests/<int:help_id>/answer/",
        requests.HelpAnswerApi.as_view(),
        name="issue-help-answer",
    ),
    path("issues/<str:reference>/reopen-requests/", requests.ReopenRequestsApi.as_view(), name="issue-reopen-requests"),
    path(
        "issues/<str:reference>/reopen-requests/<int:reopening_id>/answer/",
        requests.ReopeningAnswerApi.as_view(),
        name="issue-reopening-answer",
    ),
    path("agenda-marks/", agenda.AgendaApi.as_view(), name="agenda"),
    path("issues/<str:reference>/agenda-marks/", agenda.AgendaMarksApi.as_view(), name="issue-agenda-marks"),
    path(
        "issues/<str:reference>/agenda-marks/<int:mark_id>/taken-up/",
        agenda.MarkTakeUpApi.as_view(),
        name="issue-mark-take-up",
    ),
    path(
        "issues/<str:reference>/consultations/<int:consultation_id>/confirm/",
        views.ConsultationConfirmApi.as_view(),
        name="issue-consultation-confirm",
    ),
    path("issues/<str:reference>/decisions/", views.DecisionsApi.as_view(), name="issue-decisions"),
    path("issues/<str:reference>/events/", views.EventsApi.as_view(), name="issue-events"),
]
