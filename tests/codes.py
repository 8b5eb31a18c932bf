"""Codes of a second factor, as an authenticator app shows them."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

HOLDS = 30  # seconds


def code(secret: str, *, at_least: float = 2) -> str:
    """The code of now; waits for the next one where this one does not hold for `at_least` seconds more."""
    while HOLDS - time.time() % HOLDS < at_least:
        time.sleep(0.1)
    return format_hotp_value(hotp_value(secret, int(time.time()) // HOLDS))
