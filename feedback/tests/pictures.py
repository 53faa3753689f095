"""Pictures as a phone sends them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

ATTACHMENTS = "/api/v1/feedback/attachments"


def picture(*, size=(60, 40), form="JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form)
    return out.getvalue()


def upload(client, content: bytes, *, name: str = "tmp_1.jpg", media: str = "image/jpeg"):
    return client.post(ATTACHMENTS, {"file": SimpleUploadedFile(name, content, media)}, format="multipart")
