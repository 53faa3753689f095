"""Routes under /api/v1/ for what happens in the mini-program."""

from django.urls import path

from wallet_project.analytics.api.events import KeepEvents

urlpatterns = [path("events", KeepEvents.as_view())]
