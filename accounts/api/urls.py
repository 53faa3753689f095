"""Account URLs, under /api/v1/."""

from django.urls import path

from accounts.api.login import LogIn, LogOut, Refresh
from accounts.api.phones import BindPhone
from accounts.api.profile import Me

urlpatterns = [
    path("auth/login", LogIn.as_view()),
    path("auth/refresh", Refresh.as_view()),
    path("auth/logout", LogOut.as_view()),
    path("me", Me.as_view()),
    path("me/phone", BindPhone.as_view()),
]
