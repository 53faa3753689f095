"""Help, for everybody to read: by topic, by feature, or by what one asks; and whether it helped."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from feedback.rules.faq import Feature
from feedback.selectors.faq import article_named, articles_about, articles_in_force, topics
from feedback.services.faq import vote
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

TAGS = ["帮助 help"]
TITLE = {"slug": "first-top-up", "topic": "paying", "topic_name": "充值与付款", "title": "怎样给钱包充值"}
_FOUND = 20


class ArticleTitle(OutputSerializer):
    slug = serializers.CharField(source="article.slug")
    topic = serializers.CharField(source="article.topic.code")
    topic_name = serializers.CharField(source="article.topic.name")
    title = serializers.CharField()


class ArticleOutput(ArticleTitle):
    body = serializers.CharField(help_text="纯文本：空行分段，“- ”开头的行是列表项")
    helpful = serializers.IntegerField(help_text="觉得有帮助的人数")
    updated_at = TimeField(source="live_at")


class FaqTopics(Door):
    """What there is to read about."""

    authentication_classes = []  # help is there for whoever cannot log in
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class TopicOutput(OutputSerializer):
            code = serializers.CharField()
            name = serializers.CharField()
            count = serializers.IntegerField(help_text="文章数")

        items = TopicOutput(many=True)

    @extend_schema(
        operation_id="list_faq_topics",
        summary="帮助分类 Topics of help",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "分类",
                value={"items": [{"code": "paying", "name": "充值与付款", "count": 3}]},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": topics()}))


class Articles(Door):
    """
    What there is to read, in its order; with `text` what answers it, the likeliest first, at most twenty.
    `feature` is the page of the mini-program that asks for its guide.
    """

    authentication_classes = []  # as above
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Query(InputSerializer):
        topic = serializers.SlugField(max_length=32, required=False)
        feature = serializers.ChoiceField(choices=Feature.choices, required=False)
        text = StrictCharField(max_length=100, required=False, help_text="顾客的话即可，也会按同义词查找")

    class Output(OutputSerializer):
        items = ArticleTitle(many=True)

    @extend_schema(
        operation_id="list_articles",
        summary="帮助文章 Help articles",
        tags=TAGS,
        parameters=[Query],
        responses=Output,
        examples=[OpenApiExample("文章", value={"items": [TITLE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        text = query.pop("text", None)
        found = articles_about(text, **query)[:_FOUND] if text else articles_in_force(**query)
        return Response(self.Output.answer({"items": found}))


class OneArticle(Door):
    """One article."""

    authentication_classes = []  # as above
    permission_classes = [Anyone]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        operation_id="show_article",
        summary="阅读帮助文章 One help article",
        tags=TAGS,
        responses=ArticleOutput,
        examples=[
            OpenApiExample(
                "文章",
                value={
                    **TITLE,
                    "body": "打开小程序，进入“钱包”，点“充值”。",
                    "helpful": 128,
                    "updated_at": "2026-11-21T20:15:30+08:00",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(ArticleOutput.answer(article_named(slug)))


class VoteOnArticle(Door):
    """Whether an article helped me; the last word counts."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    class Input(InputSerializer):
        is_helpful = StrictBooleanField()

    @extend_schema(
        operation_id="vote_on_article",
        summary="评价帮助文章 Vote on an article",
        tags=TAGS,
        request=Input,
        responses={204: None},
        examples=[OpenApiExample("有帮助", value={"is_helpful": True}, request_only=True)],
    )
    def put(self, request: Request, slug: str) -> Response:
        vote(user_id=self.caller_id, slug=slug, **self.Input.read(request))
        return Response(status=204)
