"""The Mini App's session: a signed word that this server gave to one member, good for an hour."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(hours=1)
FORM = re.compile(r"([0-9]{1,16})\.([0-9]{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Sessions:
    """Gives and reads sessions; the key is made of the bot's token, so that a new token ends them all."""

    token: str

    def issue(self, member_id: int, now: datetime) -> str:
        """A session of this member."""
        ends = int((now + LASTS).timestamp())
        return f"{member_id}.{ends}.{self._sign(member_id, ends)}"

    def read(self, session: str, now: datetime) -> int | None:
        """Whose session it is; None for what was never given, was changed or has ended."""
        found = FORM.fullmatch(session)
        if found is None:
            return None
        member_id, ends = int(found[1]), int(found[2])
        if not hmac.compare_digest(self._sign(member_id, ends), found[3]):
            return None
        return member_id if now.timestamp() < ends else None

    def _sign(self, member_id: int, ends: int) -> str:
        key = hmac.digest(b"MiniAppSession", self.token.encode(), hashlib.sha256)
        return hmac.digest(key, f"{member_id}.{ends}".encode(), hashlib.sha256).hex()
