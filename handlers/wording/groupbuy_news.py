"""What a group and its people hear as a group-buy goes on and ends, and what is forwarded to a friend."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.chains.model import Chain
from campaigns.chains.stages import Stage, reached
from campaigns.compliance.words import lacks_risk_notice
from campaigns.deliveries.model import Button, Message
from campaigns.groupbuys.model import GroupbuyView
from campaigns.groupbuys.rewards import Reward, is_returned
from campaigns.groupbuys.rules import people_of
from campaigns.members.model import Language
from handlers.wording.chains import JOIN_LABEL
from handlers.wording.groupbuys import RISK_NOTICE
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

FORMED = Phrase(
    "🎉 拼团「{product}」成团了：{people} 人，已解锁：\n{benefits}\n"
    "接下来：理财经理会逐一联系各位办理，福利按名单记录，不用再报名。",
    "🎉 The group-buy “{product}” formed with {people} people. Unlocked:\n{benefits}\n"
    "Next: your wealth manager gets in touch with everybody; the benefits are on record.",
)
FAILED = Phrase(
    "拼团「{product}」没有成团：{people} 人，成团要 {size} 人。\n"
    "接下来：报名已取消，不会办理任何业务，也不收任何费用。下次开团会在群里通知；想单独办理，请联系理财经理。",
    "The group-buy “{product}” did not form: {people} people, {size} were needed.\n"
    "Next: all sign-ups are void, nothing is opened and nothing is charged. The next one is announced here; "
    "your wealth manager also helps without it.",
)
DISBANDED = Phrase(
    "拼团「{product}」的团长退出，按规则本团解散。\n"
    "接下来：报名已取消，不会办理任何业务，也不收任何费用。下次开团会在群里通知；想单独办理，请联系理财经理。",
    "The leader of the group-buy “{product}” left, and by its terms it ends.\n"
    "Next: all sign-ups are void, nothing is opened and nothing is charged. The next one is announced here; "
    "your wealth manager also helps without it.",
)
ONE_MISSING = Phrase(
    "拼团「{product}」还差 1 位成团，成团可得：{benefit}。截止 {when}。",
    "One more and the group-buy “{product}” forms: {benefit}. It ends {when}.",
)
ONE_MISSING_MORE = Phrase(
    "拼团「{product}」还差 1 位，就能再解锁：{benefit}。截止 {when}。",
    "One more and the group-buy “{product}” unlocks: {benefit}. It ends {when}.",
)
LEADS_NOW = Phrase(
    "拼团「{product}」的前任团长退出了，按顺序现在由您当团长。要延期，私聊我发「延期」（限一次，截止前）。",
    "The leader of the group-buy “{product}” left: by order you lead now. "
    "Send me “extend” to extend it, once and before it ends.",
)
EXTENDED = Phrase(
    "📣 拼团「{product}」延期到 {when}（只延一次）。已报名的各位不用再报。",
    "📣 The group-buy “{product}” now runs until {when}, and is not extended again. Whoever is in stays in.",
)
INVITATION = Phrase(
    "我参加了「{product}」拼团，{stages}。还差 {missing} 人，{when} 截止，一起来吧：\n{link}",
    "I am in the group-buy “{product}”: {stages}. {missing} more are needed by {when}. Join us:\n{link}",
)
INVITATION_FORMED = Phrase(
    "「{product}」拼团正在进行：{stages}。{when} 截止，一起来吧：\n{link}",
    "The group-buy “{product}” is on: {stages}. It ends {when}. Join us:\n{link}",
)
PAID = Phrase(
    "🎉 拼团「{product}」成团，{points} 波豆已到账。发「我的波豆」查看。",
    "🎉 The group-buy “{product}” formed: {points} points are yours. Send “my points” to see them.",
)
PAID_RETURNED = Phrase(
    "\n按拼团规则，不办卡的话这些波豆会收回。", "\nBy its terms they are taken back from who gives the card up."
)
UNPAID = Phrase(
    "拼团「{product}」成团，您应得的 {points} 波豆暂时没能到账：活动账户已关闭。已通知您的理财经理，会联系您处理。",
    "The group-buy “{product}” formed, but your {points} points could not be paid: their campaign was closed. "
    "Your manager knows and will contact you.",
)
UNPAID_MEMBER = Phrase(
    "【待处理】拼团「{product}」：{name} 应得的 {points} 波豆没有发放（波豆活动已关闭或预算用完），请补发或说明。",
    "[To do] Group-buy “{product}”: {name} is owed {points} points that could not be paid (their campaign is closed or "
    "out of budget). Make it good, or explain it to the customer.",
)
TAKEN_BACK = Phrase(
    "拼团「{product}」的办卡申请已结束，按规则收回 {points} 波豆。",
    "Your application in the group-buy “{product}” ended: by its terms {points} points were taken back.",
)
STAGE = Phrase("{size} 人{benefit}", "{size} people: {benefit}")


@dataclass(frozen=True)
class GroupbuyWords:
    """Implements `campaigns.groupbuys.course.CourseWording` and `campaigns.groupbuys.service.GroupbuyWording`."""

    zone: ZoneInfo
    username: str
    language: Language = Language.ZH

    def formed(self, chain: Chain) -> Message:
        """What the group reads once when a group-buy formed."""
        assert chain.groupbuy is not None
        unlocked = reached(chain.groupbuy.stages, chain.groupbuy.formed or 0)
        benefits = "\n".join(f"· {each.benefit}" for each in unlocked)
        facts = {"product": chain.product, "people": len(people_of(chain)), "benefits": benefits}
        return Message(self._noticed(FORMED.say(self.language, **facts)))

    def failed(self, chain: Chain, *, leader_left: bool) -> Message:
        """What the group reads once when it did not, and what happens next."""
        assert chain.groupbuy is not None
        words, size = DISBANDED if leader_left else FAILED, chain.groupbuy.lowest.size
        text = words.say(self.language, product=chain.product, people=len(people_of(chain)), size=size)
        return Message(self._noticed(text))

    def one_missing(self, chain: Chain, stage: Stage) -> Message:
        """What the group reads once for a stage when one person is missing."""
        assert chain.groupbuy is not None
        words = ONE_MISSING if stage == chain.groupbuy.lowest else ONE_MISSING_MORE
        text = words.say(self.language, product=chain.product, benefit=stage.benefit, when=self._when(chain.deadline))
        button = Button(JOIN_LABEL.say(self.language), f"chain:join:{chain.id}")
        return Message(self._noticed(text), ((button,),))

    def leads_now(self, chain: Chain, language: Language) -> Message:
        """What the next in order reads in private when the leader left."""
        return Message(LEADS_NOW.say(language, product=chain.product))

    def extended(self, chain: Chain) -> Message:
        """What the group reads when a group-buy was extended."""
        text = EXTENDED.say(self.language, product=chain.product, when=self._when(chain.deadline))
        return Message(self._noticed(text))

    def invitation(self, view: GroupbuyView, token: str, language: Language) -> str:
        """The text that somebody forwards to a friend, with the link; the forwarder's name is not in it."""
        stages = (
            Phrase("，", ", ")
            .say(language)
            .join(STAGE.say(language, size=each.size, benefit=each.benefit) for each in view.stages)
        )
        missing = next((each.missing for each in view.stages if each.missing), 0)
        facts = {
            "product": view.product,
            "stages": stages,
            "missing": missing,
            "when": when(view.deadline, self.zone, language),
            "link": f"https://t.me/{self.username}?start=b_{token}",
        }
        notice = f"{RISK_NOTICE.say(language)}\n" if view.needs_risk_notice else ""
        return notice + (INVITATION if missing else INVITATION_FORMED).say(language, **facts)

    def paid(self, reward: Reward, language: Language) -> Message:
        """What a person reads who was paid (`campaigns.groupbuys.rewards.RewardWording`)."""
        rule = PAID_RETURNED.say(language) if is_returned(reward.benefit.benefit) else ""
        return Message(PAID.say(language, product=reward.product, points=reward.points) + rule)

    def unpaid(self, reward: Reward, language: Language) -> Message:
        """What a person reads whom the points campaign could not pay any more."""
        return Message(UNPAID.say(language, product=reward.product, points=reward.points))

    def unpaid_member(self, reward: Reward, name: str, language: Language) -> Message:
        """What the manager reads of that."""
        return Message(UNPAID_MEMBER.say(language, product=reward.product, name=name, points=reward.points))

    def taken_back(self, reward: Reward, points: int, language: Language) -> Message:
        """What a person reads whose points were taken back."""
        return Message(TAKEN_BACK.say(language, product=reward.product, points=points))

    def _noticed(self, text: str) -> str:
        return f"{text}\n{RISK_NOTICE.say(self.language)}" if lacks_risk_notice(text) else text

    def _when(self, moment: datetime) -> str:
        return when(moment, self.zone, self.language)
