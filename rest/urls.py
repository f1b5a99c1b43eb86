from django.urls import path

from rest import posts

app_name = "posts_api"
urlpatterns = [
    path("posts/", posts.PostsApi.as_view(), name="posts"),
    path("posts/<str:code>/telephones/", posts.TelephonesApi.as_view(), name="telephones"),
]
