"""What the locustfile adds to Locust's own options, on the command line and in the form of the web UI."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from bango_loadtests.order import Order, folder_for, new_folder
from bango_spec import load

DEFAULT_CAMPAIGN = "counter-day"


def add(parser: Any) -> None:
    """Add the options to Locust's parser."""
    group = parser.add_argument_group("bango", "the campaign (spec/load/) and the target")
    group.add_argument(
        "--campaign",
        env_var="BANGO_CAMPAIGN",
        default=DEFAULT_CAMPAIGN,
        help=f"a campaign of the spec ({', '.join(load.campaigns())}), or a file of one's own",
    )
    group.add_argument("--target", env_var="BANGO_TARGET", default="reference", help="target file (TOML), or reference")
    group.add_argument("--as-of", env_var="BANGO_AS_OF", default=None, help="edition of the law, by date")
    group.add_argument("--seed", env_var="BANGO_SEED", type=int, default=1, help="seed of all draws")
    group.add_argument("--seconds", env_var="BANGO_SECONDS", type=float, default=None, help="another length")
    group.add_argument("--scale", env_var="BANGO_SCALE", type=float, default=None, help="share of the nation's volume")
    group.add_argument(
        "--out",
        env_var="BANGO_LOAD_OUT",
        default=str(new_folder()),
        help="folder of the run; workers read the scene there",
    )

    group.add_argument("--no-tables", action="store_true", help="leave Locust's own tables out of the output")


def order_of(options: Namespace) -> Order:
    """What the options ask for, with the run's folder made."""
    return Order(
        campaign=options.campaign,
        target=options.target,
        edition=options.as_of,
        seed=options.seed,
        seconds=options.seconds,
        scale=options.scale,
        out=folder_for(Path(options.out)),
    )
