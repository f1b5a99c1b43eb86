from django.urls import path

from rest import posts, profile

app_name = "posts_api"
urlpatterns = [
    path("profile/keyboard/", profile.KeyboardApi.as_view(), name="keyboard"),
    path("posts/", posts.PostsApi.as_view(), name="posts"),
    path("posts/<str:code>/telephones/", posts.TelephonesApi.as_view(), name="telephones"),
]
