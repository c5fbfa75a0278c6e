"""A user who looks after the backend: its state in the tab, one that is gone, and the preferences."""

from __future__ import annotations

import json
from pathlib import Path

from tests.backend.support import Service
from tests.ui.user import generate, read_report
from tests.ui.window import Window


def test_the_tab_tells_that_the_backend_is_gone_and_why_and_finds_the_next(
    window: Window, service: Service, pictures: Path
) -> None:
    window.do("start_backend")
    window.until("backend", "ready")
    service.process.terminate()
    service.process.wait()
    launch = {"command": ["/nowhere/python"], "build": ""}
    (service.home / "launch.json").write_text(json.dumps(launch), encoding="utf-8")
    window.do("start_backend")
    window.until("problem", lambda said: "/nowhere/python" in said and said.endswith("[backend_unreachable]"))
    window.picture(pictures / "no-backend.png")
    read_report(window)
    service.start()
    window.do("start_backend")
    window.until("backend", "ready")
    generate(window, "wood")
    window.until("sounds", ["wood"])
    window.picture(pictures / "backend.png")


def test_the_preferences_show_what_can_be_set(window: Window, pictures: Path) -> None:
    window.do("show_preferences")
    window.until("windows", 2)
    window.picture(pictures / "preferences.png")
