// Names the administrator rights that a person can give to a bot in a group.

export const RIGHTS = [
  { value: "can_pin_messages", label: "置顶消息" },
  { value: "can_delete_messages", label: "删除消息" },
  { value: "can_restrict_members", label: "限制成员" },
  { value: "can_invite_users", label: "邀请成员" },
  { value: "can_change_info", label: "修改群资料" },
  { value: "can_promote_members", label: "添加管理员" },
  { value: "can_manage_topics", label: "管理话题" },
  { value: "can_manage_tags", label: "设置成员标签" },
];

/** The Bot API's rights object of these names, or null for a plain member. */
export const rightsOf = (names) => (names.length ? Object.fromEntries(names.map((name) => [name, true])) : null);

/** `?admin=pin_messages+delete_messages` of a startgroup link, as the names of rights. */
export const namesFromLink = (rights) => rights.map((name) => (name.startsWith("can_") ? name : `can_${name}`));

export const RIGHT_CHOICES = { name: "rights", label: "管理员权限（一个不选就是普通成员）", kind: "checks", options: RIGHTS };
