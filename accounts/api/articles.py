"""Help, for everybody to read."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.articles import Topic
from accounts.selectors.articles import article_named, published_articles
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound


class ArticleTitle(OutputSerializer):
    slug = serializers.CharField()
    topic = serializers.CharField()
    topic_name = serializers.CharField(source="get_topic_display")
    title = serializers.CharField()


class ArticleOutput(ArticleTitle):
    body = serializers.CharField(help_text="纯文本：空行分段，“- ”开头的行是列表项")
    updated_at = TimeField()


_TITLE = {
    "slug": "first-top-up",
    "topic": "paying",
    "topic_name": "充值与付款",
    "title": "怎样给钱包充值",
}


class Articles(Door):
    """What there is to read."""

    authentication_classes = []  # help is there for whoever cannot log in
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Query(InputSerializer):
        topic = serializers.ChoiceField(choices=Topic.choices, required=False)

    class Output(OutputSerializer):
        items = ArticleTitle(many=True)

    @extend_schema(
        operation_id="list_articles",
        summary="帮助文章 Help articles",
        tags=["帮助 help"],
        parameters=[Query],
        responses=Output,
        examples=[OpenApiExample("文章", value={"items": [_TITLE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        found = published_articles(**self.Query.read_query(request))
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
        tags=["帮助 help"],
        responses=ArticleOutput,
        examples=[
            OpenApiExample(
                "文章",
                value={
                    **_TITLE,
                    "body": "打开小程序，进入“钱包”，点“充值”。",
                    "updated_at": "2026-11-21T20:15:30+08:00",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(ArticleOutput.answer(article_named(slug)))
