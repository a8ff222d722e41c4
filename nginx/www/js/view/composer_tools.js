// composer_tools: the buttons beside the box. What they open is somebody else's.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

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

/** `oninsert` takes the emoji. Where there is no picker to be had, there is no button. */
export function emojiTool(oninsert, signal) {
    const button = tool('smile', t('add_emoji'), async () => {
        const picker = await import('./emoji_picker.js').catch(() => null);
        if (picker) picker.openEmojiPicker({ anchor: button, onpick: oninsert, signal });
        else show(button, false);
    });
    return button;
}

const tool = (picture, label, onclick) =>
    h(
        'button.quiet.square.tool',
        { type: 'button', 'aria-label': label, title: label, onclick },
        icon(picture),
    );
