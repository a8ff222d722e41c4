// link: the connection, and what is said while there is none. See strings.js.

export const link = {
    connecting: ['Connecting…', '正在连接…'],
    reconnecting: ['Connection lost. Reconnecting…', '连接已断开，正在重新连接…'],
    link_offline: [
        'You are offline. What you write is sent when you are back.',
        '当前处于离线状态，你写的消息会在恢复后发送。',
    ],
    back_online: ['Connected again', '已恢复连接'],
    in_seconds: ['next try in {n} s', '{n} 秒后重试'],
    try_now: ['Try now', '立即重试'],
    renewed: ['A new version of this page is there.', '此页面有新版本。'],
    reload: ['Reload', '重新加载'],
    keep_newest: [
        'Keep the newest messages in this browser, to read them without a network',
        '在此浏览器中保留最近的消息，以便离线阅读',
    ],
};
