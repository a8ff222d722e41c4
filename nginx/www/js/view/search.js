// search: what was said in this room, or in all of the reader’s rooms.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

export function open() {
    return { title: t('panel.search'), node: h('ul.listing.tall') };
}
