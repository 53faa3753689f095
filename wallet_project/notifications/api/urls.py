"""Routes under /api/v1/ for what people are told."""

from django.urls import path

from wallet_project.notifications.api.inbox import Messages, OpenMessage, ReadAll, ReadMessage, Unread
from wallet_project.notifications.api.preferences import ChannelPreference, Preferences, Unsubscriptions
from wallet_project.notifications.api.subscriptions import Subscriptions

urlpatterns = [
    path("notifications/messages", Messages.as_view()),
    path("notifications/messages/read", ReadAll.as_view()),
    path("notifications/messages/<slug:number>/read", ReadMessage.as_view()),
    path("notifications/messages/<slug:number>/opened", OpenMessage.as_view()),
    path("notifications/unread", Unread.as_view()),
    path("notifications/preferences", Preferences.as_view()),
    path("notifications/preferences/<slug:category>/<slug:channel>", ChannelPreference.as_view()),
    path("notifications/unsubscriptions", Unsubscriptions.as_view()),
    path("notifications/subscriptions", Subscriptions.as_view()),
]
