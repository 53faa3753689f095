"""What others may hear from the support desk; its own topics hear it, too."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _OfTicket(Event):
    ticket_id: int

    @property
    def aggregate(self) -> str:
        return f"ticket:{self.ticket_id}"


@dataclass(frozen=True, kw_only=True)
class TicketOpened(_OfTicket):
    """Somebody asks for help, or has reached us another way."""

    name = "feedback.ticket.opened"


@dataclass(frozen=True, kw_only=True)
class TicketMoved(_OfTicket):
    """A ticket is in another state since `at` (ISO 8601); the states are those of rules/tickets."""

    name = "feedback.ticket.moved"
    was: str
    state: str
    at: str


@dataclass(frozen=True, kw_only=True)
class TicketReclassified(_OfTicket):
    """Its kind, priority, queue or the customer's tier is another one."""

    name = "feedback.ticket.reclassified"


@dataclass(frozen=True, kw_only=True)
class TicketReplied(_OfTicket):
    """We have written to the customer."""

    name = "feedback.ticket.replied"
    message_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerWrote(_OfTicket):
    """The customer has written again after the first message."""

    name = "feedback.ticket.customer_wrote"
    message_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerReminded(_OfTicket):
    """A ticket waits for its customer for long, who is reminded of it."""

    name = "feedback.ticket.customer_reminded"


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(_OfTicket):
    """A member of staff has it now, or nobody."""

    name = "feedback.ticket.assigned"
    assignee_id: int | None


@dataclass(frozen=True, kw_only=True)
class _OfInvitation(Event):
    """Of one customer to one survey."""

    invitation_id: int
    survey_id: int
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"invitation:{self.invitation_id}"


@dataclass(frozen=True, kw_only=True)
class SurveyInvited(_OfInvitation):
    """Somebody may answer a survey from `opens_at` on."""

    name = "feedback.survey.invited"
    opens_at: str


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(_OfInvitation):
    """Somebody has answered a survey, or added to what they answered."""

    name = "feedback.survey.answered"


@dataclass(frozen=True, kw_only=True)
class SuggestionMoved(Event):
    """What became of a suggestion; selectors.suggestions.who_hears says who wants to know."""

    name = "feedback.suggestion.moved"
    suggestion_id: int
    state: str

    @property
    def aggregate(self) -> str:
        return f"suggestion:{self.suggestion_id}"


@dataclass(frozen=True, kw_only=True)
class TicketEscalated(_OfTicket):
    """One more must know that a promise is soon, or was, broken; names are those of rules/sla."""

    name = "feedback.ticket.escalated"
    clock: str
    rung: int
    assignee_id: int | None


@dataclass(frozen=True, kw_only=True)
class _OfIncident(Event):
    incident_id: int
    kind: str

    @property
    def aggregate(self) -> str:
        return f"incident:{self.incident_id}"


@dataclass(frozen=True, kw_only=True)
class IncidentBegan(_OfIncident):
    """An emergency that nobody has reported before."""

    name = "feedback.incident.began"


@dataclass(frozen=True, kw_only=True)
class IncidentOver(_OfIncident):
    """It is ENDED, or was a FALSE_ALARM."""

    name = "feedback.incident.over"
    state: str
