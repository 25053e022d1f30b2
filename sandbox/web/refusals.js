// Says the sandbox's known refusals in Chinese; a sentence it does not know stays as it is.

const KNOWN = [
  [/^(.+) is not in this group\.$/, "$1不在这个群里"],
  [/^(.+) is in the group already\.$/, "$1已经在群里了"],
  [/^(.+) is banned from the group\.$/, "$1已被移出群聊，不能再加入"],
  [/^(.+) may not write in this group\.$/, "$1已被禁言"],
  [/^(.+) may not change this group\.$/, "$1没有修改群资料的权限"],
  [/^(.+) may not add the bot to this group that way\.$/, "$1没有添加机器人管理员的权限"],
  [/^(.+) may not change rights in this group\.$/, "$1没有设置群权限的权限"],
  [/^(.+) may not remove members of this group\.$/, "$1没有移出群成员的权限"],
  [/^(.+) has blocked this bot: unblock it first\.$/, "已拉黑该机器人，请先移出黑名单"],
  [/^@(.+) is not in this group\.$/, "机器人 @$1 不在这个群里"],
  [/^User \d+ is not in the group\.$/, "对方不在这个群里"],
  [/^Group .+ became supergroup .+\.$/, "群聊已升级为超级群"],
  [/^Only a plain group can become a supergroup\.$/, "只有普通群才能升级为超级群"],
  [/^This invite link does not exist or was revoked\.$/, "邀请链接不存在或已被撤销"],
  [/^This invite link has expired\.$/, "邀请链接已过期"],
  [/^This invite link has been used up\.$/, "邀请链接的名额已用完"],
  [/^There is no bot (.+)\.$/, "没有机器人 $1"],
  [/^There is no group (.+)\.$/, "没有这个群"],
  [/^There is no person (.+)\.$/, "没有这个人"],
  [/^There is no message .+ in this chat\.$/, "这条消息已经不在了"],
  [/^There is no message .+ to react to\.$/, "这条消息不能回应"],
  [/^There is no such message to forward\.$/, "这条消息不能转发"],
  [/^There is no such file\.$/, "文件不存在"],
  [/^The message has no button.*\.$/, "消息已更新，这个按钮不在了"],
  [/^The button .+ is disabled\.$/, "这个按钮现在不能点"],
  [/^Only a bot's message has buttons that answer\.$/, "这个按钮没有回应"],
  [/^Only an own text can be edited\.$/, "只能编辑自己发的文字"],
  [/^A message needs more than blanks\.$/, "不能发送空白消息"],
  [/^A poll needs a question and at least two options\.$/, "投票需要一个问题和至少两个选项"],
  [/^The poll is closed\.$/, "投票已结束"],
  [/^A vote in this poll cannot be changed\.$/, "这个投票不能改选"],
  [/^There is no vote to take back\.$/, "还没有投票"],
  [/^This poll takes one answer\.$/, "这是单选投票"],
  [/^There is no poll .+ in this chat\.$/, "这个投票已经不在了"],
  [/^No button of this keyboard asks for a chat with the number .+\.$/, "这个按钮已经不在了"],
  [/^(.+) does not own this group\.$/, "$1不是这个群的群主"],
  [/^(.+) lacks the right .+ in this group\.$/, "$1在这个群里的权限不够"],
  [/^The username (.+) is taken\.$/, "用户名 $1 已被占用"],
  [/^(Bad Request: )?IMAGE_PROCESS_FAILED$/, "图片无法读取"],
  [/^(Bad Request: )?REACTION_INVALID$/, "不能用这个表情回应"],
];

export function inChinese(sentence) {
  const [pattern, words] = KNOWN.find(([known]) => known.test(sentence)) ?? [];
  return pattern ? sentence.replace(pattern, words) : sentence;
}
