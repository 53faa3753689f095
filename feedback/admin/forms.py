"""What the composer and the queue send."""

from django import forms

from feedback.rules.tickets import TicketState

_THEN = (TicketState.OPEN, TicketState.RESOLVED, TicketState.CLOSED)


class AnswerForm(forms.Form):
    """What the composer sends: words, or a move, or both."""

    body = forms.CharField(max_length=4_000, required=False, strip=False)
    is_note = forms.BooleanField(required=False)
    client_id = forms.UUIDField()
    seen_id = forms.IntegerField(min_value=0)
    then = forms.TypedChoiceField(
        choices=[(each, each) for each in ("", *_THEN)],
        coerce=TicketState,
        empty_value=None,
        required=False,
    )


class ViewForm(forms.Form):
    name = forms.CharField(max_length=20)
    query = forms.CharField(max_length=300, required=False)
