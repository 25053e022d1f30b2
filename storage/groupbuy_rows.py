"""Group-buys in rows: campaigns, the groups of each, who takes part where, and what was earned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from campaigns.chains.stages import Groupbuy, GroupbuyState, LeaderRule, Stage
from storage.columns import big, moment


class GroupbuyRow(SQLModel, table=True):
    """One campaign: its terms, which are the same in every group and never change."""

    __tablename__ = "groupbuys"

    id: int | None = big(default=None, primary_key=True)
    manager_id: int = big(foreign_key="members.id")
    stages: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    leader_rule: str
    ends_at_top: bool
    opened_at: datetime = moment()


class GroupbuyChainRow(SQLModel, table=True):
    """The chain of one group in a campaign, and what became of it."""

    __tablename__ = "groupbuy_chains"

    chain_id: int = big(primary_key=True, foreign_key="chains.id")
    groupbuy_id: int = big(foreign_key="groupbuys.id")
    token: str = Field(unique=True)
    state: str = GroupbuyState.RUNNING
    formed: int | None = None
    settled_at: datetime | None = moment(default=None)
    extended_at: datetime | None = moment(default=None)
    extended_by: int | None = big(default=None, nullable=True, foreign_key="members.id")


class GroupbuySeatRow(SQLModel, table=True):
    """Where somebody takes part, waiting included; once per campaign by member and by customer of the bank."""

    __tablename__ = "groupbuy_seats"

    groupbuy_id: int = big(primary_key=True, foreign_key="groupbuys.id")
    member_id: int = big(primary_key=True, foreign_key="members.id")
    customer_id: UUID | None = None
    chain_id: int = big(foreign_key="groupbuy_chains.chain_id")
    taken_at: datetime = moment()


class GroupbuyBenefitRow(SQLModel, table=True):
    """What one entry earned by one stage; rows are only ever added."""

    __tablename__ = "groupbuy_benefits"

    chain_id: int = big(primary_key=True, foreign_key="groupbuy_chains.chain_id")
    sequence: int = big(primary_key=True)
    stage: int = Field(primary_key=True)
    member_id: int = big(foreign_key="members.id")
    customer_id: UUID | None = None
    benefit: str
    earned_at: datetime = moment()


def groupbuy_of(row: GroupbuyRow, part: GroupbuyChainRow) -> Groupbuy:
    """One group's part of a campaign as the hall knows it."""
    return Groupbuy(
        id=part.groupbuy_id,
        stages=tuple(Stage(**each) for each in row.stages),
        token=part.token,
        leader_rule=LeaderRule(row.leader_rule),
        ends_at_top=row.ends_at_top,
        state=GroupbuyState(part.state),
        formed=part.formed,
        extended_at=part.extended_at,
    )
