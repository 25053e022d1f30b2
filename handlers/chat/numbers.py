"""The numbers that a button may carry: the platform hands us whatever a client sent."""

from typing import Annotated

from pydantic import Field

LARGEST = 2**63 - 1

RowId = Annotated[int, Field(ge=1, le=LARGEST)]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Moment = Annotated[int, Field(ge=1, le=4 * 10**15)]  # Microseconds since 1970, until 2096.
ChatId = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
