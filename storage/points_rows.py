"""The tables of points campaigns: who takes part, a campaign, and each partner's part of its cost."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from campaigns.points.model import CampaignState, PointsCampaign, Share
from storage.columns import big, moment


class PartnerRow(SQLModel, table=True):
    """Who takes part in a campaign's cost or hands goods out."""

    __tablename__ = "partners"

    id: int | None = big(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str


class PointsCampaignRow(SQLModel, table=True):
    """A points campaign."""

    __tablename__ = "points_campaigns"

    id: int | None = big(default=None, primary_key=True)
    title: str
    group_id: int | None = big(default=None, foreign_key="groups.id")
    price: int
    valid_days: int
    ends_at: datetime = moment()
    state: str = CampaignState.OPEN
    closed_at: datetime | None = moment(default=None)


class PointsShareRow(SQLModel, table=True):
    """A partner's part of a campaign's cost."""

    __tablename__ = "points_shares"

    campaign_id: int = big(primary_key=True, foreign_key="points_campaigns.id")
    partner_id: int = big(primary_key=True, foreign_key="partners.id")
    basis_points: int


def campaign_value(row: PointsCampaignRow, shares: tuple[Share, ...]) -> PointsCampaign:
    """A campaign out of its row, with its contract."""
    assert row.id is not None
    return PointsCampaign(
        id=row.id,
        title=row.title,
        price=row.price,
        valid_days=row.valid_days,
        shares=shares,
        ends_at=row.ends_at,
        group_id=row.group_id,
        state=CampaignState(row.state),
    )
