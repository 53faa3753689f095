"""Routes under /api/v1/ for whoever needs help."""

from django.urls import path

from feedback.api.attachments import KeepPicture, OnePicture
from feedback.api.tickets import CloseTicket, OneTicket, TicketMessages, Tickets

urlpatterns = [
    path("feedback/attachments", KeepPicture.as_view()),
    path("feedback/attachments/<slug:token>", OnePicture.as_view()),
    path("tickets", Tickets.as_view()),
    path("tickets/<str:number>", OneTicket.as_view()),
    path("tickets/<str:number>/messages", TicketMessages.as_view()),
    path("tickets/<str:number>/close", CloseTicket.as_view()),
]
