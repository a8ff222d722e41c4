// notify: being told of messages when nobody looks. Comes with view/notifier.js. See i18n.js.

export const notify = {
    'notify.file': ['A file', '文件'],
    'notify.lead': [
        'What you choose for your account holds on all of your devices.',
        '“账号”下的设置对你的所有设备生效。',
    ],
    'notify.here': ['This device', '当前设备'],
    'notify.show': ['Show notifications', '显示通知'],
    'notify.show_hint': [
        'While Stonechat is open in a tab that you don’t look at.',
        '当 Stonechat 开着但你没有在看时。',
    ],
    'notify.push': ['Also when Stonechat is closed', '关闭 Stonechat 后仍然通知'],
    'notify.push_hint': [
        'Your browser’s push service wakes this device. It can’t read what is said.',
        '由浏览器的推送服务唤醒此设备，推送服务无法读取消息内容。',
    ],
    'notify.sound': ['Play a sound', '播放提示音'],
    'notify.denied': [
        'Your browser does not allow it. Allow notifications for this site in its settings first.',
        '浏览器未允许通知。请先在浏览器设置中允许本网站发送通知。',
    ],
    'notify.no_push': [
        'This browser can’t do it here.',
        '此浏览器在这里不支持推送。',
    ],
    'notify.account': ['Your account', '账号'],
    'notify.text': ['Show what was said', '显示消息内容'],
    'notify.text_hint': [
        'Otherwise only who wrote, and where.',
        '关闭后仅显示发送者和聊天室。',
    ],
    'notify.quiet': ['Quiet hours', '免打扰时段'],
    'notify.from': ['From', '从'],
    'notify.to': ['To', '到'],
    'notify.zone': ['By the clock of {zone}', '按 {zone} 的时间'],
    'notify.pause': ['Do not disturb', '勿扰'],
    'notify.pause_off': ['Off', '关闭'],
    'notify.pause_hour': ['For an hour', '一小时'],
    'notify.pause_morning': ['Until tomorrow, 8:00', '到明天 8:00'],
    'notify.paused': ['Until {when}', '到 {when}'],
    'notify.room': ['Notifications from {room}', '“{room}”的通知'],
    'notify.all': ['All messages', '所有消息'],
    'notify.all_hint': ['Each message in this room.', '此聊天室的每一条消息。'],
    'notify.mentions': ['Mentions only', '仅提及我'],
    'notify.mentions_hint': [
        'Only messages that name you with an @.',
        '仅当有人用 @ 提到你时。',
    ],
    'notify.nothing': ['Nothing', '不通知'],
    'notify.nothing_hint': [
        'Unread messages are still counted.',
        '未读消息仍会计数。',
    ],
};
