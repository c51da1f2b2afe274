"""What a process writes into its log."""

import json
import subprocess
import sys

from tests.support.processes import ROOT

PROGRAM = """
import logging, structlog
from adapters.tracing.trace import begin_trace, current_trace_id
from entrypoints.logs import set_up_logs
from entrypoints.settings import read_settings
set_up_logs(read_settings({"TIMETUNA_LOG_FORMAT": "json", "TIMETUNA_LOG_LEVEL": "warning"}))
with begin_trace("GET", "server"):
    structlog.get_logger("timetuna").info("quiet")
    structlog.get_logger("timetuna").warning("loud", trace=current_trace_id())
logging.getLogger("some library").error("from elsewhere")
"""


def test_lines_below_the_level_are_left_out_and_the_others_name_their_trace() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)

    loud, elsewhere = map(json.loads, ended.stderr.splitlines())
    assert ("loud", "warning", loud["trace"]) == (loud["event"], loud["level"], loud["trace_id"])
    assert ("from elsewhere", False) == (elsewhere["event"], "trace_id" in elsewhere)
