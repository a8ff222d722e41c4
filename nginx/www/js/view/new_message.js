// new_message: finds somebody to write to, and opens the direct room with him.

import { add, t } from '../base/i18n.js';
import { people } from '../words/people.js';
import { openDialog } from './dialog.js';
import { PeopleFinder } from './people_finder.js';

add(people);

export function open({ client, actions, signal }) {
    const finder = new PeopleFinder({
        client,
        row: ({ id, name }) => ({ words: id === client.me.id ? t('notes_to_self') : `@${name}` }),
        onpick: (user) => [dialog.close(), actions.direct(user)],
    });
    const dialog = openDialog({ title: t('new_message'), signal, wide: true }, finder.nodes);
}
