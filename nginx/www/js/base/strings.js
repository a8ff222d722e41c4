// strings: every word that the page says, in both languages. A row: [English, 中文]. Where the
// form depends on a number `n`, the cell is { one, other }, as Intl.PluralRules names them.
// Refusals of the server stand under error.CODE, those of a single field under field.CODE or
// field.NAME.CODE.

export const strings = {
    // The way in
    tagline: ['Say it once.\nIt arrives.', '说一次，\n必送达。'],
    tagline_small: ['Your conversations, on your own server.', '在自己的服务器上，说自己的话。'],
    sign_in_title: ['Welcome back', '欢迎回来'],
    sign_in_lead: ['Sign in to go on where you left off.', '登录后，从上次停下的地方继续。'],
    register_title: ['Create your account', '创建账号'],
    register_lead: ['A name and a password: that is all.', '只需一个用户名和一个密码。'],
    sign_in: ['Sign in', '登录'],
    register: ['Create account', '注册'],
    no_account: ['New here?', '还没有账号？'],
    have_account: ['Already have an account?', '已经有账号？'],
    name: ['User name', '用户名'],
    name_hint: ['2 to 32 letters or digits, in any script.', '2 到 32 个字符，中文也可以。'],
    display: ['Display name', '显示名称'],
    display_hint: [
        'What others see. You can change it at any time.',
        '别人看到的名字，随时可以修改。',
    ],
    password: ['Password', '密码'],
    password_hint: ['At least 8 characters.', '至少 8 个字符。'],
    show_password: ['Show password', '显示密码'],
    language: ['Language', '语言'],
    signed_out: [
        'You were signed out on this device. Please sign in again.',
        '你已在此设备上退出，请重新登录。',
    ],
    signed_out_everywhere: ['You are signed out on every device.', '你已在所有设备上退出登录。'],
    forbidden: ['This account may no longer sign in here.', '此账号已不能在这里登录。'],
    unreachable_title: ['The server cannot be reached', '无法连接服务器'],
    unreachable_text: [
        'We keep trying. This page goes on by itself.',
        '正在不断重试，恢复后会自动继续。',
    ],

    // The frame of the page
    skip: ['Skip to writing', '跳到输入框'],
    close: ['Close', '关闭'],
    cancel: ['Cancel', '取消'],
    save: ['Save', '保存'],
    open: ['Open', '打开'],
    loading: ['Loading…', '加载中…'],
    notices: ['Notices', '通知'],
    notice: ['Notice', '通知'],
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

    // The connection
    connecting: ['Connecting…', '正在连接…'],
    reconnecting: ['Connection lost. Reconnecting…', '连接已断开，正在重新连接…'],
    offline: [
        'You are offline. What you write is sent when you are back.',
        '当前处于离线状态，你写的消息会在恢复后发送。',
    ],
    back_online: ['Connected again', '已恢复连接'],
    in_seconds: ['next try in {n} s', '{n} 秒后重试'],
    try_now: ['Try now', '立即重试'],

    // Rooms
    rooms: ['Rooms', '聊天室'],
    new_room: ['New room', '新建聊天室'],
    create_room: ['Create room', '创建'],
    browse_rooms: ['Browse rooms', '浏览聊天室'],
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
    cannot_leave: [
        'This room cannot be left: it is the common one, or you are its only owner.',
        '无法离开：这是公共大厅，或者你是唯一的所有者。',
    ],
    room_gone: ['You are no longer in that room.', '你已不在该聊天室中。'],
    room_menu: ['About this room', '聊天室选项'],
    room_title: ['Name', '名称'],
    room_topic: ['Topic', '主题'],
    room_topic_hint: ['What is it about? May stay empty.', '聊什么？可以不填。'],
    room_kind: ['Who may come in', '谁可以加入'],
    public_room: ['Public room', '公开聊天室'],
    public_room_hint: ['Everybody here can find it and join.', '所有人都可以找到并加入。'],
    private_room: ['Private room', '私密聊天室'],
    private_room_hint: ['Only members know that it exists.', '只有成员知道它的存在。'],
    back_to_rooms: ['Back to the rooms', '返回聊天室列表'],
    nowhere_title: ['No room is open', '还没有打开聊天室'],
    nowhere_text: [
        'Choose one at the side, look around, or make your own.',
        '从列表中选择，四处看看，或者新建一个。',
    ],
    no_messages_yet: ['No messages yet', '还没有消息'],
    members_count: [{ one: '{n} member', other: '{n} members' }, '{n} 位成员'],
    messages_count: [{ one: '{n} message', other: '{n} messages' }, '{n} 条消息'],
    unread: [{ one: '{n} unread message', other: '{n} unread messages' }, '{n} 条未读消息'],
    you: ['You', '我'],
    snippet: ['{who}: {text}', '{who}：{text}'],

    // Messages
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

    // Devices and profile
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
    profile_saved: ['Your display name is changed.', '显示名称已修改。'],
    change_password: ['Change password', '修改密码'],
    current_password: ['Current password', '当前密码'],
    new_password: ['New password', '新密码'],
    password_changed: [
        'Your password is changed. Other devices are signed out.',
        '密码已修改，其他设备已退出登录。',
    ],

    // Refusals
    'error.network': [
        'The server cannot be reached. Please try again.',
        '无法连接服务器，请重试。',
    ],
    'error.bad_json': [
        'The server did not understand this page. Please reload it.',
        '服务器无法理解此请求，请刷新页面。',
    ],
    'error.bad_request': [
        'The server did not understand this page. Please reload it.',
        '服务器无法理解此请求，请刷新页面。',
    ],
    'error.unauthenticated': ['Please sign in first.', '请先登录。'],
    'error.session_ended': [
        'Your session has ended. Please sign in again.',
        '会话已结束，请重新登录。',
    ],
    'error.bad_credentials': ['The name or the password is wrong.', '用户名或密码不正确。'],
    'error.forbidden': ['You are not allowed to do this.', '你没有权限执行此操作。'],
    'error.no_longer_allowed': ['You are no longer allowed in here.', '你已不能进入这里。'],
    'error.cross_site': [
        'The request seemed to come from another site. Please reload the page.',
        '请求似乎来自其他网站，请刷新页面。',
    ],
    'error.registration_closed': [
        'New accounts are not open to everybody here. Ask whoever runs this server.',
        '此服务器未开放注册，请联系管理员。',
    ],
    'error.sign_in_closed': [
        'Nobody is signed in here in that way.',
        '此服务器不支持这种登录方式。',
    ],
    'error.not_found': ['There is no such thing here any more.', '内容不存在或已被移除。'],
    'error.method_not_allowed': [
        'The server does not know this request. Please reload the page.',
        '服务器不支持此请求，请刷新页面。',
    ],
    'error.request_timeout': [
        'The server waited too long. Please try again.',
        '请求超时，请重试。',
    ],
    'error.conflict': [
        'Somebody else has changed this meanwhile. Please look again.',
        '内容已被他人修改，请重新查看。',
    ],
    'error.limit_reached': ['There are as many of these as may be.', '数量已达上限。'],
    'error.last_owner': [
        'The room would be nobody’s: make another member its owner first.',
        '房间不能没有房主，请先将其他成员设为房主。',
    ],
    'error.last_admin': [
        'The site would have no administrator any more.',
        '站点不能没有管理员。',
    ],
    'error.name_taken': ['That name is taken.', '该名称已被使用。'],
    'error.too_large': ['This is too long to be sent.', '内容过长，无法发送。'],
    'error.headers_too_large': [
        'The request is too large. Please reload the page.',
        '请求过大，请刷新页面。',
    ],
    'error.invalid': ['Something in this is not allowed.', '其中有不允许的内容。'],
    'error.bad_utf8': ['This holds characters that are not allowed.', '包含不允许的字符。'],
    'error.too_many_connections': [
        'Too many windows are open at once: close one first.',
        '同时打开的窗口太多，请先关闭一个。',
    ],
    'error.rate_limited': [
        {
            one: 'Too many tries. Please wait {n} second.',
            other: 'Too many tries. Please wait {n} seconds.',
        },
        '操作过于频繁，请等待 {n} 秒。',
    ],
    'error.internal': [
        'Something went wrong on the server. Please try again.',
        '服务器出错，请重试。',
    ],
    'error.unavailable': [
        'The server is busy for the moment. Please try again.',
        '服务器暂时不可用，请稍后重试。',
    ],
    'error.too_many_connections': [
        'Too many pages are open here. Please close one.',
        '打开的页面太多了，请先关闭一个。',
    ],
    'error.busy': [
        'The server is busy for the moment. Please try again.',
        '服务器繁忙，请稍后重试。',
    ],
    'error.going_away': [
        'The server is restarting. Please try again.',
        '服务器正在重启，请稍后重试。',
    ],
    'error.restarting': [
        'The server is restarting. Please try again.',
        '服务器正在重启，请稍后重试。',
    ],

    'field.required': ['Please fill this in.', '请填写此项。'],
    'field.blank': ['Please fill this in.', '请填写此项。'],
    'field.invalid': ['This is not allowed here.', '此内容不被允许。'],
    'field.type': ['This is not allowed here.', '此内容不被允许。'],
    'field.range': ['This is not allowed here.', '此内容不被允许。'],
    'field.choice': ['Please choose one of these.', '请选择其中一项。'],
    'field.utf8': ['This holds characters that are not allowed.', '包含不允许的字符。'],
    'field.too_short': ['This is too short.', '内容过短。'],
    'field.too_long': ['This is too long.', '内容过长。'],
    'field.characters': ['This holds characters that are not allowed.', '包含不允许的字符。'],
    'field.look_alike': [
        'This mixes letters that look alike. Please keep to one script.',
        '混用了外形相似的字符，请只用一种文字。',
    ],
    'field.common': [
        'Too many people use this one. Please choose another.',
        '太常见了，请换一个。',
    ],
    'field.taken': ['That name is taken.', '该名称已被使用。'],
    'field.wrong': ['That is not your password.', '密码不正确。'],
    'field.name.too_short': ['At least 2 characters, please.', '至少需要 2 个字符。'],
    'field.name.too_long': ['32 characters at most, please.', '最多 32 个字符。'],
    'field.display.too_long': ['64 characters at most, please.', '最多 64 个字符。'],
    'field.password.too_short': ['At least 8 characters, please.', '至少需要 8 个字符。'],
    'field.password.too_long': ['256 characters at most, please.', '最多 256 个字符。'],
    'field.password.common': [
        'This is one of the passwords that are guessed first. Please choose another.',
        '这个密码太容易被猜到，请换一个。',
    ],
    'field.new.too_short': ['At least 8 characters, please.', '至少需要 8 个字符。'],
    'field.new.too_long': ['256 characters at most, please.', '最多 256 个字符。'],
    'field.new.common': [
        'This is one of the passwords that are guessed first. Please choose another.',
        '这个密码太容易被猜到，请换一个。',
    ],
};
