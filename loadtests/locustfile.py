"""Load campaigns for Locust: `locust -f loadtests/locustfile.py --campaign june-peak --target product.toml`."""

from bango_loadtests.locustfile import *  # noqa: F403 - Locust looks for users and shapes in this module
