"""Files that people sent, handed out so that no browser makes more of them than a file."""

from django.http import HttpResponse


def picture_file(jpeg: bytes, *, name: str) -> HttpResponse:
    """To be kept, or shown by a page that asks for a picture; never a page of its own, and no cache's."""
    return HttpResponse(
        jpeg,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.jpg"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
