// account: the reader's own menu, account and devices. See i18n.js.

export const account = {
    notifications: ['Notifications', '通知'],
    devices: ['My devices', '我的设备'],
    devices_lead: [
        'Everywhere that you are signed in. Don’t know one of them? Sign it out and change your password.',
        '你已登录的所有地方。有不认识的？请将其退出并修改密码。',
    ],
    this_device: ['This device', '当前设备'],
    device_online: ['Active now', '正在使用'],
    device_seen: ['Last seen {when}', '最近活动：{when}'],
    device_since: ['Signed in {when}', '登录时间：{when}'],
    unknown_device: ['Unknown device', '未知设备'],
    browser_on: ['{browser} on {system}', '{system} 上的 {browser}'],
    sign_out_everywhere: ['Sign out everywhere', '在所有设备上退出'],
    sign_out_everywhere_text: [
        'Every device is signed out at once, this one too.',
        '所有设备都会立即退出登录，包括当前设备。',
    ],
    profile: ['My profile', '我的资料'],
    profile_saved: ['Your profile is changed.', '资料已修改。'],
    change_password: ['Change password', '修改密码'],
    current_password: ['Current password', '当前密码'],
    new_password: ['New password', '新密码'],
    password_changed: [
        'Your password is changed. Other devices are signed out.',
        '密码已修改，其他设备已退出登录。',
    ],
    go_to: ['Go to…', '前往…'],
    shortcuts_menu: ['Keyboard shortcuts', '键盘快捷键'],
    administration: ['Administration', '管理'],
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
