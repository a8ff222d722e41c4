// room_hooks: a room's webhooks: by which other programs post into it. The address of a new one is
// shown once, to be copied: the server keeps a hash of it and nothing else.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { add, explain, t } from '../base/i18n.js';
import { moment } from '../base/time.js';
import { message } from '../words/message.js';
import { people } from '../words/people.js';
import { confirm } from './dialog.js';
import { field, form } from './form.js';

add(message, people);

export function hooksSection(context) {
    const hooks = new Hooks(context);
    hooks.load();
    return hooks.node;
}

class Hooks {
    #client;
    #room;
    #signal;
    #list = h('ul.listing');
    #new = h('div.section', { hidden: true, role: 'status' });
    #alert = h('p.alert', { role: 'alert', hidden: true });

    constructor({ client, room, signal }) {
        this.#client = client;
        this.#room = room;
        this.#signal = signal;
        const name = field({
            name: 'hook',
            label: t('hook_name'),
            hint: t('hook_name_hint'),
            maxlength: 64,
            autocomplete: 'off',
        });
        const onsend = async ({ hook }) => {
            await this.#create(hook.trim());
            name.input.value = '';
        };
        const make = form({ fields: [name], action: t('create_hook'), onsend });
        make.querySelector('[type=submit]').className = 'plain';
        this.node = h(
            'div.section',
            null,
            h('p.lead', null, t('hooks_lead')),
            this.#list,
            this.#alert,
            this.#new,
            make,
        );
    }

    async load() {
        await this.#attempt(async () => {
            const { hooks } = await this.#client.api.hooks(this.#room.id);
            this.#list.replaceChildren(...hooks.map((hook) => this.#row(hook)));
        });
    }

    async #create(name) {
        try {
            const { hook } = await this.#client.api.createHook(this.#room.id, name ? { name } : {});
            this.#reveal(hook);
            await this.load();
        } catch (problem) {
            for (const error of problem.errors ?? []) error.field = 'hook';
            throw problem;
        }
    }

    #reveal({ name, url }) {
        const address = h('input', {
            readonly: true,
            value: new URL(url, location.href).href,
            'aria-label': t('hook_address', { name }),
            onfocus: () => address.select(),
        });
        const copy = h(
            'button.quiet.square',
            {
                type: 'button',
                'aria-label': t('copy'),
                title: t('copy'),
                onclick: () => this.#copy(address, said),
            },
            icon('copy'),
        );
        const said = h('p.note', { role: 'status' }, t('hook_once'));
        this.#new.replaceChildren(
            h('strong', null, t('hook_address', { name })),
            h('div.control', null, address, copy),
            said,
        );
        show(this.#new, true);
        address.focus();
    }

    /** Where the page may not write to the clipboard, what is to be copied is chosen already. */
    async #copy(address, said) {
        address.select();
        try {
            await navigator.clipboard.writeText(address.value);
            said.textContent = t('copied');
        } catch {
            said.textContent = t('copy_yourself');
        }
    }

    #row(hook) {
        const end = h(
            'button.plain.small',
            {
                type: 'button',
                'aria-label': t('end_hook_of', { name: hook.name }),
                onclick: () => this.#end(hook),
            },
            t('end_hook'),
        );
        return h(
            'li.listing-row',
            null,
            h('span.tile.plain-tile', { 'aria-hidden': 'true' }, icon('hook')),
            h(
                'div.listing-words',
                null,
                h('strong', { dir: 'auto' }, hook.name),
                h('small', null, t('made_at', { when: moment(hook.created_at) })),
            ),
            end,
        );
    }

    #end(hook) {
        return this.#attempt(async () => {
            const sure = await confirm({
                title: t('end_hook'),
                text: t('end_hook_text', { name: hook.name }),
                action: t('end_hook'),
                danger: true,
                signal: this.#signal,
            });
            if (!sure) return;
            await this.#client.api.endHook(this.#room.id, hook.id);
            await this.load();
        });
    }

    async #attempt(action) {
        show(this.#alert, false);
        try {
            await action();
        } catch (problem) {
            this.#alert.textContent = explain(problem);
            show(this.#alert, true);
        }
    }
}
