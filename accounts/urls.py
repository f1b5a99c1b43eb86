from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("hat/", views.HatChange.as_view(), name="hat"),
    path("profile/", views.Profile.as_view(), name="profile"),
    path("keyboard/", views.Keyboard.as_view(), name="keyboard"),
    path("tokens/new/", views.TokenCreate.as_view(), name="token-create"),
    path("tokens/<int:token_id>/revoke/", views.TokenRevoke.as_view(), name="token-revoke"),
    path("posts/", views.PostList.as_view(), name="posts"),
    path("posts/<str:code>/holders/new/", views.HoldingStart.as_view(), name="holding-start"),
    path("posts/<str:code>/deputies/new/", views.DeputyName.as_view(), name="deputy-name"),
    path("posts/<str:code>/telephones/", views.TelephonesGive.as_view(), name="telephones-give"),
    path("holdings/<int:holding_id>/end/", views.HoldingEnd.as_view(), name="holding-end"),
    path("deputies/<int:deputy_id>/end/", views.DeputyEnd.as_view(), name="deputy-end"),
]
