"""Switchable misbehaviour of the server: rules that strike calls by method, chat and chance."""

import random
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Kind: TypeAlias = Literal[
    "too_many_requests",
    "server_error",
    "time_out_after_delivery",
    "connection_reset",
    "reset_after_delivery",
    "blocked",
    "migrated",
    "slow",
    "repeat_updates",
]


class FaultRule(BaseModel):
    """One rule; without method or chat it strikes every call but getUpdates, `times` None means always."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    method: str | None = None
    chat_id: int | None = None
    probability: float = Field(default=1.0, ge=0, le=1)
    times: int | None = Field(default=None, ge=0)
    seconds: float = Field(default=1.0, ge=0, description="how long a slow answer takes, real seconds")
    retry_after: int = Field(default=1, ge=0)

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether the rule is meant for this call."""
        if self.times == 0:
            return False
        if self.kind == "repeat_updates":
            return method == "getUpdates"
        if self.method is None and method == "getUpdates":
            return False
        named = self.method is None or self.method.lower() == method.lower()
        return named and self.chat_id in {None, chat_id}


class Faults:
    """The rules in force; a seeded generator decides chances."""

    def __init__(self, generator: random.Random) -> None:
        self.rules: list[FaultRule] = []
        self._random = generator

    def replace(self, rules: list[FaultRule]) -> None:
        """Put these rules in force instead of the former."""
        self.rules = rules

    def strike(self, method: str, chat_id: int | None, kinds: set[Kind] | None = None) -> FaultRule | None:
        """Return the first rule that strikes this call and count it down."""
        for rule in self.rules:
            if kinds is not None and rule.kind not in kinds:
                continue
            if rule.strikes(method, chat_id) and self._random.random() < rule.probability:
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None
