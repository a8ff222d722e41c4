// timeline_top: what stands above the messages of a room: that more is being fetched, the room's
// beginning, or, where there is no message at all, what to do about that.

import { h } from '../base/dom.js';
import { t } from '../base/i18n.js';

export class TimelineTop {
    node = h('div.top');

    /** `log` null: nothing can be shown yet. `me`: who reads. */
    draw(room, log, rows, me) {
        const look = lookOf(log, rows);
        if (this.node.dataset.look === look) return;
        this.node.dataset.look = look;
        this.node.replaceChildren(...TOPS[look](room, me));
    }
}

function lookOf(log, rows) {
    if (!log) return 'loading';
    if (log.older) return 'older';
    return rows.length ? 'beginning' : 'empty';
}

const bone = (...widths) => widths.map((width) => h(`span.bone.${width}`));

const skeleton = (...widths) =>
    h(
        'div.message.lead.skeleton',
        { 'aria-hidden': 'true' },
        h('div.gutter', null, h('span.avatar')),
        h('div.content', null, bone('short', ...widths)),
    );

const beginning = (room, me) => {
    const kind = room?.peer?.id === me.id ? 'own' : (room?.kind ?? 'public');
    const title = kind === 'direct' ? 'beginning_with' : 'beginning_title';
    return h(
        'div.beginning',
        null,
        h('h2', null, t(title, { room: room?.title || room?.name })),
        h('p', null, room?.topic || t(`beginning_${kind}`)),
    );
};

const TOPS = {
    loading: () => [
        h('p.sr-only', { role: 'status' }, t('loading')),
        skeleton('long'),
        skeleton('middle'),
        skeleton('long', 'middle'),
        skeleton('middle'),
        skeleton('long'),
    ],
    older: () => [skeleton('long'), skeleton('middle')],
    beginning: (room, me) => [beginning(room, me)],
    empty: (room, me) => [
        h(
            'div.empty',
            null,
            h('img', { src: 'stonechat.svg', alt: '', width: 96, height: 96 }),
            beginning(room, me),
            h('p.hint', null, t('empty_hint')),
        ),
    ],
};
