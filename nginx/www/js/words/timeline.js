// timeline: places in a conversation, and who has read it. See strings.js.

export const timeline = {
    message_at: ['Message of {who}, {when}', '{who} 于 {when} 的消息'],
    message_gone: ['This message is not there any more.', '这条消息已不存在。'],
    message_deleted_here: ['This message was deleted.', '此消息已被删除。'],
    message_unreachable: [
        'The message can’t be loaded right now. Try again in a moment.',
        '暂时无法加载这条消息，请稍后再试。',
    ],
    seen: ['Seen', '已读'],
    read_by: [{ one: 'Read by {n}', other: 'Read by {n}' }, '{n} 人已读'],
    read_by_all: ['Read by everybody', '所有人已读'],
};
