// link: a new version of the page, and what this browser keeps of it. See i18n.js.

export const link = {
    renewed: ['A new version of this page is there.', '此页面有新版本。'],
    reload: ['Reload', '重新加载'],
    keep_newest: [
        'Keep the newest messages in this browser, to read them without a network',
        '在此浏览器中保留最近的消息，以便离线阅读',
    ],
};
