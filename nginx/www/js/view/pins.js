// pins: the messages of this room that somebody has pinned.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

export function open() {
    return { title: t('panel.pins'), node: h('ul.listing.tall') };
}
