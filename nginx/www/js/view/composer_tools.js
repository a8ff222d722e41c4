// composer_tools: the buttons beside the box. What they open is somebody else's.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { later } from './doors.js';

/** `onfiles` takes what was chosen. */
export function attachTool(onfiles) {
    const chosen = h('input', {
        type: 'file',
        multiple: true,
        hidden: true,
        'aria-label': t('attach'),
    });
    chosen.addEventListener('change', () => {
        onfiles([...chosen.files]);
        chosen.value = ''; // the same one again is a change, too
    });
    return h(
        'span.attach',
        null,
        tool('clip', t('attach'), () => chosen.click()),
        chosen,
    );
}

/** What is chosen comes where the caret of `input` is. */
export function emojiTool(input, signal) {
    const button = tool('smile', t('add_emoji'), async () => {
        const parts = await later(fetchEmoji);
        if (!parts) return;
        const [{ openEmojiPicker }, { replace }] = parts;
        const onpick = (emoji) => replace(input, input.selectionStart, input.selectionEnd, emoji);
        openEmojiPicker({ anchor: button, onpick, signal });
    });
    return button;
}

const fetchEmoji = () => Promise.all([import('./emoji_picker.js'), import('./formatting.js')]);

const tool = (picture, label, onclick) =>
    h(
        'button.quiet.square.tool',
        { type: 'button', 'aria-label': label, title: label, onclick },
        icon(picture),
    );
