// link_bar: one line that says what is the matter with the connection, and is not there when
// nothing is. A short hitch is not worth a word; the countdown is for eyes only, so that a
// screen reader does not read out every second.

import { h, show } from '../base/dom.js';
import { icon } from '../base/icons.js';
import { t } from '../base/i18n.js';

const PATIENCE_MS = 700;
const BACK_MS = 2500;

export function linkBar(client, signal) {
    const words = h('span', { role: 'status' });
    const countdown = h('span.countdown', { 'aria-hidden': 'true' });
    const retry = h('button.link', { type: 'button', onclick: () => client.retryNow() }, t('try_now'));
    const bar = h('div.link-bar', { hidden: true }, icon('warning'), h('div.link-words', null, words, countdown, retry));
    const state = { timer: 0, alarmed: false, since: 0 };

    const tick = () => {
        const seconds = Math.ceil((client.link.retryAt - Date.now()) / 1000);
        countdown.textContent = client.link.state === 'waiting' && seconds > 0 ? t('in_seconds', { n: seconds }) : '';
    };
    const draw = () => {
        clearTimeout(state.timer);
        if (client.link.state === 'live') return recovered();
        state.since ||= Date.now();
        const patience = state.alarmed ? 0 : PATIENCE_MS - (Date.now() - state.since);
        state.timer = setTimeout(alarm, Math.max(0, patience));
        return undefined;
    };
    const alarm = () => {
        state.alarmed = true;
        bar.dataset.state = navigator.onLine ? client.link.state : 'offline';
        say(words, sentence(client));
        show(retry, client.link.state === 'waiting');
        show(bar, true);
        tick();
    };
    const recovered = () => {
        state.since = 0;
        if (!state.alarmed) return;
        state.alarmed = false;
        bar.dataset.state = 'live';
        say(words, t('back_online'));
        show(retry, false);
        tick();
        state.timer = setTimeout(() => show(bar, false), BACK_MS);
    };

    client.on('link', draw, signal);
    const clock = setInterval(tick, 500);
    signal.addEventListener('abort', () => [clearInterval(clock), clearTimeout(state.timer)]);
    draw();
    return bar;
}

/** The same words again are not said again. */
function say(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

function sentence({ link, socket }) {
    if (!navigator.onLine) return t('offline');
    if (link.state === 'connecting' && !socket.welcomed) return t('connecting');
    return t('reconnecting');
}
