// dialog: a window over the page. The browser's own <dialog> keeps the focus inside, closes on
// Escape and gives the focus back; this adds the frame around what the caller shows.

import { h } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';
import { opened } from '../base/style.js';

await opened();

let serial = 0;

/** Opens at once. `signal` closes it when the view that opened it goes; `bare` leaves out the head
 *  with its title, which is said to those who can't see it all the same. */
export function openDialog({ title, signal, wide = false, bare = false }, ...content) {
    const id = `dialog-${++serial}`;
    const dialog = bare
        ? h('dialog.dialog.bare', { 'aria-label': title }, content)
        : h(
              'dialog.dialog',
              { 'aria-labelledby': id },
              head(id, title, () => dialog.close()),
              h('div.dialog-body', null, content),
          );
    dialog.classList.toggle('wide', wide);
    dialog.addEventListener('close', () => dialog.remove());
    dialog.addEventListener('mousedown', (event) => event.target === dialog && dialog.close());
    signal?.addEventListener('abort', () => dialog.close());
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[autofocus]')?.focus();
    return dialog;
}

function head(id, title, close) {
    return h(
        'div.dialog-head',
        null,
        h('h2', { id }, title),
        h(
            'button.quiet.square',
            { type: 'button', 'aria-label': t('close'), onclick: close },
            icon('close'),
        ),
    );
}

/** A question with one way forward. Resolves to true when it was taken. */
export function confirm({ title, text, action, danger = false, signal }) {
    return new Promise((resolve) => {
        const choose = (answer) => () => {
            resolve(answer);
            dialog.close();
        };
        const dialog = openDialog(
            { title, signal },
            h('p', null, text),
            h(
                'div.actions',
                null,
                h('button.plain', { type: 'button', onclick: choose(false) }, t('cancel')),
                h(
                    `button.${danger ? 'danger' : 'primary'}`,
                    { type: 'button', autofocus: true, onclick: choose(true) },
                    action,
                ),
            ),
        );
        dialog.addEventListener('close', () => resolve(false));
    });
}
