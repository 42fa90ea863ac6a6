"""OpenAPI documents to ASGI applications: routing, roles, validation both ways, problem details."""

from bango_mocks.serving.application import Application
from bango_mocks.serving.call import Call, Handler, Problem, Reply

__all__ = ["Application", "Call", "Handler", "Problem", "Reply"]
