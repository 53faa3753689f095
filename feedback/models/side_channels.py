"""How to reach whoever wrote or called past the mini-program."""

from django.db import models

from feedback.models.tickets import Ticket
from wallet_project.kit.fields import SealedField, open_column, seal_column
from wallet_project.kit.privacy import Privacy


class TicketContact(models.Model):
    """A phone number, an address, a name in some network: as the agent typed it in, sealed."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="contact", verbose_name="工单"
    )
    contact_sealed = SealedField("联系方式", belongs_to="feedback.ticketcontact.contact:{ticket_id}")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c2="contact_sealed", c1="ticket")

    class Meta:
        verbose_name = verbose_name_plural = "工单联系方式"

    def __str__(self) -> str:
        return str(self.ticket_id)

    @property
    def contact(self) -> str:
        return open_column(self, "contact_sealed")

    @contact.setter
    def contact(self, plain: str) -> None:
        seal_column(self, "contact_sealed", plain)
