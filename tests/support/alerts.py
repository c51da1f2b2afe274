"""The alerts and the dashboard that are delivered."""

import re

from tests.support.processes import ROOT

DEPLOY = ROOT / "deploy"
RULES, DASHBOARD = DEPLOY / "prometheus/timetuna.rules.yml", DEPLOY / "grafana/timetuna.json"


def asked_for(text: str) -> set[str]:
    return set(re.findall(r"\btimetuna_[a-z_]+\b", text))
