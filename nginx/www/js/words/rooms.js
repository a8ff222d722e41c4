// rooms: what can be done with rooms: menus, directory, settings, leaving. See i18n.js.

export const rooms = {
    create_room: ['Create room', '创建'],
    search_rooms: ['Search public rooms', '搜索公开聊天室'],
    rooms_found: [{ one: '{n} room found', other: '{n} rooms found' }, '找到 {n} 个聊天室'],
    nothing_found: ['No room of that name yet.', '没有找到这样的聊天室。'],
    show_more: ['Show more', '显示更多'],
    join: ['Join', '加入'],
    leave: ['Leave', '离开'],
    leave_room: ['Leave room', '离开聊天室'],
    leave_room_text: [
        'You will no longer receive messages from “{room}”.',
        '你将不再收到“{room}”的消息。',
    ],
    leave_last_text: [
        'You are the last one in “{room}”: when you leave, it is deleted with all its messages.',
        '你是“{room}”的最后一位成员：离开后，聊天室及其所有消息将被删除。',
    ],
    cannot_leave: [
        'This room cannot be left: it is the common one, or you are its only owner.',
        '无法离开：这是公共大厅，或者你是唯一的所有者。',
    ],
    room_title: ['Name', '名称'],
    room_topic: ['Topic', '主题'],
    room_topic_hint: ['What is it about? May stay empty.', '聊什么？可以不填。'],
    room_kind: ['Who may come in', '谁可以加入'],
    public_room_hint: ['Everybody here can find it and join.', '所有人都可以找到并加入。'],
    private_room_hint: ['Only members know that it exists.', '只有成员知道它的存在。'],
    messages_count: [{ one: '{n} message', other: '{n} messages' }, '{n} 条消息'],
    room_settings: ['Room settings', '聊天室设置'],
    about_person: ['About {who}', '关于 {who}'],
    export_room: ['Download all messages', '下载全部消息'],
};
