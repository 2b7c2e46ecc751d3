"""Addresses of signing in and of claiming accounts."""

from django.urls import path

from workers.views import Accounts, DemoSignIn, Join, SignIn, SignOut, TakeBack

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="login"),
    path("sign-in/demo/", DemoSignIn.as_view(), name="demo-sign-in"),
    path("sign-out/", SignOut.as_view(), name="logout"),
    path("join/", Join.as_view(), name="join"),
    path("accounts/", Accounts.as_view(), name="accounts"),
    path("accounts/<int:pk>/take-back/", TakeBack.as_view(), name="take-back"),
]
