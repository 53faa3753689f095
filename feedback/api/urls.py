"""Routes under /api/v1/ for whoever needs help."""

from django.urls import path

from feedback.api.appeals import AccountAppeals, Appeals
from feedback.api.attachments import KeepPicture, OnePicture
from feedback.api.chats import ChatMessages, Chats, EndChat, SignalInChat
from feedback.api.consultations import ConcludeConsultation, Consult
from feedback.api.faq import Articles, FaqTopics, OneArticle, VoteOnArticle
from feedback.api.suggestions import PublicSuggestions, Suggestions, Vote
from feedback.api.surveys import AnswerInvitation, DeclineInvitation, Invitations, ShowInvitation
from feedback.api.tickets import CloseTicket, OneTicket, TicketMessages, Tickets

urlpatterns = [
    path("chats", Chats.as_view()),
    path("chats/<str:number>/messages", ChatMessages.as_view()),
    path("chats/<str:number>/signals", SignalInChat.as_view()),
    path("chats/<str:number>/end", EndChat.as_view()),
    path("feedback/attachments", KeepPicture.as_view()),
    path("feedback/attachments/<slug:token>", OnePicture.as_view()),
    path("tickets", Tickets.as_view()),
    path("tickets/<str:number>", OneTicket.as_view()),
    path("tickets/<str:number>/messages", TicketMessages.as_view()),
    path("tickets/<str:number>/close", CloseTicket.as_view()),
    path("surveys/invitations", Invitations.as_view()),
    path("surveys/invitations/<slug:number>", ShowInvitation.as_view()),
    path("surveys/invitations/<slug:number>/answers", AnswerInvitation.as_view()),
    path("surveys/invitations/<slug:number>/decline", DeclineInvitation.as_view()),
    path("suggestions", Suggestions.as_view()),
    path("suggestions/public", PublicSuggestions.as_view()),
    path("suggestions/<slug:number>/vote", Vote.as_view()),
    path("appeals", Appeals.as_view()),
    path("appeals/account", AccountAppeals.as_view()),
    path("faq/topics", FaqTopics.as_view()),
    path("faq/articles", Articles.as_view()),
    path("faq/articles/<slug:slug>", OneArticle.as_view()),
    path("faq/articles/<slug:slug>/vote", VoteOnArticle.as_view()),
    path("faq/consultations", Consult.as_view()),
    path("faq/consultations/<int:consultation_id>/outcome", ConcludeConsultation.as_view()),
]
