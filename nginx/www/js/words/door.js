// door: the way in: signing in and making an account. See i18n.js.

export const door = {
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
    first_title: ['Welcome to your server', '欢迎使用你的服务器'],
    first_lead: [
        'You are the first: this account will be its administrator.',
        '你是第一位用户，此账号将成为管理员。',
    ],
    no_registration: [
        'New accounts are made by whoever runs this server.',
        '此服务器未开放注册，账号由管理员创建。',
    ],
    guest_title: ['Come in as a guest', '以访客身份进入'],
    guest_lead: [
        'A nickname is enough. What you say stays; your place is kept for a while only.',
        '只需一个昵称。你说的话会保留，访客身份只保留一段时间。',
    ],
    guest_offer: ['Only looking in?', '只是来看看？'],
    guest_way: ['Come in as a guest', '以访客身份进入'],
    nick: ['Nickname', '昵称'],
    come_in: ['Come in', '进入'],
    name: ['User name', '用户名'],
    name_hint: ['2 to 32 letters or digits, in any script.', '2 到 32 个字符，中文也可以。'],
    display: ['Display name', '显示名称'],
    display_hint: [
        'What others see, instead of the user name. May stay empty.',
        '别人看到的名字，可以不填，随时可以修改。',
    ],
    language: ['Language', '语言'],
    password: ['Password', '密码'],
    password_hint: ['At least 8 characters.', '至少 8 个字符。'],
    signed_out: [
        'You were signed out on this device. Please sign in again.',
        '你已在此设备上退出，请重新登录。',
    ],
    signed_out_everywhere: ['You are signed out on every device.', '你已在所有设备上退出登录。'],
    forbidden: ['This account may no longer sign in here.', '此账号已不能在这里登录。'],
};
