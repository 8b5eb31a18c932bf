"""The membership system (J5): told by webhook of those who want to hear about other work, or asks by a cursor itself.

Notices are worked out from what is stored, by regular work (`notices`): signing costs nothing more, and nothing is
missed however often a worker is killed. A notice holds no address: the signer is opened when it is handed over, which
is recorded (`content`). `sending` delivers them, `peer` knows the one system there is. docs/decisions/0039.
"""

from .content import Cursor, OtherEpoch, body, page
from .notices import notice, test, untold
from .peer import begin_again, begin_epoch, is_told, system, token_fits, token_refused
from .sending import forget_deliveries, replay, send_again, send_next, signed, try_once_more

__all__ = [
    "Cursor",
    "OtherEpoch",
    "begin_again",
    "begin_epoch",
    "body",
    "forget_deliveries",
    "is_told",
    "notice",
    "page",
    "replay",
    "send_again",
    "send_next",
    "signed",
    "system",
    "test",
    "token_fits",
    "token_refused",
    "try_once_more",
    "untold",
]
