"""The services of the Compose file."""

from typing import Any

import yaml

from tests.support.processes import ROOT

COMPOSE = ROOT / "deploy" / "compose.yaml"
COMPOSED: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSED["services"]
