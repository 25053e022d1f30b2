"""What people read about quizzes."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.deliveries.model import Button, Message
from campaigns.members.model import Language
from campaigns.quizzes.model import (
    VOID,
    GuessCode,
    GuessOutcome,
    Preview,
    Quiz,
    QuizKind,
    QuizPlan,
    QuizRefusal,
    QuizState,
    Sharing,
    Win,
)
from handlers.wording.phrase import Phrase
from handlers.wording.times import when

SHOWN_WINNERS = 20

ANSWER_LABEL = Phrase("私聊作答", "Answer in private")
ASK_ANSWER = Phrase(
    "「{title}」\n{question}\n\n请直接发答案（只有一次机会，提交后不能改；发「取消」结束）。{form}",
    "“{title}”\n{question}\n\nSend your answer: one try, and it cannot be changed; “cancel” ends. {form}",
)
SCORE_FORM = Phrase("比分请写成 2:1。", "Write a score as 2:1.")
NOT_OPEN = Phrase("这个题目已截止，或只对群成员开放。", "This quiz is over, or open to members of the group only.")
CANCELLED = Phrase("好的，没有作答。", "All right, no answer was given.")
USAGE = Phrase(
    "请私聊发：/quiz 活动编号，换行后写题目。例如：\n/quiz 3\nkind: riddle\ntitle_zh: 中秋灯谜\n"
    "title_en: Riddle\nquestion_zh: 一口咬掉牛尾巴（打一字）\nquestion_en: A riddle on a character\n"
    "answers: [告]\nprize: 20\nsharing: each\nwinners: 10\ncloses_at: 明天20:00",
    "Send /quiz, the number of the points campaign, and the quiz on new lines. For example:\n/quiz 3\n"
    "kind: riddle\ntitle_zh: 中秋灯谜\ntitle_en: Riddle\nquestion_zh: 一口咬掉牛尾巴（打一字）\n"
    "question_en: A riddle on a character\nanswers: [告]\nprize: 20\nsharing: each\nwinners: 10\n"
    "closes_at: tomorrow 20:00",
)
FILE_USAGE = Phrase(
    "也可以发 YAML 或 CSV 文件（可含多题），说明写 /quiz 活动编号，先看预览再发布。",
    "Or send a YAML or CSV file of one quiz or several with /quiz NUMBER as its caption: a preview comes first.",
)
FILE_TOO_LARGE = Phrase(
    "文件太大，请发 50 KB 以内的 YAML 或 CSV。", "Too large: a YAML or CSV of 50 KB at most, please."
)
FILE_HEAD = Phrase("将发布 {n} 题，发布后不能修改：", "{n} quizzes will be published, and not changed afterwards:")
FILE_LINE = Phrase(
    "{at}. {kind}「{title}」· {question} · 答案 {answer} · {prize} 波豆 · 截止 {when}",
    "{at}. {kind} “{title}” · {question} · answer {answer} · {prize} points · closes {when}",
)
LATER = Phrase("以后公布", "told later")
PUBLISH_LABEL, DROP_LABEL = Phrase("发布", "Publish"), Phrase("取消", "Cancel")
ALL_PUBLISHED = Phrase("已发布 {n} 题。", "{n} quizzes are published.")
DROPPED = Phrase("好的，没有发布。", "All right, nothing was published.")
NO_FILE = Phrase("没有待发布的题目，请重新发文件。", "Nothing waits to be published: send the file again.")
WHICH_GROUP = Phrase(
    "你有几个群，请在活动编号后写群的序号（如 /quiz 3 1）：", "Name the group after the campaign (as in /quiz 3 1):"
)
NOT_HERE = Phrase("题目里有答案，请私聊我发 /quiz。", "The form holds the answer: send /quiz to me in private.")
PUBLISHED = Phrase("「{title}」已发布（编号 {id}）。", "“{title}” is published (number {id}).")
NO_QUIZZES = Phrase("你的群里还没有竞猜。", "Your groups have no quizzes yet.")
RESULT_USAGE = Phrase(
    "请这样发：/result 编号 答案，例如 /result 5 2:1；赛事取消发 /result 5 无效",
    "Send /result NUMBER ANSWER, such as /result 5 2:1; /result 5 void where it was cancelled.",
)
PREVIEW = Phrase(
    "「{title}」结果：{result}\n答对 {right} 人，将发放 {points} 波豆。确认后不能更改。",
    "“{title}”, result: {result}\n{right} are right, {points} points will be paid. It cannot be changed afterwards.",
)
CONFIRM_LABEL = Phrase("确认结果：{result}", "Confirm: {result}")
SETTLED = Phrase("已开奖，{right} 人答对，发放 {points} 波豆。", "Settled: {right} right, {points} points paid.")

_CODES = {
    GuessCode.TAKEN: Phrase(
        "已收到你的答案：{answer}。截止后公布结果。", "Your answer is in: {answer}. Results follow."
    ),
    GuessCode.TWICE: Phrase("每人一次，你的答案是：{answer}。", "One answer each; yours is: {answer}."),
    GuessCode.CLOSED: Phrase("已截止，不能再作答。", "This quiz is closed."),
    GuessCode.UNREADABLE: Phrase("这个答案无法识别，请按题目要求作答。", "This cannot be an answer: see the question."),
    GuessCode.NO_QUIZ: Phrase("没有找到这个题目，请看群里最新的卡片。", "There is no such quiz; see the newest card."),
}
_REFUSALS = {
    QuizRefusal.NO_GROUP: Phrase(
        "这个群还没有登记，请先发 /register。", "The group is not registered: send /register."
    ),
    QuizRefusal.NOT_YOUR_GROUP: Phrase(
        "这个群由另一位理财经理管理。", "Another wealth manager looks after this group."
    ),
    QuizRefusal.NO_CAMPAIGN: Phrase("没有这个波豆活动。", "There is no such points campaign."),
    QuizRefusal.NOT_YOUR_CAMPAIGN: Phrase("这个波豆活动属于别的群。", "This points campaign is another group's."),
    QuizRefusal.BUDGET_TOO_SMALL: Phrase("波豆预算不够付奖励。", "The budget does not cover the prizes."),
    QuizRefusal.BEYOND_CAMPAIGN: Phrase(
        "截止时间要早于波豆活动的结束。", "It must close before its points campaign ends."
    ),
    QuizRefusal.NO_QUIZ: Phrase("你的群里没有这个编号的竞猜。", "No quiz of your groups has this number."),
    QuizRefusal.STILL_OPEN: Phrase(
        "还没有截止，截止后才能录入结果。", "It is still open: enter the result when it is closed."
    ),
    QuizRefusal.SETTLED_ALREADY: Phrase("已经开奖，不能更改。", "It is settled and cannot be changed."),
    QuizRefusal.BAD_RESULT: Phrase("这个结果无法识别。", "This cannot be a result."),
}
_STATES = {
    QuizState.OPEN: Phrase("进行中", "open"),
    QuizState.AWAITING: Phrase("已截止，等待结果", "closed, awaiting the result"),
    QuizState.SETTLED: Phrase("已开奖", "settled"),
}
_KINDS = {QuizKind.RIDDLE: Phrase("猜灯谜", "Riddle"), QuizKind.GUESS: Phrase("竞猜", "Guess")}


def title(plan: QuizPlan, language: Language) -> str:
    """A quiz's name."""
    return plan.title_zh if language is Language.ZH else plan.title_en


def shown(plan: QuizPlan, answer: str | None) -> str:
    """An answer as people read it: an option's words, a score with a colon."""
    if answer is None or answer == VOID:
        return "—"
    if plan.options:
        return plan.options[int(answer) - 1]
    return answer.replace("-", ":") if plan.kind is QuizKind.GUESS else answer


def usage(groups: Sequence[str], language: Language) -> str:
    """How to publish a quiz, with the groups to choose from where there are several."""
    how = f"{USAGE.say(language)}\n\n{FILE_USAGE.say(language)}"
    if len(groups) < 2:
        return how
    lines = [f"{at}. {group}" for at, group in enumerate(groups, start=1)]
    return "\n".join([how, "", WHICH_GROUP.say(language), *lines])


def shown_file(plans: Sequence[QuizPlan], zone: ZoneInfo, language: Language) -> str:
    """What a file would publish, a line each with the answer: only its manager reads it."""
    lines = [
        FILE_LINE.say(
            language,
            at=at,
            kind=_KINDS[plan.kind].say(language),
            title=title(plan, language),
            question=(plan.question_zh if language is Language.ZH else plan.question_en)[:40],
            answer=" / ".join(shown(plan, each) for each in plan.accepted) or LATER.say(language),
            prize=plan.prize,
            when=when(plan.closes_at, zone, language),
        )
        for at, plan in enumerate(plans, start=1)
    ]
    return "\n".join([FILE_HEAD.say(language, n=len(plans)), *lines])[:4096]


def guess(outcome: GuessOutcome, plan: QuizPlan | None, language: Language) -> str:
    """The answer to one answer; fits the 200 characters of a callback answer."""
    answer = shown(plan, outcome.answer) if plan and outcome.answer else outcome.answer
    return _CODES[outcome.code].say(language, answer=answer)


def ask(plan: QuizPlan, language: Language) -> str:
    """The question as it is asked in private."""
    question = plan.question_zh if language is Language.ZH else plan.question_en
    form = SCORE_FORM.say(language) if plan.kind is QuizKind.GUESS and not plan.options else ""
    return ASK_ANSWER.say(language, title=title(plan, language), question=question, form=form)


def refusal(reason: QuizRefusal, language: Language) -> str:
    """Why a quiz was not published or its result not taken."""
    return _REFUSALS[reason].say(language)


def preview(found: Preview, language: Language) -> str:
    """What a result would pay."""
    points = sum(win.points for win in found.wins)
    result = shown(found.quiz.plan, found.result)
    name = title(found.quiz.plan, language)
    return PREVIEW.say(language, title=name, result=result, right=len(found.wins), points=points)


def listed(quiz: Quiz, zone: ZoneInfo, language: Language) -> str:
    """One quiz in its manager's list."""
    text = Phrase(
        "{id}. 「{title}」· {state} · {answers} 人作答 · 截止 {when}",
        "{id}. “{title}” · {state} · {answers} answers · {when}",
    )
    return text.say(
        language,
        id=quiz.id,
        title=title(quiz.plan, language),
        state=_STATES[quiz.state].say(language),
        answers=quiz.answers,
        when=when(quiz.plan.closes_at, zone, language),
    )


@dataclass(frozen=True)
class QuizWords:
    """The sentences that quizzes put into the ledger (`campaigns.quizzes.service.QuizWording`)."""

    zone: ZoneInfo
    bank: str
    username: str
    language: Language = Language.ZH

    def card(self, quiz: Quiz, *, is_over: bool) -> Message:
        """The group's card: the question, the rules as they will be paid, and nobody's answer."""
        plan, language = quiz.plan, self.language
        state = _STATES[quiz.state] if quiz.state is not QuizState.OPEN or not is_over else Phrase("已截止", "closed")
        head = f"【{_KINDS[plan.kind].say(language)}】{title(plan, language)} · {state.say(language)}"
        question = plan.question_zh if language is Language.ZH else plan.question_en
        counted = Phrase("截止 {when} · 已有 {n} 人作答", "Closes {when} · {n} answers")
        lines = [head, question, "", self._prize(plan), self._rules(plan)]
        lines.append(counted.say(language, when=when(plan.closes_at, self.zone, language), n=quiz.answers))
        if quiz.state is QuizState.SETTLED:
            lines.append(self._answer(quiz))
        is_taking = quiz.state is QuizState.OPEN and not is_over
        return Message("\n".join(lines), self._buttons(quiz) if is_taking else ())

    def results(self, quiz: Quiz, wins: Sequence[Win]) -> Message:
        """What the group reads once: the answer, how many were right, and masked names with what they were paid."""
        head = Phrase("🎉 「{title}」开奖：{right} 人答对。", "🎉 “{title}”: {right} were right.")
        if quiz.result == VOID:
            head = Phrase("「{title}」无效，不发放奖励，谢谢参与。", "“{title}” is void: nothing is paid. Thank you.")
        lines = [head.say(self.language, title=title(quiz.plan, self.language), right=len(wins)), self._answer(quiz)]
        paid = [win for win in wins if win.points]
        lines += [f"{win.given.masked_name} +{win.points}" for win in paid[:SHOWN_WINNERS]]
        if len(paid) > SHOWN_WINNERS:
            lines.append(Phrase("…… 共 {n} 人获奖", "… {n} people in all").say(self.language, n=len(paid)))
        return Message("\n".join(lines))

    def ask_result(self, quiz: Quiz) -> Message:
        """What the manager reads when a guess is closed."""
        text = Phrase(
            "「{title}」已截止，{n} 人作答。结果出来后请发：/result {id} 结果（如 /result {id} 2:1），再请你确认。",
            "“{title}” is closed with {n} answers. Send /result {id} RESULT once it is known, then confirm it.",
        )
        return Message(text.say(self.language, title=title(quiz.plan, self.language), n=quiz.answers, id=quiz.id))

    def won(self, quiz: Quiz, points: int) -> Message:
        """What a winner reads in private."""
        text = Phrase(
            "🎉 「{title}」你答对了，+{points} 波豆。发 /points 看余额。",
            "🎉 “{title}”: you were right, +{points} points. /points shows your balance.",
        )
        return Message(text.say(self.language, title=title(quiz.plan, self.language), points=points))

    def _prize(self, plan: QuizPlan) -> str:
        each = Phrase(
            "奖励：前 {n} 位答对者每人 {prize} 波豆", "Prize: {prize} points for each of the first {n} who are right"
        )
        equal = Phrase(
            "奖励：{prize} 波豆由答对者均分，除不尽的余数按答对先后每人多 1",
            "Prize: {prize} points in equal parts for all who are right; what is left over goes one each to the first",
        )
        words = each if plan.sharing is Sharing.EACH else equal
        return words.say(self.language, n=plan.winners, prize=plan.prize)

    def _rules(self, plan: QuizPlan) -> str:
        rules = Phrase(
            "规则：群成员每人一次，提交后不能更改；答案互不可见，截止后公布。免费参加，不涉及任何投注。主办：{bank}",
            "Rules: group members, one answer each, never changed; nobody sees another's; results after the end. "
            "Free of charge, no stakes. Organiser: {bank}",
        )
        return rules.say(self.language, bank=self.bank)

    def _answer(self, quiz: Quiz) -> str:
        plan = quiz.plan
        right = plan.accepted[:1] if plan.kind is QuizKind.RIDDLE else (quiz.result,)
        words = Phrase("答案：{answer}", "Answer: {answer}")
        return words.say(self.language, answer=shown(plan, right[0] if right else None))

    def _buttons(self, quiz: Quiz) -> tuple[tuple[Button, ...], ...]:
        if quiz.plan.options:
            return tuple(
                (Button(option, f"quiz:{quiz.id}:{at}"),) for at, option in enumerate(quiz.plan.options, start=1)
            )
        link = f"https://t.me/{self.username}?start=quiz_{quiz.id}"
        return ((Button(ANSWER_LABEL.say(self.language), url=link),),)
