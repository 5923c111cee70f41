"""Lag: in records, and in seconds since nothing was left."""

import pytest

from services.kit import metrics


def test_lag_in_seconds_runs_from_the_moment_a_consumer_fell_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("services.kit.metrics.time.monotonic", lambda: now)
    lag, seconds = metrics.Lag("a test"), metrics.LAG_SECONDS.labels("a test")._value
    lag.set(5)
    now = 107.0
    lag.set(3)
    assert seconds.get() == 7
    lag.set(0)
    assert seconds.get() == 0
    now = 120.0
    lag.set(1)
    assert seconds.get() == 0
    assert metrics.LAG_EVENTS.labels("a test")._value.get() == 1
