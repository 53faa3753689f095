"""What PDFs and pictures are written with, and in whose name."""

from wallet_project.settings import env

DOCUMENT_FONT = env.path("DOCUMENT_FONT") or (
    env.BASE_DIR / "wallet_project" / "kit" / "documents" / "fonts" / "NotoSansSC-GB2312.ttf"
)
DOCUMENT_ISSUER = env.text("DOCUMENT_ISSUER", "钱包")
