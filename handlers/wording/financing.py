"""What managers read of an enterprise's plan of finance: why this one, what it leaves open, how it works."""

from campaigns.catalogue.model import CustomerBundle
from campaigns.members.model import Language
from handlers.wording.enterprises import INDUSTRIES, need_words
from handlers.wording.left_out import left_out_words
from handlers.wording.phrase import Phrase

HEAD = Phrase("🏭 {industry}融资方案「{name}」：{products}", "🏭 Finance for {industry}, “{name}”: {products}")
MET = Phrase("  针对：{needs}", "  meets: {needs}")
LEFT = Phrase("  还没有覆盖：{needs}", "  leaves open: {needs}")
WORDS = Phrase("  · {words}", "  · {words}")
NOT_SHOWN = Phrase("  不展示：{lines}", "  not shown: {lines}")
WHY = Phrase("{name}（{why}）", "{name} ({why})")
NOTHING = Phrase("现在没有可介绍的产品", "no product may be shown now")
APPROVAL = Phrase("  额度、利率和期限以审批为准", "  amount, rate and term as approved")


def plan_lines(found: CustomerBundle, language: Language) -> list[str]:
    """The plan line by line; empty for a person, and for an enterprise that no plan fits."""
    if found.plan is None or found.profile.business is None:
        return []
    joint = "、" if language is Language.ZH else ", "
    plan, industry = found.plan.plan, found.profile.business.industry
    shown = joint.join(each.product.name.read_in(language) for each in found.plan_lines if each.left_out is None)
    facts = {"name": plan.name.read_in(language), "products": shown or NOTHING.say(language)}
    lines = [HEAD.say(language, industry=INDUSTRIES[industry].say(language), **facts)]
    for phrase, needs in ((MET, found.plan.met), (LEFT, found.plan.left)):
        if needs:
            lines.append(phrase.say(language, needs=joint.join(need_words(each, language) for each in needs)))
    lines += [WORDS.say(language, words=each.read_in(language)) for each in plan.words]
    barred = [
        WHY.say(language, name=each.product.name.read_in(language), why=left_out_words(each, None, language))
        for each in found.plan_lines
        if each.left_out is not None
    ]
    return [*lines, *([NOT_SHOWN.say(language, lines=joint.join(barred))] if barred else []), APPROVAL.say(language)]
