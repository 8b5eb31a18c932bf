"""The lobby of home: every model, by name."""

from .accounts import User
from .documents import CustomDocument
from .images import CustomImage, CustomRendition, ImagePeople, WantedRendition
from .log_in import LogInState
from .message import SiteMessage
from .organisation import Organisation
from .pages import ContentPage, HomePage

__all__ = [
    "ContentPage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "HomePage",
    "ImagePeople",
    "LogInState",
    "Organisation",
    "SiteMessage",
    "User",
    "WantedRendition",
]
