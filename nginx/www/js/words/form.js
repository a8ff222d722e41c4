// form: fields, and what is wrong with them: under field.CODE or field.NAME.CODE. See i18n.js.

export const form = {
    show_password: ['Show password', '显示密码'],
    save: ['Save', '保存'],
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
