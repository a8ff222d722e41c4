// form: fields with their labels, and the server's refusals put where they belong: beside the
// field that they name, or above the button when they name none.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, has, t } from '../base/i18n.js';
import { opened } from '../base/style.js';
import { form as words } from '../words/form.js';

await opened();

add(words);

let serial = 0;

/** One labelled input. `name` is the field's name in the request. */
export function field({ name, label, hint, value, ...attributes }) {
    const id = `field-${++serial}`;
    const input = h('input', { id, name, value, 'aria-describedby': `${id}-note`, ...attributes });
    const note = h('p.note', { id: `${id}-note` }, hint);
    const node = h('div.field', null, h('label', { for: id }, label), control(input), note);
    const say = (text) => {
        node.classList.toggle('bad', Boolean(text));
        input.setAttribute('aria-invalid', String(Boolean(text)));
        note.textContent = text ?? hint ?? '';
    };
    input.addEventListener('input', () => say());
    return { name, node, input, say };
}

function control(input) {
    if (input.type !== 'password') return h('div.control', null, input);
    const eye = h(
        'button.quiet.square',
        {
            type: 'button',
            'aria-label': t('show_password'),
            'aria-pressed': 'false',
            title: t('show_password'),
            onclick: () => {
                const hidden = input.type === 'password';
                input.type = hidden ? 'text' : 'password';
                eye.setAttribute('aria-pressed', String(hidden));
            },
        },
        icon('eye'),
    );
    return h('div.control', null, input, eye);
}

/** A form that shows that it is under way and what went wrong. `onsend(values)` may throw. */
export function form({ fields, action, onsend, extra = [], cancel }) {
    const alert = h('p.alert', { role: 'alert', hidden: true });
    const button = h('button.primary', { type: 'submit' }, action);
    const node = h(
        'form.form',
        { novalidate: true },
        fields.map((one) => one.node),
        extra,
        alert,
        h('div.actions', null, cancel, button),
    );
    node.addEventListener('submit', async (event) => {
        event.preventDefault();
        if (button.getAttribute('aria-busy') === 'true') return;
        clear(fields, alert);
        button.setAttribute('aria-busy', 'true');
        try {
            await onsend(Object.fromEntries(new FormData(node)));
        } catch (problem) {
            if (!problem.code) throw problem;
            fail(problem, fields, alert);
        } finally {
            button.removeAttribute('aria-busy');
        }
    });
    return node;
}

function clear(fields, alert) {
    fields.forEach((one) => one.say());
    show(alert, false);
}

function fail(problem, fields, alert) {
    const placed = problem.errors?.map((error) => place(error, fields)).filter(Boolean) ?? [];
    if (placed.length) {
        placed[0].input.focus();
        return;
    }
    alert.textContent = explain(problem);
    show(alert, true);
}

function place(error, fields) {
    const one = fields.find(({ name }) => name === error.field);
    if (!one) return null;
    const own = `field.${one.name}.${error.code}`;
    const general = `field.${error.code}`;
    one.say(t(has(own) ? own : has(general) ? general : 'field.invalid'));
    return one;
}
