"""The addresses of a review's pages."""

from django.urls import path

from readiness import views

app_name = "readiness"
urlpatterns = [
    path("incidents/<str:reference>/review/", views.ReviewDetail.as_view(), name="review"),
    path("incidents/<str:reference>/review/findings/", views.FindingRecord.as_view(), name="finding"),
    path("incidents/<str:reference>/review/lessons/new/", views.LessonAdd.as_view(), name="lesson-new"),
    path("incidents/<str:reference>/review/lessons/<int:lesson_id>/", views.LessonChange.as_view(), name="lesson"),
    path(
        "incidents/<str:reference>/review/lessons/<int:lesson_id>/settle/",
        views.LessonSettle.as_view(),
        name="lesson-settle",
    ),
]
