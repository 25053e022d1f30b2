"""What people read on the segment report: titles, columns, sentences of the study, findings; Chinese first."""

from campaigns.members.model import Language
from handlers.wording.phrase import Phrase
from handlers.wording.pictures import both

TITLE = Phrase("客户分类报告", "Segment report")
SECTIONS = {
    "overview": Phrase("概览", "Overview"),
    "profile": Phrase("四类客户画像", "Profile per class"),
    "quadrant": Phrase("价值四象限", "Value quadrants"),
    "terciles": Phrase("类别 × 潜在价值三分位", "Class × potential tercile"),
    "fit": Phrase("与研究描述是否相符", "Fit to the study's words"),
    "migration": Phrase("类别迁移", "Migration"),
    "stability": Phrase("类别是否稳定", "How firm the classes are"),
    "drift": Phrase("指标漂移", "Drift of indicators"),
    "grouping": Phrase("是否存在第五类", "Is there a fifth group?"),
    "fairness": Phrase("公平性", "Fairness"),
    "tenure": Phrase("开户年限", "Tenure bands"),
    "model": Phrase("模型质量", "Model quality"),
    "lists": Phrase("客户名单", "Lists"),
    "quality": Phrase("数据质量", "Data quality"),
}
OVERVIEW = {
    "as_of": Phrase("数据截至", "data as of"),
    "made_at": Phrase("计算时间", "computed at"),
    "customers": Phrase("客户", "customers"),
    "assets": Phrase("资产合计", "assets in sum"),
    "policy": Phrase("策略版本", "policy version"),
    "classifier": Phrase("分类方法", "classifier"),
    "run": Phrase("运行编号", "run"),
    "compared": Phrase("比较日期", "compared with"),
    "dimensions": Phrase("比较维度", "compared by"),
    "stale": Phrase(
        "此后数据或策略已变化：请重新运行 segment。", "Data or policy changed since this run: run segment again."
    ),
}
PROFILE = {
    "customers": Phrase("客户数", "customers"),
    "share": Phrase("客户占比", "share of customers"),
    "assets_fen": Phrase("资产合计", "assets in sum"),
    "assets_median_fen": Phrase("资产中位数", "median assets"),
    "assets_mean_fen": Phrase("资产均值", "mean assets"),
    "transfers_median": Phrase("转账次数中位数", "median transfers"),
    "transfers_mean": Phrase("转账次数均值", "mean transfers"),
    "log_in_share": Phrase("登录手机银行占比", "share that logs in"),
    "age_median": Phrase("年龄中位数", "median age"),
    "counter_share_mean": Phrase("柜面业务占比", "share at the counter"),
    "over_gate": Phrase("达到中端门槛", "over the middle band's line"),
    "current_value_fen": Phrase("当前价值（年）", "current value a year"),
    "current_mean": Phrase("当前价值分", "mean current score"),
    "potential_mean": Phrase("潜在价值分", "mean potential score"),
    "churn_mean": Phrase("流失分", "mean churn score"),
    "provisional": Phrase("暂定（新客户）", "provisional (new)"),
    "confidence_mean": Phrase("平均可信度", "mean confidence"),
}
FIT = {
    "a_is_largest": Phrase("A 类人数最多", "A has the most customers"),
    "a_has_low_assets": Phrase("A 类资产低于 B、C", "A has lower assets than B and C"),
    "a_is_youngest": Phrase("A 类最年轻", "A is the youngest"),
    "a_is_active": Phrase("A 类比 C、D 活跃", "A is more active than C and D"),
    "a_is_digital": Phrase("A 类更多使用手机银行", "A uses the mobile bank more than C and D"),
    "b_has_highest_assets": Phrase("B 类资产最高", "B has the highest assets"),
    "b_holds_most": Phrase("B 类资产合计最多", "B holds the largest sum of assets"),
    "b_is_active": Phrase("B 类比 C、D 活跃", "B is more active than C and D"),
    "b_is_mature": Phrase("B 类年龄介于 A、C 之间", "B is between A and C in age"),
    "c_is_second_in_assets": Phrase("C 类资产次于 B", "C is second in assets"),
    "c_is_older": Phrase("C 类比 A、B 年长", "C is older than A and B"),
    "c_is_quiet": Phrase("C 类不如 A、B 活跃", "C is less active than A and B"),
    "c_prefers_the_counter": Phrase("C 类更多到柜面", "C uses the counter more than A and B"),
    "d_has_least_assets": Phrase("D 类资产最少", "D has the least assets"),
    "d_is_older": Phrase("D 类比 A、B 年长", "D is older than A and B"),
    "d_is_quiet": Phrase("D 类不如 A、B 活跃", "D is less active than A and B"),
    "d_prefers_the_counter": Phrase("D 类更多到柜面", "D uses the counter more than A and B"),
}
MET = {
    True: Phrase("相符", "met"),
    False: Phrase("不符", "not met"),
    None: Phrase("无数据可判断", "no data to judge by"),
}
TERCILES = {"0": Phrase("低", "low"), "1": Phrase("中", "middle"), "2": Phrase("高", "high")}
BESIDE = {
    "quadrants": Phrase("类别 × 价值象限", "Class × quadrant of both values"),
    "bands": Phrase("类别 × 资产分档", "Class × band"),
    "lifecycles": Phrase("类别 × 生命周期", "Class × lifecycle"),
    "quadrant": Phrase("象限", "quadrant"),
    "bounds": Phrase("三分位界限 {low:g} / {high:g} 分", "terciles end at {low:g} / {high:g}"),
    "apart": Phrase(
        "{count:,} 位客户的类别与价值象限不同", "{count:,} customers have a letter other than their quadrant"
    ),
    "held": Phrase("{count:,} 位客户因滞后区间保持原类", "{count:,} letters are held by the margin"),
    "provisional": Phrase("{count:,} 位新客户的类别暂定", "{count:,} letters are provisional (new customers)"),
    "watched": Phrase("{count:,} 位 B 类客户列入流失关注", "{count:,} of class B are on the churn watch"),
}
FIRMNESS = {
    "kept": Phrase("重抽样后保持原类（平均）", "keep their class over resampled scalers (mean)"),
    "kept_worst": Phrase("最差一次", "worst round"),
    "rand": Phrase("调整兰德指数（平均）", "adjusted Rand index (mean)"),
    "refit": Phrase(
        "若今天重新估计标尺（现用 {scaler_of}）", "if the scaler of {scaler_of} were estimated again today"
    ),
    "rounds": Phrase(
        "标尺由有放回抽取的同样多客户重新估计，共 {rounds} 次", "scaler estimated again from {rounds} bootstrap draws"
    ),
}
NOT_THERE = {
    "migration": Phrase(
        "没有更早的运行可比较；用 --compare 日期指定。", "No earlier run to compare with; name one with --compare."
    ),
    "drift": Phrase("没有更早的数据可比较。", "No earlier data to compare with."),
    "model": Phrase("没有指定模型文件；用 --model 文件指定。", "No model file was given; name one with --model."),
    "grouping": Phrase("客户太少，无法聚类。", "Too few customers to cluster."),
    "list": Phrase("名单为空", "nobody on this list"),
    "tenure": Phrase("没有开户年限数据。", "Nothing is known of tenure."),
}
DRIFT = {
    "indicator": Phrase("指标", "indicator"),
    "psi": Phrase("PSI", "index"),
    "level": Phrase("状态", "level"),
    "unknown": Phrase("未知占比", "unknown"),
    "median": Phrase("中位数", "median"),
    "alarms": Phrase("{count} 个指标报警", "{count} indicators at alarm"),
    "calm": Phrase("没有指标报警", "no indicator at alarm"),
    "rest": Phrase("图中为变化最大的 {count} 个指标", "the picture shows the {count} that moved most"),
}
ANSWERS = {
    "yes": Phrase(
        "是：超过四类时分得更开，而且可以重复。", "Yes: more than four groups stand apart better, and they repeat."
    ),
    "weak": Phrase(
        "证据不足：超过四类时分得更开，但换一半客户就不能重复。",
        "Weak: more than four groups stand apart better, but they do not repeat on another half of the customers.",
    ),
    "no": Phrase("否：四类或更少时分得最开。", "No: four groups or fewer stand apart best."),
}
GROUPING = {
    "groups": Phrase("组数", "groups"),
    "bic": Phrase("BIC（低好）", "BIC, lower is better"),
    "silhouette": Phrase("轮廓系数", "silhouette"),
    "repeats": Phrase("可重复性", "repeats"),
    "rand": Phrase("与四类一致", "agrees with letters"),
    "cluster": Phrase("组", "group"),
    "share": Phrase("占比", "share"),
    "assets": Phrase("资产中位数", "median assets"),
    "transfers": Phrase("转账", "transfers"),
    "mostly": Phrase("主要是", "mostly"),
    "note": Phrase(
        "聚类只作对照，从不决定类别；样本 {sample:,} 位客户",
        "Clustering stands beside the letters and never names them; sample of {sample:,}",
    ),
    "chosen": Phrase(
        "选中的 {groups} 组（在分得同样开的之中最能重复）",
        "the {groups} groups that repeat best among those that stand apart equally well",
    ),
}
TRAITS = {
    "sex": Phrase("性别", "sex"),
    "age": Phrase("年龄段", "age band"),
    "tenure": Phrase("新老客户", "newcomers"),
}
GROUPS = {
    "f": Phrase("女", "women"),
    "m": Phrase("男", "men"),
    "under_30": Phrase("30 岁以下", "under 30"),
    "30_to_44": Phrase("30–44 岁", "30 to 44"),
    "45_to_59": Phrase("45–59 岁", "45 to 59"),
    "from_60": Phrase("60 岁及以上", "from 60"),
    "new": Phrase("新客户", "new"),
    "longer": Phrase("老客户", "longer"),
    "longer_or_unknown": Phrase("老客户或未知", "longer or unknown"),
    "unknown": Phrase("未知", "unknown"),
}
FAIRNESS = {
    "group": Phrase("人群", "group"),
    "customers": Phrase("人数", "customers"),
    "potential": Phrase("潜在分", "potential"),
    "churn": Phrase("流失分", "churn"),
    "largest": Phrase("参照组", "reference"),
    "suppressed": Phrase("少于 {smallest} 人，不显示", "fewer than {smallest}: not shown"),
    "apart": Phrase("占比与参照组相差超过五分之四线", "beyond four fifths of the reference group"),
    "read": Phrase(
        "各类占比，括号内为 95% 区间；加粗带 ▲ 的与参照组相差超过五分之四线",
        "Share per class with 95 % interval; bold with ▲: beyond four fifths of the reference group",
    ),
    "clean": Phrase(
        "价格检查通过：定价规则不读取性别、年龄；打乱受保护特征后，试算的 {tried:,} 位客户的价值与建议利率分毫不变。",
        "Prices are clean: no rule that sets a price reads sex or age; with the protected traits dealt out anew, value "
        "and advised rate of the {tried:,} customers tried stay the same.",
    ),
    "untried": Phrase(
        "价格检查通过：定价规则不读取性别、年龄；没有部门交付这些特征，因此只核对了规则。",
        "Prices are clean: no rule that sets a price reads sex or age; nobody delivers such traits, so that only the "
        "rules could be checked.",
    ),
    "unclean": Phrase(
        "价格检查未通过：{changed:,} 位客户的价值或建议利率会随受保护特征改变，或有定价规则读取了受保护特征。",
        "Prices are not clean: value or advised rate of {changed:,} customers changes with a protected trait, or a "
        "rule that sets a price reads one.",
    ),
    "known": Phrase("已交付的受保护特征：", "protected traits that somebody delivered:"),
    "rule": Phrase("规则", "rule"),
    "price": Phrase("影响价格", "sets price"),
    "protected": Phrase("受保护特征", "protected traits"),
    "none": Phrase("无", "none"),
    "by_age": Phrase(
        "不看年龄，{share:.1%} 的客户会是另一类（年龄是研究中的分类维度）。",
        "Without age {share:.1%} of the customers would have another letter (age is a dimension of the study).",
    ),
}
YES_NO = {True: Phrase("是", "yes"), False: Phrase("否", "no")}
MODEL = {
    "trained": Phrase("训练数据截至 {as_of}（{profile}）", "trained on data as of {as_of} ({profile})"),
    "held_out": Phrase(
        "检验方式：同一季度内按客户五折交叉验证，校准取自其他各折；下一季度不同，因此偏乐观。",
        "Held out: five-fold cross-validation by customer inside one quarter, calibrated on the other folds; this "
        "flatters, since the next quarter differs.",
    ),
    "set": Phrase("所用数据", "data used"),
    "macro_auc": Phrase("平均 AUC", "macro AUC"),
    "auc_fell": Phrase("下降 AUC", "AUC fell"),
    "lift_fell": Phrase("前十分之一提升", "top-decile lift"),
    "calibration_error": Phrase("校准误差", "calibration error"),
    "never": Phrase("模型从不决定类别。", "The model never sets the letter."),
}
CHAMPION = {
    "beats_heuristic": Phrase(
        "本次潜在价值由模型给出：它在训练之后的窗口中胜过书面规则。",
        "The potential of this run is a model's: it beat the documented heuristic on a window after its training.",
    ),
    "no_model": Phrase(
        "本次潜在价值由书面规则给出：没有登记的模型。",
        "The potential of this run is the documented heuristic's: no model is registered.",
    ),
    "retired": Phrase(
        "本次潜在价值由书面规则给出：模型已停用。",
        "The potential of this run is the documented heuristic's: the model is retired.",
    ),
    "not_better": Phrase(
        "本次潜在价值由书面规则给出：模型在最近的窗口中没有胜过它。",
        "The potential of this run is the documented heuristic's: the model did not beat it on the latest window.",
    ),
    "not_judged": Phrase(
        "本次潜在价值由书面规则给出：此前没有评判过模型的窗口。",
        "The potential of this run is the documented heuristic's: the model had not been judged on a window before.",
    ),
    "not_usable": Phrase(
        "本次潜在价值由书面规则给出：模型无法用于当天的数据。",
        "The potential of this run is the documented heuristic's: the model could not be used on that day's data.",
    ),
}
JUDGED = {
    "model": Phrase("模型 {digest}，训练数据截至 {day}", "model {digest}, trained on data as of {day}"),
    "window": Phrase(
        "{day} 的数据评分，用之后发生的结果检验（样本外）。",
        "Scored as of {day} and judged by what followed: out of time.",
    ),
    "score": Phrase("排序依据", "ranked by"),
    "concordance": Phrase("一致性", "concordance"),
    "lead": Phrase("模型领先", "the model leads by"),
    "band": Phrase("开户年限", "tenure"),
    "customers": Phrase("客户数", "customers"),
}
SCORES = {
    "outlook": Phrase("模型", "the model"),
    "heuristic": Phrase("书面规则", "documented heuristic"),
    "assets": Phrase("只看资产", "assets alone"),
    "tenure": Phrase("只看开户年限", "tenure alone"),
}
TENURES = {
    "new since the first statement": Phrase("首份对账单之后的新客户", "new since the first statement"),
    "longer, or not known": Phrase("更早或未知", "longer, or not known"),
}
LISTS = {
    "watched": Phrase("B 类流失关注", "Class B to watch"),
    "to_develop": Phrase("C 类可发展", "Class C worth developing"),
    "valuable": Phrase("价值最高", "Most valuable"),
    "apart": Phrase("类别与象限不同", "Letter apart from the quadrant"),
    "value": Phrase("年价值", "value a year"),
    "potential": Phrase("潜在", "potential"),
    "churn": Phrase("流失", "churn"),
    "masked": Phrase("只列客户号，不含姓名与电话", "customer numbers only, no names or phones"),
}
QUALITY = {
    "left_out": Phrase("全行未纳入的维度", "dimensions left out for everybody"),
    "none": Phrase("无", "none"),
    "age_known": Phrase("年龄已知", "age known"),
    "counter_known": Phrase("渠道已知", "channels known"),
    "scaler": Phrase("标尺估计于", "scaler fitted on"),
    "confidence": Phrase("平均可信度", "mean confidence"),
    "missing": Phrase("部门缺数据的客户", "customers of whom a department says nothing"),
    "department": Phrase("部门", "department"),
    "field": Phrase("字段", "field"),
    "customers": Phrase("客户数", "customers"),
    "known": Phrase("已知", "known"),
    "stale": Phrase("已过期", "out of date"),
    "conflicts": Phrase("部门说法不一", "departments disagree"),
    "ageing": Phrase("会过期的字段", "fields that age"),
}
RULES = {
    "letter": Phrase("类别", "class"),
    "current_value": Phrase("当前价值", "current value"),
    "loan_rate": Phrase("建议贷款利率", "advised loan rate"),
    "potential": Phrase("潜在价值", "potential value"),
    "churn": Phrase("流失", "churn"),
}
PROTECTED = {
    "age": Phrase("年龄", "age"),
    "birth_date": Phrase("出生日期", "birth date"),
    "life_stage": Phrase("人生阶段", "life stage"),
    "sex": Phrase("性别", "sex"),
}


def rule_name(rule: str) -> tuple[str, str]:
    """A rule that the price check looked at, in Chinese and in English."""
    return both(RULES[rule]) if rule in RULES else (rule, "")


def trait_name(trait: str) -> tuple[str, str]:
    """A protected trait in Chinese and in English."""
    return both(PROTECTED[trait]) if trait in PROTECTED else (trait, "")


def group_name(group: str) -> tuple[str, str]:
    """A group of the fairness page in Chinese and in English."""
    return both(GROUPS[group]) if group in GROUPS else (group, "")


def said(phrase: Phrase, **facts: object) -> tuple[str, str]:
    """A sentence with its facts in Chinese and in English."""
    return phrase.say(Language.ZH, **facts), phrase.say(Language.EN, **facts)
