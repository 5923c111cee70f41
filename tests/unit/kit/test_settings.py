"""Configuration: every mistake at once, by name, and exit 78."""

import pytest

from services.kit.settings import Settings

RIGHT = {
    "MADANG_DATABASE_URL": "postgresql://x@/y", "MADANG_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092", "MADANG_METRICS_LISTEN": "127.0.0.1:1",
    "MADANG_JWKS_FILE": "jwks.json", "MADANG_SIGNING_KEY_FILE": "key.pem",
}  # fmt: skip


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)


def test_what_is_right_is_read() -> None:
    assert Settings.read().kafka_bootstrap_servers == "127.0.0.1:9092"


def test_a_setting_of_another_service_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADANG_PROPOSALS_ANSWER_DAYS", "5")
    assert Settings.read().profile == "local"


def test_every_mistake_is_named_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("MADANG_JWKS_FILE")
    monkeypatch.setenv("MADANG_LISTN", "127.0.0.1:2")
    monkeypatch.setenv("MADANG_PROFILE", "staging")
    with pytest.raises(SystemExit) as ended:
        Settings.read()
    complaints = capsys.readouterr().err
    assert ended.value.code == 78
    assert "CONFIG_MISSING: MADANG_JWKS_FILE is not set" in complaints
    assert "CONFIG_UNKNOWN: MADANG_LISTN is no setting; did you mean MADANG_LISTEN?" in complaints
    assert "CONFIG_INVALID: MADANG_PROFILE is 'staging'" in complaints
