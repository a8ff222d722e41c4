// notice: words to everybody who is connected, seen as they will see them before they go out.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { confirm } from '../view/dialog.js';
import { field, form } from '../view/form.js';
import { Toasts } from '../view/toasts.js';

export function noticeView({ api, toasts, signal }) {
    const title = field({
        name: 'title',
        label: t('admin.notice_title'),
        maxlength: 64,
        autocomplete: 'off',
    });
    const text = field({
        name: 'text',
        label: t('admin.notice_text'),
        maxlength: 500,
        autocomplete: 'off',
        required: true,
    });
    const preview = h('div.preview', { 'aria-hidden': 'true' });
    const drawPreview = () => {
        const sample = new Toasts();
        const { value } = text.input;
        sample.show('notice', value.trim() || '…', title.input.value.trim() || t('notice'));
        preview.replaceChildren(...sample.node.children);
        for (const button of preview.querySelectorAll('button')) button.remove();
    };
    for (const { input } of [title, text]) input.addEventListener('input', drawPreview);
    drawPreview();

    const node = form({
        fields: [title, text],
        action: t('admin.notice_send'),
        onsend: async (values) => {
            const data = wordsOf(values);
            if (!data.text) {
                text.say(t('field.required'));
                text.input.focus();
                return;
            }
            const sure = await confirm({
                title: t('admin.notice_send'),
                text: t('admin.notice_sure'),
                action: t('admin.notice_send'),
                signal,
            });
            if (!sure) return;
            await api.broadcast(data);
            node.reset();
            drawPreview();
            toasts.show('done', t('admin.notice_sent'));
        },
    });
    return h(
        'div.narrow',
        null,
        h('p.lead', null, t('admin.notice_lead')),
        node,
        h('h2', null, t('admin.notice_preview')),
        preview,
    );
}

function wordsOf({ title, text }) {
    const words = { text: text.trim() };
    if (title.trim()) words.title = title.trim();
    return words;
}
