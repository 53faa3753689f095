"""The support desk's URLs."""

from django.urls import path

from feedback.api.attachments import KeepPicture, OnePicture

urlpatterns = [
    path("feedback/attachments", KeepPicture.as_view()),
    path("feedback/attachments/<slug:token>", OnePicture.as_view()),
]
