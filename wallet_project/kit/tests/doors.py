"""Small doors with every guard of the house, for the tests of what all doors share."""

import time
from types import SimpleNamespace

from django.db import DataError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from wallet_project.kit import context
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
)
from wallet_project.kit.api.throttling import HumanPace, ScopedThrottle
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import StateConflict, TemporarilyUnavailable
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.models import StoredEvent

EFFECT = "kit.tests.effect"


class ByHeader(BaseAuthentication):
    """Whoever the Person header says."""

    def authenticate(self, request):
        person = request.headers.get("Person")
        if person is None:
            return None
        context.fill_in(actor=f"user:{person}")
        return SimpleNamespace(pk=person), None

    def authenticate_header(self, request):
        return "Bearer"


class Known(BasePermission):
    def has_permission(self, request, view):
        return request.user is not None


class Spend(Door):
    """Has one effect, a row, and then goes wrong in the way it is told."""

    authentication_classes = [ByHeader]
    permission_classes = [Known]
    throttle_scope = "write"

    class Input(InputSerializer):
        amount = FenField()
        purpose = StrictCharField(max_length=64)
        trouble = StrictCharField(max_length=32, default="")

    @idempotent
    def post(self, request):
        wish = self.Input.read(request)
        match wish["trouble"]:
            case "refused":
                raise StateConflict(state="SHUT", wanted="OPEN")
            case "unavailable":
                raise TemporarilyUnavailable
            case "broken before":
                raise RuntimeError("nothing has happened yet")
        number = earlier_effect()
        if number is None:
            with transaction.atomic():
                effect = StoredEvent.objects.create(
                    name=EFFECT, aggregate=wish["purpose"], payload=wish["amount"]
                )
                keep_effect(f"effect:{effect.pk}")
                number = f"effect:{effect.pk}"
        if wish["trouble"] == "broken once after" and number not in _broken:
            _broken.add(number)
            raise RuntimeError("it has happened, but nobody will hear of it")
        return Response({"number": number, "amount": wish["amount"], "says": "好"}, status=201)


_broken = set()


def be_cut_off():
    """PostgreSQL ends this connection in the middle of its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
    time.sleep(0.2)


class SpendElsewhere(Spend):
    pass


class Read(Door):
    """Answers with what it understood."""

    permission_classes = [Anyone]
    authentication_classes = []
    throttle_scope = "write"

    class Input(InputSerializer):
        amount = FenField(required=False, max_value=1_000_000)
        text = StrictCharField(required=False, max_length=32)
        flag = StrictBooleanField(required=False)
        count = StrictIntegerField(required=False, min_value=1, max_value=9)
        free = serializers.JSONField(required=False)

    class Query(InputSerializer):
        word = serializers.CharField(required=False, max_length=10)

    def get(self, request):
        return Response(self.Query.read_query(request))

    def post(self, request):
        return Response(self.Input.read(request))


class Pages(Door):
    """Somebody's rows, page by page."""

    authentication_classes = [ByHeader]
    permission_classes = [Known]
    throttle_scope = "read"

    class Item(OutputSerializer):
        number = serializers.IntegerField(source="payload")

    def get(self, request):
        query = PageQuery.read_query(request)
        rows = StoredEvent.objects.filter(aggregate=request.user.pk)
        return Response(page_of(rows, output=self.Item, query=query, purpose=f"rows:{request.user.pk}"))


class Scarce(Door):
    """Gives away what everybody wants."""

    authentication_classes = [ByHeader]
    permission_classes = [Anyone]
    throttle_scope = "scarce"
    throttle_classes = [ScopedThrottle, HumanPace]

    def get(self, request):
        return Response({})

    def post(self, request):
        return Response({})


class Failing(Door):
    """Raises what really happens in a database."""

    permission_classes = [Anyone]
    authentication_classes = []
    throttle_scope = "read"

    def get(self, request, how):
        statements = {
            "data": "SELECT 'x'::int",
            "slow": "SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(3)",
        }
        if how == "bug":
            raise KeyError("13800138000")
        with transaction.atomic(), connection.cursor() as cursor:
            if how == "away":
                be_cut_off()
            cursor.execute(statements.get(how, "SELECT 1"))
        return Response({})


def plain(request, how):
    """A view without a door around it."""
    if how == "away":
        raise OperationalError
    if how == "data":
        raise DataError
    return HttpResponse("fine")


urlpatterns = [
    path("api/v1/spend", Spend.as_view()),
    path("api/v1/spend-elsewhere", SpendElsewhere.as_view()),
    path("api/v1/read", Read.as_view()),
    path("api/v1/pages", Pages.as_view()),
    path("api/v1/scarce", Scarce.as_view()),
    path("api/v1/failing/<str:how>", Failing.as_view()),
    path("api/v1/plain/<str:how>", plain),
]
