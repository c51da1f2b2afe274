"""Code that people copy, run by programs that only operators' machines have; other tests run the rest of it."""

import pytest

from tests.support.copied_webhook_code import RIGHT, verdicts
from tests.support.machine import php

pytestmark = pytest.mark.php


def test_the_php_that_people_copy_tells_real_signatures_from_others() -> None:
    ask = """
        foreach (json_decode(file_get_contents('php://stdin'), true) as [$secret, $headers, $body]) {
            $verdicts[] = verify($secret, $headers, $body);
        }
        echo json_encode($verdicts);
    """
    # `php -r` wants a program without its opening tag.
    run = 'eval("?>" . $argv[1]);'

    assert RIGHT == verdicts("php", [php() or "", "-r", run, "--"], ask)
