"""Links that open a mail program with a mail in it (RFC 6068)."""

from urllib.parse import quote

# Some mail programs cut a longer address off. Each sign beyond ASCII takes six or more of these, so that a letter in
# Arabic is seldom short enough.
LONGEST = 1900


def mail_link(subject: str, *bodies: str, to: tuple[str, ...] = ()) -> tuple[str, str]:
    """A link, and the body in it: the first one that fits, for half a letter is worse than none, or else the last.

    Lines end with CR LF: of a bare LF some programs make one long line.
    """
    start = f"mailto:{','.join(quote(one, safe='@') for one in to)}?subject={quote(subject, safe='')}&body="
    links = [(start + quote("\r\n".join(body.splitlines()), safe=""), body) for body in bodies]
    return next((link for link in links if len(link[0]) <= LONGEST), links[-1])
