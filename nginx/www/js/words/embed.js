// embed: what a chat within another site's page says that the chat's own page doesn't. It comes
// with that (js/embed/main.js). See i18n.js.

export const embed = {
    'embed.welcome': ['Chat with us', '与我们聊天'],
    'embed.nick': ['Your name', '你的昵称'],
    'embed.start': ['Start chatting', '开始聊天'],
    'embed.blocked': [
        'The browser has blocked the window. Please allow it.',
        '浏览器阻止了登录窗口，请允许弹出窗口。',
    ],
    'embed.no_guests': ['Only who has an account may chat here.', '这里仅限有账号的用户聊天。'],
    'embed.renew': ['Go on', '继续'],
    'embed.token_refused': [
        'This site could not sign you in. Loading its page again may help.',
        '本站未能为你登录聊天，刷新页面后再试。',
    ],
    'embed.no_room': ['There is no such room', '没有这个聊天室'],
    'embed.no_room_text': [
        'It may have been closed, or it may be for its members only.',
        '它可能已关闭，或仅对成员开放。',
    ],
    'embed.no_opener': [
        'The page that opened this window is gone. Close this window and open the chat there again.',
        '打开此窗口的页面已经关闭。请关闭此窗口，回到原页面重新打开聊天。',
    ],
};
