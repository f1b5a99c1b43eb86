"""The addresses of issues. `issues/new/` is intake's and stands before these."""

from django.urls import path

from escalation import views
from escalation.ladder.offices import OFFICES, address_of

app_name = "escalation"
urlpatterns = [
    path("", views.IssueList.as_view(), name="issue-list"),
    path("agenda/", views.Agenda.as_view(), name="agenda"),
    path("<str:reference>/", views.IssueDetail.as_view(), name="issue-detail"),
    path("<str:reference>/history/", views.IssueHistory.as_view(), name="issue-history"),
    path("<str:reference>/edit/", views.IssueEdit.as_view(), name="issue-edit"),
    path("<str:reference>/moves/<str:name>/", views.IssueMove.as_view(), name="issue-move"),
    path("<str:reference>/declare-now/", views.IssueDeclareNow.as_view(), name="issue-declare-now"),
    path("<str:reference>/impact/new/", views.IssueImpact.as_view(), name="issue-impact"),
    path("<str:reference>/nnc/new/", views.IssueNnc.as_view(), name="issue-nnc"),
    path("<str:reference>/evidence/new/", views.EvidenceAdd.as_view(), name="evidence-add"),
    path("<str:reference>/commissions/new/", views.CommissionAsk.as_view(), name="commission-ask"),
    path(
        "<str:reference>/commissions/<int:commission_id>/settle/",
        views.CommissionSettle.as_view(),
        name="commission-settle",
    ),
    path("<str:reference>/agenda-marks/<int:mark_id>/taken-up/", views.MarkTakeUp.as_view(), name="mark-take-up"),
    path(
        "<str:reference>/consultations/<int:consultation_id>/confirm/",
        views.ConsultationConfirm.as_view(),
        name="consultation-confirm",
    ),
    path("<str:reference>/challenges/new/", views.ClosureChallenged.as_view(), name="closure-challenge"),
    path("<str:reference>/challenges/<int:challenge_id>/reviewer/", views.ReviewerName.as_view(), name="reviewer-name"),
    path(
        "<str:reference>/challenges/<int:challenge_id>/answer/",
        views.ChallengeAnswer.as_view(),
        name="challenge-answer",
    ),
    path("<str:reference>/help-requests/new/", views.HelpAsk.as_view(), name="help-ask"),
    path("<str:reference>/help-requests/<int:help_id>/answer/", views.HelpAnswer.as_view(), name="help-answer"),
    path("<str:reference>/reopen-requests/new/", views.ReopeningAsk.as_view(), name="reopening-ask"),
    path(
        "<str:reference>/reopen-requests/<int:reopening_id>/answer/",
        views.ReopeningAnswer.as_view(),
        name="reopening-answer",
    ),
    *(
        path(
            f"<str:reference>/{address_of(name)}/",
            views.IssueOffice.as_view(name=name),
            name=f"issue-{address_of(name)}",
        )
        for name in OFFICES
    ),
]
