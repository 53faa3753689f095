"""One of my records, explained: its steps, its parts, whom to name it to."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.api.records import RecordOutput
from wallet.rules.kinds import Colour
from wallet.selectors.records import colours_of, record_for
from wallet.selectors.timelines import timeline_of
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door


class ShowRecord(Door):
    """Everything about one line of my history."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(RecordOutput):
        class ColourOutput(OutputSerializer):
            colour = serializers.ChoiceField(choices=Colour.choices)
            name = serializers.CharField(help_text="可直接展示")
            amount = FenField(help_text="正数为转入，负数为转出")

        class StepOutput(OutputSerializer):
            code = serializers.CharField(
                help_text="created、placed、captured、voided、expired、settled，或一种记录类型"
            )
            name = serializers.CharField(help_text="可直接展示")
            at = TimeField()
            amount = FenField()

        journal_no = serializers.CharField(help_text="凭证号，联系客服时提供")
        colours = ColourOutput(many=True, help_text="本金、赠金、返现各变动多少")
        timeline = StepOutput(many=True, help_text="同一单号的每一步，按时间先后")

    @extend_schema(
        operation_id="show_record",
        summary="账单详情 One record with its timeline",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[
            OpenApiExample(
                "到店付款",
                value={
                    "id": "2048",
                    "kind": "payment",
                    "kind_name": "付款",
                    "direction": "out",
                    "amount": 9_499,
                    "balance_amount": 3_000,
                    "channel_amount": 6_499,
                    "discount_amount": 500,
                    "balance_after": 7_000,
                    "fee": 0,
                    "counterparty": "store:renmin",
                    "counterparty_name": "人民路店",
                    "title": "人民路店",
                    "reference": "O261121201530123Q7K0M2Z9XWDAX",
                    "occurred_at": "2026-11-21T20:15:42+08:00",
                    "journal_no": "4096",
                    "colours": [
                        {"colour": "principal", "name": "本金", "amount": -2_500},
                        {"colour": "bonus", "name": "赠金", "amount": -500},
                    ],
                    "timeline": [
                        {
                            "code": "placed",
                            "name": "冻结金额",
                            "at": "2026-11-21T20:15:30+08:00",
                            "amount": 3_000,
                        },
                        {
                            "code": "payment",
                            "name": "付款",
                            "at": "2026-11-21T20:15:42+08:00",
                            "amount": 9_499,
                        },
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, record: int) -> Response:
        found = record_for(user_id=self.caller_id, record_id=record)
        colours = [
            {"colour": colour, "name": Colour(colour).label, "amount": amount}
            for colour, amount in colours_of(found).items()
        ]
        explained = {
            "journal_no": str(found.journal_id),
            "colours": self.Output.ColourOutput.answer_each(colours),
            "timeline": self.Output.StepOutput.answer_each(timeline_of(found)),
        }
        return Response({**RecordOutput.answer(found), **explained})
