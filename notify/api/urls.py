from django.urls import path

from notify.api import views

app_name = "notify_api"
urlpatterns = [path("service/", views.ServiceApi.as_view(), name="service")]
