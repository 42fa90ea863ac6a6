"""The ground as a process: `python -m bango_loadtests.ground --campaign ID --target FILE --out DIR …`; ends on SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from bango_loadtests.ground.stand import Ground, Order
from bango_loadtests.order import campaign_of
from bango_loadtests.scene import write
from bango_mocks.reference_target import target_file
from bango_spec.errors import BangoError
from bango_spec.law import edition_as_of
from bango_spec.target import read_target

SCENE = "scene.json"


def main(arguments: list[str]) -> int:
    """Stand until told to end; 0 after a clean end, else the exit code of what went wrong."""
    parser = argparse.ArgumentParser(prog="bango_loadtests.ground", description=__doc__)
    parser.add_argument("--campaign", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--as-of", default=None)
    chosen = parser.parse_args(arguments)
    conductor = os.getppid()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        with target_file(chosen.target) as file:
            target = read_target(file)
            edition = edition_as_of(chosen.as_of or target.edition).id
            folder = chosen.out / "ground"
            folder.mkdir(parents=True, exist_ok=True)
            order = Order(
                campaign_of(chosen.campaign), target, edition, chosen.seed, chosen.seconds, chosen.scale, folder
            )
            with Ground(order) as ground:
                write(chosen.out / SCENE, ground.scene)
                print("ready", flush=True)
                # A conductor that was killed cannot say so: the ground does not outlive it.
                while os.getppid() == conductor and signal.sigtimedwait(ends, 1.0) is None:
                    pass
    except BangoError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
