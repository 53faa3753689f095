"""Words that nobody sends to somebody else with money."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy
from wallet_project.kit.texts import skeleton


class ForbiddenWord(models.Model):
    """`folded` is the word as a hasty reader sees it: texts are compared with that (kit.texts.skeleton)."""

    word = models.CharField("词语", max_length=32)
    folded = models.CharField("比对形式", max_length=128, unique=True, editable=False)
    note = models.CharField("原因", max_length=100, help_text="例如：网络赌博")
    is_active = models.BooleanField("启用", default=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    privacy = Privacy(c1="word folded note is_active updated_at")

    class Meta:
        verbose_name = verbose_name_plural = "敏感词"
        constraints = [
            # In every text there is nothing: such a word would forbid all of them.
            models.CheckConstraint(condition=~Q(folded=""), name="a_forbidden_word_says_something"),
        ]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        self.folded = skeleton(self.word)
        if len(self.folded) < 2:
            raise ValidationError({"word": "至少两个字或字母，标点和空格不算"})
        if ForbiddenWord.objects.filter(folded=self.folded).exclude(pk=self.pk).exists():
            raise ValidationError({"word": "已有写法相近的词"})
