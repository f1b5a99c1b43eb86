"""The REST addresses of reviews."""

from django.urls import path

from readiness.api import views

app_name = "readiness_api"
_LESSON = "incidents/<str:reference>/review/lessons/<int:lesson_id>/"
urlpatterns = [
    path("incidents/<str:reference>/review/", views.ReviewApi.as_view(), name="review"),
    path("incidents/<str:reference>/review/findings/", views.FindingsApi.as_view(), name="findings"),
    path("incidents/<str:reference>/review/lessons/", views.LessonsApi.as_view(), name="lessons"),
    path(_LESSON, views.LessonApi.as_view(), name="lesson"),
    path(f"{_LESSON}settle/", views.LessonSettleApi.as_view(), name="lesson-settle"),
]
