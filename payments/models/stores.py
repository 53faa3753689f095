"""Where customers pay, and the shop systems that create orders for them."""

from django.db import models

from wallet_project.kit.fields import SealedField, open_column, seal_column
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy


class Store(Timestamped):
    code = models.SlugField("门店编号", max_length=32, unique=True)
    name = models.CharField("门店名称", max_length=64)
    address = models.CharField("地址", max_length=128, blank=True)
    is_open = models.BooleanField("营业中", default=True)

    privacy = Privacy(public="code name address is_open")

    class Meta:
        verbose_name = verbose_name_plural = "门店"

    def __str__(self) -> str:
        return self.name


class ShopSystem(Timestamped):
    """A merchant's own system, allowed to create orders over signed requests."""

    key_id = models.CharField("Key ID", max_length=32, unique=True)
    name = models.CharField("名称", max_length=64)
    secret_sealed = SealedField("密钥（加密）", belongs_to="payments.shopsystem.secret:{key_id}")
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(c3="secret_sealed", c1="key_id name is_active")

    class Meta:
        verbose_name = verbose_name_plural = "商城系统"

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
