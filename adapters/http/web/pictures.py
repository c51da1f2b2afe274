"""Serves hosts' pictures, each under its digest, so that browsers may keep it forever."""

import re

from litestar import Response, get
from litestar.params import FromPath

from adapters.http.request_context import app_of
from adapters.http.web.forms import Visit
from domain.errors import NotFound
from domain.picture import PictureDigest

_NAME = re.compile(r"([0-9a-f]{32})\.(webp|jpg)")
_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


@get("/pictures/{picture:str}", include_in_schema=False)
async def picture_file(request: Visit, picture: FromPath[str]) -> Response[bytes]:
    name = _NAME.fullmatch(picture)
    found = await app_of(request).show_picture(PictureDigest(name[1])) if name else None
    if name is None or found is None:
        raise NotFound("address")
    if name[2] == "webp":
        return Response(found.webp, media_type="image/webp", headers=_FOREVER)
    return Response(found.jpeg, media_type="image/jpeg", headers=_FOREVER)
