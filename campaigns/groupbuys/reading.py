"""Reading a group-buy from one line: product, places and deadline, then stages and terms between bars."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.chains.eligibility import Condition, ConditionKind, Holding
from campaigns.chains.model import Plan, PlanFault
from campaigns.chains.reading import normal, read_plan
from campaigns.chains.stages import LeaderRule, Stage, StageFault
from campaigns.groupbuys.drafting import Terms, finished
from campaigns.groupbuys.model import GroupbuyPlan, PlanProblem, TermFault

HOLDINGS = {
    Holding.CARDS: ("未持卡", "无卡", "没有卡", "新卡客户", "no card"),
    Holding.FUNDS: ("未持有基金", "无基金", "no funds"),
    Holding.WEALTH_PRODUCTS: ("未持有理财", "无理财", "no wealth products"),
    Holding.TIME_DEPOSIT: ("未持有定期", "无定期", "no time deposit"),
    Holding.LARGE_CERTIFICATES: ("未持有大额存单", "无大额存单", "no large certificates"),
    Holding.STRUCTURED_DEPOSIT: ("未持有结构性存款", "无结构性存款", "no structured deposit"),
    Holding.ASSET_PLANS: ("未持有资管计划", "无资管计划", "no asset plans"),
    Holding.LOANS: ("未持有贷款", "无贷款", "no loan"),
}
BOUND = frozenset({"已绑定", "绑定", "已绑定手机号", "绑定客户", "bound", "linked"})
ENDS_AT_TOP = frozenset({"满档即成", "到顶即成", "满档成团", "ends at top"})
LEADER_ENDS = frozenset({"团长退出即散", "团长退出解散", "团长退则散", "leader ends"})
_STAGE = re.compile(r"(?P<size>\d{1,4})\s*(?:人团|人|位|people)?\s*[=:,，、 ]\s*(?P<benefit>\S.*)")
_LETTERS = re.compile(
    r"(?P<letters>[A-Z](?:\s*[,/、和&]?\s*[A-Z])*)\s*类(?:客户)?|class(?:es)?\s+(?P<more>[A-Z](?:\s*[,/&]?\s*[A-Z])*)",
    re.IGNORECASE,
)
_REGION = re.compile(r"(?:地区|区域|小区|社区|region)\s*[=:]\s*(?P<names>\S.*)|仅限\s*(?P<only>\S.*)", re.IGNORECASE)


@dataclass
class _Terms:
    """What the parts of a line have said so far."""

    stages: list[Stage] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    leader_rule: LeaderRule = LeaderRule.NEXT
    ends_at_top: bool = False

    def take(self, part: str) -> bool:
        """Understand one part; False when it says nothing known."""
        plain = part.casefold()
        if stage := read_stage(part):
            self.stages.append(stage)
        elif plain in ENDS_AT_TOP:
            self.ends_at_top = True
        elif plain in LEADER_ENDS:
            self.leader_rule = LeaderRule.ENDS
        elif condition := read_condition(part):
            self.conditions.append(condition)
        else:
            return False
        return True


def read_groupbuy(text: str, now: datetime, zone: ZoneInfo) -> GroupbuyPlan | PlanProblem:
    """Read a line that must have stages (see `read_line`)."""
    found = read_line(text, now, zone)
    return PlanProblem(StageFault.NO_STAGE) if isinstance(found, Plan) else found


def read_line(text: str, now: datetime, zone: ZoneInfo) -> GroupbuyPlan | Plan | PlanProblem:
    """Read "product places deadline | 3人=benefit | 已绑定 | …"; a part that says nothing known is named, not guessed.

    Without stages it is a chain's plan with its conditions.

    Args:
        text: as typed; the first part ends with a bar or the line, the others with a semicolon too.
        now: aware.
        zone: the zone that a deadline without one is meant in.
    """
    head, *rest = re.split(r"[|\n]", _folded(text), maxsplit=1)
    plan = read_plan(head, now, zone)
    if isinstance(plan, PlanFault):
        return PlanProblem(plan)
    said = _Terms()
    for part in (part.strip() for part in re.split(r"[|;\n]", "".join(rest))):
        if part and not said.take(part):
            return PlanProblem(TermFault.UNREADABLE, part)
    terms = Terms(plan, (), (), tuple(said.stages), tuple(said.conditions), said.leader_rule, said.ends_at_top)
    return finished(terms)


def read_stage(part: str) -> Stage | None:
    """Read 3人=首年免年费, "5: 再送一份"; None when it is no stage."""
    found = _STAGE.fullmatch(normal(part))
    return Stage(int(found["size"]), found["benefit"].strip()) if found else None


def read_condition(part: str) -> Condition | None:
    """Read 已绑定, A类, AB类, 地区=幸福里/阳光里, 未持卡; None when it is no condition."""
    plain = normal(part)
    word = plain.casefold()
    if word in BOUND:
        return Condition(ConditionKind.BOUND)
    if holding := next((held for held, words in HOLDINGS.items() if word in words), None):
        return Condition(ConditionKind.NOT_HOLDING, (holding,))
    if found := _LETTERS.fullmatch(plain):
        letters = re.findall("[A-Z]", (found["letters"] or found["more"]).upper())
        return Condition(ConditionKind.CLASS, tuple(letters))
    if found := _REGION.fullmatch(plain):
        names = re.split(r"[/、,]", found["names"] or found["only"])
        return Condition(ConditionKind.REGION, tuple(name.strip() for name in names if name.strip()))
    return None


def _folded(text: str) -> str:
    """Every line by itself, so that the line ends are kept."""
    return "\n".join(normal(line) for line in text.replace("\r", "\n").split("\n"))
