"""
Bills of a day: apply, download, unpack (WeChat Pay v3 docs 4013071227, 4013071235, 4013071238).

The link is good for five minutes. The file comes unsigned: it is proven by the SHA-1 of its contents,
unpacked, which the signed answer to the application tells.
"""

import codecs
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from payments.gateways.wechat.client import ask, download
from payments.gateways.wechat.errors import InvalidBill, WeChatUnknown
from payments.rules.daily_close import BillKind

_PATHS = {
    BillKind.TRADE: "/v3/bill/tradebill?bill_date={}&bill_type=ALL&tar_type=GZIP",
    BillKind.FUND_FLOW: "/v3/bill/fundflowbill?bill_date={}&account_type=BASIC&tar_type=GZIP",
    BillKind.OPERATION: "/v3/bill/fundflowbill?bill_date={}&account_type=OPERATION&tar_type=GZIP",
}
MOST_BYTES = 1024 * 1024 * 1024  # unpacked: three million lines
LONGEST_LINE = 16 * 1024
_PIECE = 256 * 1024


@dataclass(frozen=True)
class AppliedBill:
    """`address` is path and query of the file, `digest` the SHA-1 of what is in it."""

    address: str
    digest: str


def apply_for_bill(kind: BillKind, day: date) -> AppliedBill:
    """
    :raises StatementMissing: there was no business on that day
    :raises StatementCreating: it is not ready yet
    :raises WeChatError: as `client.ask`
    """
    said = ask("GET", _PATHS[kind].format(day.isoformat()))
    address, digest = said.get("download_url"), said.get("hash_value")
    if said.get("hash_type") != "SHA1" or not isinstance(address, str) or not isinstance(digest, str):
        raise WeChatUnknown("an answer without a link and a SHA1")
    link = urlsplit(address)
    # Where WeChat lives is our settings' word: of the link we take what comes after the host.
    return AppliedBill(address=f"{link.path}?{link.query}", digest=digest.lower())


@contextmanager
def downloaded(bill: AppliedBill) -> Iterator[Iterator[bytes]]:
    """
    The packed file, piece by piece.

    :raises WeChatError: as `client.download`
    """
    with download(bill.address) as pieces:
        yield pieces


class Unpacking:
    """Packed pieces in, what is in them out, in pieces that fit into memory however well they were packed."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=31)
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self.bytes = 0

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """
        :raises InvalidBill: it is not packed as it should be, or unpacks to more than any honest bill
        """
        try:
            while packed:
                if self._unpacker.eof:
                    raise InvalidBill("压缩文件之后还有内容")
                plain = self._unpacker.decompress(packed, _PIECE)
                packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data
                self.bytes += len(plain)
                if self.bytes > MOST_BYTES:
                    raise InvalidBill("解压后过大")
                self._sha1.update(plain)
                yield plain
        except zlib.error:
            raise InvalidBill("不是 gzip 文件") from None

    def require_whole(self, *, digest: str) -> None:
        """
        :raises InvalidBill: something is missing, or it is not what WeChat said it would be
        """
        if not self._unpacker.eof:
            raise InvalidBill("文件不完整")
        if self._sha1.hexdigest() != digest:
            raise InvalidBill("摘要与微信告知的不符")


def lines_of(packed: Iterable[bytes]) -> Iterator[str]:
    """
    The lines of a packed bill, without their ends.

    :raises InvalidBill: it is not UTF-8, or a line is longer than any honest one
    """
    unpacking = Unpacking()
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    try:
        for piece in packed:
            for plain in unpacking.feed(piece):
                *lines, rest = (rest + decoder.decode(plain)).split("\n")
                if len(rest) > LONGEST_LINE:
                    raise InvalidBill("一行过长")
                for line in lines:
                    yield line.removesuffix("\r")
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise InvalidBill("不是 UTF-8 编码") from None
    if rest:
        yield rest
