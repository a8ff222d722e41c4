// files: those of a message that is being written, fetched with the first of them. See i18n.js.

export const files = {
    attached_files: ['Attached files', '已添加的文件'],
    remove_file: ['Remove {name}', '移除 {name}'],
    uploading: ['Uploading {name}', '正在上传 {name}'],
    upload_waiting: ['{size}, waiting', '{size}，等待上传'],
    upload_slowed: [
        '{size}, too many at once: goes on by itself',
        '{size}，上传过于频繁，稍后自动继续',
    ],
    upload_sending: ['{size}, uploading', '{size}，上传中'],
    upload_done: ['{size}, ready', '{size}，已就绪'],
    'upload_failed.too_large': [
        'This file is too large for this server.',
        '文件超过此服务器的大小限制。',
    ],
    'upload_failed.forbidden': ['You may not send files here.', '你不能在这里发送文件。'],
    'upload_failed.not_found': ['You are no longer in that room.', '你已不在该聊天室中。'],
    'upload_failed.file_lost': [
        'This browser has not kept the file. Please attach it again.',
        '浏览器没有保留此文件，请重新添加。',
    ],
    no_folders: ['Folders can’t be sent, only files.', '只能发送文件，不能发送文件夹。'],
    too_many_files: ['A message takes {n} files at most.', '每条消息最多 {n} 个文件。'],
    file_empty: ['“{name}” is empty.', '“{name}”是空文件。'],
    file_too_large: ['“{name}” is too large: {most} at most.', '“{name}”太大，最大 {most}。'],
};
