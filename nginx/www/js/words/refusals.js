// refusals: those of the server, under error.CODE; fetched with the first. See i18n.js.

export const refusals = {
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
        '聊天室不能没有所有者，请先将其他成员设为所有者。',
    ],
    'error.last_admin': [
        'The site would have no administrator any more.',
        '站点不能没有管理员。',
    ],
    'error.name_taken': ['That name is taken.', '该名称已被使用。'],
    'error.too_large': ['This is too long to be sent.', '内容过长，无法发送。'],
    'error.quota': [
        'Your files fill all the space that you have here.',
        '你的文件已占满可用空间。',
    ],
    'error.headers_too_large': [
        'The request is too large. Please reload the page.',
        '请求过大，请刷新页面。',
    ],
    'error.misdirected': ['This server does not go by that name.', '此服务器不使用这个名称。'],
    'error.invalid': ['Something in this is not allowed.', '其中有不允许的内容。'],
    'error.bad_utf8': ['This holds characters that are not allowed.', '包含不允许的字符。'],
    'error.rate_limited': [
        {
            one: 'Too many tries. Please wait {n} second.',
            other: 'Too many tries. Please wait {n} seconds.',
        },
        '操作过于频繁，请等待 {n} 秒。',
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
    'error.file_lost': [
        'This browser has not kept the file. Please attach it again.',
        '浏览器没有保留此文件，请重新添加。',
    ],
    'error.reply_gone': ['The message that this answers is gone.', '所回复的消息已不存在。'],
};
