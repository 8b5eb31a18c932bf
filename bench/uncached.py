"""The site with its page cache out of the way: every request makes the page."""

from actions.web import page_cache
from mysite.wsgi import application

page_cache._name = lambda request: None

__all__ = ["application"]
