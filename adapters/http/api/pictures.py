"""The calls about what a host shows of themselves."""

import msgspec
from litestar import delete, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_200_OK

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, read_body
from adapters.http.api.uploads import uploaded
from adapters.http.request_context import app_of
from application.accounts.pictures import UPLOAD
from application.actor import HostActor
from domain.host import Host
from domain.picture import LARGEST_PICTURE
from domain.picture import picture_kind as kind_of

# Base64 takes four bytes for three.
LARGEST_UPLOAD = 2 * LARGEST_PICTURE


class PictureUpload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture to be shown; `picture` is a PNG, JPEG or WebP file in Base64, of at most 8 MB before that."""

    picture: str


@put(
    "/me/pictures/{picture_kind:str}",
    request_max_body_size=LARGEST_UPLOAD,
    opt=call(
        id="setPicture",
        summary="Upload a photo or logo",
        scopes=("account:write",),
        description="`picture_kind` is `photo` or `logo`. We convert it, crop a photo to a square, and strip location "
        "and device data. Your account has its digest: pages show `/pictures/{digest}.webp`, emails "
        "`/pictures/{digest}.jpg`. 30 an hour.",
        body=PictureUpload,
        result=Host,
        gives="Your account as it is now.",
        problems=("invalid-input", "not-found", "too-many-requests"),
    ),
)
async def set_picture(
    request: ApiRequest, actor: NamedDependency[HostActor], picture_kind: FromPath[str]
) -> ASGIResponse:
    kind, body = kind_of(picture_kind), await read_body(request, PictureUpload)
    return answer(await app_of(request).set_picture(actor, kind, uploaded(body.picture, UPLOAD)))


@delete(
    "/me/pictures/{picture_kind:str}",
    status_code=HTTP_200_OK,
    opt=call(
        id="removePicture",
        summary="Remove your photo or logo",
        scopes=("account:write",),
        result=Host,
        gives="Your account as it is now.",
        problems=("not-found",),
    ),
)
async def remove_picture(
    request: ApiRequest, actor: NamedDependency[HostActor], picture_kind: FromPath[str]
) -> ASGIResponse:
    return answer(await app_of(request).remove_picture(actor, kind_of(picture_kind)))
