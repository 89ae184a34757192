"""What each service of docker-compose.yml owes its operator: limits, health, a bounded log, no needless rights."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
GROWTH = {"proxy", "database", "chroma"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_limited_hardened_and_watched(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])
    assert {"mem_limit", "cpus", "pids_limit", "stop_grace_period"} <= set(service)
    in_the_image = name == "bot" and "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert in_the_image or service["healthcheck"]["test"]


def test_the_bot_alone_is_the_default_and_the_rest_belongs_to_a_profile() -> None:
    assert {name for name, service in SERVICES.items() if "profiles" not in service} == {"bot"}
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["growth"]} == GROWTH


def test_only_the_proxy_is_reached_from_outside_and_the_data_only_from_inside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["database"]["networks"] == SERVICES["chroma"]["networks"] == ["inside"]
    assert yaml.safe_load(TEXT)["networks"]["inside"]["internal"] is True


def test_other_images_are_pinned_and_what_is_waited_for_has_to_be_healthy() -> None:
    others = [service["image"] for service in SERVICES.values() if service["image"] != "footnote"]
    assert [image for image in others if not re.fullmatch(r"[\w/]+:\d+\.\d+(\.\d+)?(-\w+)?", image)] == []
    awaited = [one for service in SERVICES.values() for one in service.get("depends_on", {}).values()]
    assert {one["condition"] for one in awaited} == {"service_healthy"}


def test_no_secret_is_an_environment_variable() -> None:
    told = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert [name for name in told if re.search(r"TOKEN|PASSWORD|SECRET|KEY|DATABASE_URL", name)] == [
        "POSTGRES_PASSWORD_FILE"
    ]


def test_the_proxy_passes_on_the_path_and_port_that_the_bot_listens_on() -> None:
    caddy = (ROOT / "bot" / "operations" / "Caddyfile").read_text(encoding="utf-8")
    environment = SERVICES["bot"]["environment"]
    assert "path /telegram\n" in caddy
    assert environment["FOOTNOTE_WEBHOOK_URL"].endswith("/telegram}}")
    assert "dynamic a bot 8080" in caddy
    assert environment["FOOTNOTE_WEBHOOK_LISTEN"].endswith(":8080}")
