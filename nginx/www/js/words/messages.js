// messages: messages, and where they are written. See strings.js.

export const messages = {
    messages_of: ['Messages in {room}', '{room} 的消息'],
    today: ['Today', '今天'],
    yesterday: ['Yesterday', '昨天'],
    new_line: ['New', '新消息'],
    new_messages: [{ one: '{n} new message', other: '{n} new messages' }, '{n} 条新消息'],
    to_newest: ['Jump to newest', '回到最新'],
    deleted: ['This message was deleted.', '此消息已删除。'],
    beginning_title: ['This is the beginning of {room}', '“{room}”从这里开始'],
    beginning_public: [
        'A public room: everybody here can find it and join.',
        '公开聊天室，所有人都可以找到并加入。',
    ],
    beginning_direct: [
        'Only the two of you can read what is written here.',
        '这里的内容只有你们两人可以看到。',
    ],
    beginning_private: [
        'A private room: only members know that it exists.',
        '私密聊天室，只有成员知道它的存在。',
    ],
    empty_hint: [
        'Nobody has said anything yet. You could be the first.',
        '还没有人说话，来说第一句吧。',
    ],
    pending: ['Waiting to be sent', '等待发送'],
    not_sent: ['Not sent: {why}', '未发送：{why}'],
    retry: ['Try again', '重试'],
    discard: ['Discard', '丢弃'],
    write_to: ['Message {room}', '发消息到 {room}'],
    send: ['Send', '发送'],
    composer_hint: ['Enter to send, Shift+Enter for a new line', 'Enter 发送，Shift+Enter 换行'],
};
