"""Where customers pay, and the shop systems that create orders for them."""

from django.db import models
from django.db.models import Q

from payments.rules.shipping import BY_ITSELF
from wallet_project.kit.fields import SealedField, open_column, seal_column
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy

MOST_AT_ONCE = 500_00  # what a seller may let go without anybody looking, of one order


def lets_go_at_once(seller: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(refunds_at_once_up_to__gte=0, refunds_at_once_up_to__lte=MOST_AT_ONCE),
        name=f"a_{seller}_lets_little_go_at_once",
    )


class Store(Timestamped):
    """
    `refunds_at_once_up_to` fen of an order go back when its payer asks; more waits for a person. `ships_as`:
    what is paid counts as shipped, nobody has to say so.
    """

    code = models.SlugField("门店编号", max_length=32, unique=True)
    name = models.CharField("门店名称", max_length=64)
    address = models.CharField("地址", max_length=128, blank=True)
    is_open = models.BooleanField("营业中", default=True)
    refunds_at_once_up_to = models.BigIntegerField("免审退款上限", default=0)
    ships_as = models.CharField("付款即视为发货", max_length=8, choices=BY_ITSELF, blank=True)

    privacy = Privacy(public="code name address is_open", c1="refunds_at_once_up_to ships_as")

    class Meta:
        verbose_name = verbose_name_plural = "门店"
        constraints = [lets_go_at_once("store")]

    def __str__(self) -> str:
        return self.name


class ShopSystem(Timestamped):
    """
    A merchant's own system, allowed to create orders over signed requests; refunds as for a store.

    `notify_url` is where it hears of their ends; empty: it hears nothing. One that did not answer at
    all is left alone until `rests_until`, so that others are not kept waiting.
    """

    key_id = models.CharField("Key ID", max_length=32, unique=True)
    name = models.CharField("名称", max_length=64)
    secret_sealed = SealedField("密钥（加密）", belongs_to="payments.shopsystem.secret:{key_id}")
    is_active = models.BooleanField("启用", default=True)
    refunds_at_once_up_to = models.BigIntegerField("免审退款上限", default=0)
    ships_as = models.CharField("付款即视为发货", max_length=8, choices=BY_ITSELF, blank=True)
    notify_url = models.CharField("通知地址", max_length=255, blank=True)
    rests_until = models.DateTimeField("暂缓通知至", null=True, blank=True)

    privacy = Privacy(
        c3="secret_sealed", c1="key_id name is_active refunds_at_once_up_to ships_as notify_url rests_until"
    )

    class Meta:
        verbose_name = verbose_name_plural = "商城系统"
        constraints = [lets_go_at_once("shop")]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        return open_column(self, "secret_sealed")

    def set_secret(self, secret: str) -> None:
        seal_column(self, "secret_sealed", secret)


class ShopNonce(AppendOnly):
    """A nonce is good for one request; kept in PostgreSQL, so losing Valkey reopens nothing."""

    app_role_may = ("SELECT", "INSERT", "DELETE")

    shop = models.ForeignKey(ShopSystem, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    privacy = Privacy(c1="shop nonce used_at")

    class Meta:
        verbose_name = verbose_name_plural = "商城请求随机串"
        constraints = [
            models.UniqueConstraint(fields=["shop", "nonce"], name="a_shop_nonce_is_used_once"),
        ]
        indexes = [models.Index(fields=["used_at"], name="shop_nonce_used_at")]

    def __str__(self) -> str:
        return self.nonce
