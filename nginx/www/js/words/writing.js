// writing: what is written and not yet sent: the box, its drafts. See strings.js.

export const writing = {
    draft: ['Draft', '草稿'],
    draft_snippet: ['Draft: {text}', '草稿：{text}'],
    draft_files: [{ one: '{n} file', other: '{n} files' }, '{n} 个文件'],
    replying_to: ['Replying to {who}', '回复 {who}'],
    cancel_reply: ['Don’t reply', '取消回复'],
    editing: ['Editing your message', '编辑消息'],
    cancel_edit: ['Cancel editing', '取消编辑'],
    save_edit: ['Save changes', '保存修改'],
    composer_edit_hint: ['Enter to save, Escape to cancel', 'Enter 保存，Esc 取消'],
    composer_touch_hint: ['Enter for a new line', 'Enter 换行'],
    attach: ['Attach files', '添加文件'],
    add_emoji: ['Add an emoji', '插入表情'],
    drop_files: ['Drop files to send them to {room}', '松开即可发送文件到 {room}'],
    'error.file_lost': [
        'This browser has not kept the file. Please attach it again.',
        '浏览器没有保留此文件，请重新添加。',
    ],
    'error.reply_gone': ['The message that this answers is gone.', '所回复的消息已不存在。'],
    file_refused: ['{name}: {why}', '文件“{name}”：{why}'],
    not_kept: ['Is lost if this page is closed now', '此时关闭页面将会丢失'],
    typing_one: ['{a} is typing…', '{a} 正在输入…'],
    typing_two: ['{a} and {b} are typing…', '{a} 和 {b} 正在输入…'],
    typing_several: ['Several people are typing…', '多人正在输入…'],
    people_meant: ['People to mention', '可提及的人'],
    people_offered: [{ one: '{n} person', other: '{n} people' }, '{n} 人'],
    muted_here: ['You can’t write here: a moderator has muted you.', '你已被管理员禁言，无法在此发言。'],
    muted_until: [
        'You can’t write here until {when}: a moderator has muted you.',
        '你已被管理员禁言，{when} 之前无法在此发言。',
    ],
};
