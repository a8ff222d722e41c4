// writing: what stands about the box now and then: whom it answers, whom one may mean. See i18n.js.

export const writing = {
    replying_to: ['Replying to {who}', '回复 {who}'],
    cancel_reply: ['Don’t reply', '取消回复'],
    editing: ['Editing your message', '编辑消息'],
    cancel_edit: ['Cancel editing', '取消编辑'],
    people_meant: ['People to mention', '可提及的人'],
    people_offered: [{ one: '{n} person', other: '{n} people' }, '{n} 人'],
};
