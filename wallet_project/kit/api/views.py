"""The base of every door."""

from typing import Any, ClassVar

from rest_framework.views import APIView

from wallet_project.kit.errors import DomainError


class Door(APIView):
    """
    One topic's HTTP. Each door declares who may come in, how often, and what can go wrong:
    `permission_classes`, `throttle_scope`, `errors`; a test refuses doors that do not.
    """

    throttle_scope: ClassVar[str | None]
    errors: ClassVar[tuple[type[DomainError], ...]] = ()
    open_while_read_only: ClassVar[bool] = False  # what others send us is kept, whatever stands still

    @property
    def caller_id(self) -> int:
        """Whose request this is; behind a permission that lets only known people in."""
        known: Any = self.request.user.pk
        return known

    @property
    def device_id(self) -> str:
        """What the request is made from, in the client's own words; behind a login only."""
        known: Any = self.request.auth
        return known.device_id

    @property
    def step_up_grant(self) -> str:
        """The proof for this very request that the client got for an earlier 428, or nothing."""
        return self.request.headers.get("Step-Up-Grant", "").strip()

    def handle_exception(self, exc: Exception) -> Any:
        # DRF's own version turns 401 into 403 when an authenticator names no scheme; ours never guesses.
        response = self.get_exception_handler()(exc, self.get_exception_handler_context())
        response.exception = True
        return response
