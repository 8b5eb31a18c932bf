"""Which browser on which machine, from what it says of itself: enough for somebody to know a place again."""

# The first that fits: many name others besides themselves.
BROWSERS = {
    "Firefox": ("Firefox/", "FxiOS/"),
    "Edge": ("Edg/", "EdgA/", "EdgiOS/"),
    "Opera": ("OPR/",),
    "Samsung Internet": ("SamsungBrowser/",),
    "Chrome": ("Chrome/", "CriOS/"),
    "Safari": ("Safari/",),
}
SYSTEMS = {
    "Android": ("Android",),
    "iPhone": ("iPhone",),
    "iPad": ("iPad",),
    "ChromeOS": ("CrOS",),
    "Windows": ("Windows",),
    "Mac": ("Macintosh",),
    "Linux": ("Linux", "X11"),
}


def browser_and_system(user_agent: str) -> tuple[str, str]:
    """The names of both, each empty where it is none of those known."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def _first(known: dict[str, tuple[str, ...]], user_agent: str) -> str:
    return next((name for name, signs in known.items() if any(sign in user_agent for sign in signs)), "")
