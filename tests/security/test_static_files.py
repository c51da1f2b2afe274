"""Nothing of the machine is served but our own styles and scripts, by their names."""

import pytest

from adapters.http.web.templating import STATIC_PATH, asset
from tests.support.serving import Server


@pytest.mark.parametrize(
    "path",
    [
        f"{STATIC_PATH}",
        f"{STATIC_PATH}/",
        f"{STATIC_PATH}/.",
        f"{STATIC_PATH}/%2e%2e/templating.py",
        f"{STATIC_PATH}/..%2ftemplating.py",
        f"{STATIC_PATH}/..%5ctemplating.py",
        f"{STATIC_PATH}//etc/passwd",
        f"{STATIC_PATH}/%2fetc%2fpasswd",
        f"{STATIC_PATH}/timetuna.css%00.js",
        f"{STATIC_PATH}/timetuna.css/x",
        f"{STATIC_PATH}/{'x' * 300}",
        "/static/",
        "/static/another/timetuna.css",
    ],
)
async def test_no_other_file_and_no_list_of_files_is_served(server: Server, path: str) -> None:
    answer = await server.client().get(path, follow_redirects=True)

    assert 404 == answer.status_code
    assert 200 == (await server.client().get(asset("timetuna.css"))).status_code
