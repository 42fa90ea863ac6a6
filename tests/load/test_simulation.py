"""The model of queues: it agrees with what theory says of a single queue, repeats itself, and shows what a lost site costs."""

from __future__ import annotations

import random

import pytest
import simpy

from bango_loadtests.histogram import percentile
from bango_loadtests.model.calibration import Calibration
from bango_loadtests.model.prediction import predict
from bango_loadtests.model.simulation import Size
from bango_loadtests.model.sizes import machine_size, national_size
from bango_loadtests.model.stations import Station, Step, drawn
from bango_spec.errors import BangoError
from bango_spec.load import behaviour, campaigns

MEASURED = Calibration(
    campaign="june-peak",
    scale=1.0,
    a_second=140.0,
    generator_seconds=0.0006,
    ground_seconds=0.0013,
    target_seconds=0.004,
    service_ms={"submitInquiry": (4.0, 12.0), "readInquiry": (2.5, 10.0), "requestProvision": (7.5, 24.0)},
    rates={"submitInquiry": 40.0, "readInquiry": 40.0, "requestProvision": 60.0},
)
JUNE = campaigns()["june-peak"]
JUNE_OPERATIONS = {step for one in JUNE.loads for step in behaviour(one.behaviour).steps} | {"requestProvision"}


def test_a_single_queue_waits_as_theory_says() -> None:
    # M/M/1 at a load of 0.8: P(wait > t) = 0.8 exp(-(mu - lambda) t), so that 95 per cent wait less than ln(16)/(mu - lambda).
    environment, draw = simpy.Environment(), random.Random(7)
    station, service = Station(environment, 1), random.Random(8)

    def arrive() -> Step:
        while True:
            yield environment.timeout(draw.expovariate(80.0))
            environment.process(station.serve(service.expovariate(100.0)))

    environment.process(arrive())
    environment.run(until=4000.0)
    assert station.busy_seconds / 4000.0 == pytest.approx(0.8, rel=0.03)
    assert percentile(station.waited, 95) == pytest.approx(138.6, rel=0.1)


def test_times_are_drawn_around_what_was_measured() -> None:
    draw = random.Random(1)
    values = sorted(drawn(draw, 4.0, 12.0) for _ in range(20_000))
    assert values[10_000] == pytest.approx(4.0, rel=0.05)
    assert values[19_000] == pytest.approx(12.0, rel=0.07)
    assert {drawn(draw, 5.0, 5.0) for _ in range(3)} == {5.0}


def test_the_platform_is_busy_for_as_long_as_the_target_was() -> None:
    # At the size of the measured machine and its own load the model uses as much processor time as the run did.
    found = predict(JUNE, MEASURED, machine_size(1.0), 600.0, 1)
    count = sum(number for name, (number, _) in found.times.items() if name in JUNE_OPERATIONS)
    platform = next(one for one in found.stations if one.station == "platform")
    assert platform.busy * 600.0 == pytest.approx(count * MEASURED.target_seconds, rel=0.15)


def test_the_same_seed_predicts_the_same() -> None:
    size = national_size(1.0, [], None)
    one, other, third = (predict(JUNE, MEASURED, size, 60.0, seed) for seed in (1, 1, 2))
    assert one == other != third


def test_a_lost_site_is_felt_where_there_is_no_room() -> None:
    def waits(lost: str | None) -> float:
        size = national_size(1.5, ["platform=1"], lost)
        found = predict(JUNE, MEASURED, size, 45.0, 1)
        return next(one for one in found.stations if one.station == "platform").waited[2]

    assert waits("platform") > 10 * waits(None) > 0


def test_more_than_the_servers_can_do_is_seen_as_full() -> None:
    size = Size(scale=3.0, servers={"platform": 1, "interface-system": 4, "core": 4})
    found = predict(JUNE, MEASURED, size, 40.0, 1)
    platform = next(one for one in found.stations if one.station == "platform")
    assert platform.busy == pytest.approx(1.0, abs=0.05)
    assert platform.longest > 1000


@pytest.mark.parametrize("name", ["night-batch", "connection-cap"])
def test_a_flow_that_the_model_does_not_have(name: str) -> None:
    with pytest.raises(BangoError) as told:
        predict(campaigns()[name], MEASURED, national_size(1.0, [], None), 60.0, 1)
    assert told.value.code == "LOAD-MODEL"


@pytest.mark.parametrize("words", [["nosuch=3"], ["core=0"], ["core=x"], ["core"], ["core=９"]])
def test_stations_that_are_not_there(words: list[str]) -> None:
    with pytest.raises(BangoError) as told:
        national_size(1.0, words, None)
    assert told.value.code == "LOAD-STATION"
