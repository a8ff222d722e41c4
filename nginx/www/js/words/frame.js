// frame: what stands around everything: buttons of any dialog, the reader's own menu. See strings.js.

export const frame = {
    skip: ['Skip to writing', '跳到输入框'],
    close: ['Close', '关闭'],
    cancel: ['Cancel', '取消'],
    save: ['Save', '保存'],
    open: ['Open', '打开'],
    loading: ['Loading…', '加载中…'],
    notices: ['Notices', '通知'],
    notice: ['Notice', '通知'],
    go_to: ['Go to…', '前往…'],
    shortcuts_menu: ['Keyboard shortcuts', '键盘快捷键'],
    administration: ['Administration', '管理'],
    my_menu: ['My account and settings', '我的账号与设置'],
    sign_out: ['Sign out', '退出登录'],
    sign_out_pending: [
        {
            one: '{n} message has not been sent yet. It stays in this browser and is sent when you sign in here again.',
            other: '{n} messages have not been sent yet. They stay in this browser and are sent when you sign in here again.',
        },
        '还有 {n} 条消息没有发出。它们会保留在此浏览器中，下次在这里登录后自动发送。',
    ],
    'theme.auto': ['Match the system', '跟随系统'],
    'theme.light': ['Light', '浅色'],
    'theme.dark': ['Dark', '深色'],
};
