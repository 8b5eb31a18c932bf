"""The lobby of home: every model, by name."""

from .organisation import Organisation
from .pages import ContentPage, HomePage

__all__ = ["ContentPage", "HomePage", "Organisation"]
