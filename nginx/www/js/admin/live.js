// live: what the programs count, as small charts. The server tells totals; what grows is shown by
// the second, between two answers. A worker or program that was started anew begins again at zero,
// so each is compared with itself only.

import { h, show } from '../base/dom.js';
import { locale, t } from '../base/i18n.js';
import { Chart } from './chart.js';

const EVERY_MS = 2000;
const POINTS = 150;

const count = (value) =>
    new Intl.NumberFormat(locale(), { notation: 'compact', maximumFractionDigits: 1 }).format(value);
const ago = (value) => t('admin.ago', { n: count(value) });
const ms = (value) => t('admin.ms', { n: count(value) });

const hasChanged = (a, b) => JSON.stringify(a.nodes) !== JSON.stringify(b.nodes);
const sum = (nodes, name) => nodes.reduce((all, node) => all + node[name], 0);
const most = (nodes, name) => nodes.reduce((all, node) => Math.max(all, node[name]), 0);

/** A row a chart: its name, how a value is written, and the value, null where nobody knows. */
const ROWS = [
    ['connections', count, ({ now }) => sum(now.nodes, 'connections')],
    ['users', count, ({ now }) => sum(now.nodes, 'users')],
    ['messages', count, (change) => ofNodes(change, 'publications')],
    ['frames', count, (change) => ofNodes(change, 'frames_sent')],
    ['requests', count, (change) => ofProgram(change, 'requests')],
    ['redis', ms, redisMs],
    ['queue', count, ({ now }) => sum(now.nodes, 'queue_bytes')],
    ['canary', ago, ({ now }) => (now.nodes.length ? most(now.nodes, 'canary_ms') : null)],
];

/** Workers say what they count every few seconds: until they have, nobody knows. */
function ofNodes({ now, before, seconds }, name) {
    if (!before || !hasChanged(before, now)) return null;
    const grown = now.nodes.map((node) => {
        const old = before.nodes.find(({ id }) => id === node.id);
        return old ? Math.max(0, node[name] - old[name]) : 0;
    });
    return grown.reduce((all, value) => all + value, 0) / seconds;
}

const isSame = ({ now, before }) => before?.program.started_at === now.program.started_at;

const ofProgram = (change, name) =>
    isSame(change)
        ? Math.max(0, change.now.program[name] - change.before.program[name]) / change.seconds
        : null;

function redisMs(change) {
    if (!isSame(change)) return null;
    const asked = change.now.program.redis_asked - change.before.program.redis_asked;
    const us = change.now.program.redis_us - change.before.program.redis_us;
    return asked > 0 ? us / asked / 1000 : null;
}

export function liveView({ api, signal }) {
    const charts = ROWS.map(
        ([name, words]) => new Chart({ title: t(`admin.figure.${name}`), words, points: POINTS }),
    );
    const workers = h('p.status', { role: 'status' });
    const stale = h('p.alert', { role: 'alert', hidden: true }, t('admin.stale'));
    watch(api, signal, {
        take: (change) => {
            show(stale, false);
            workers.textContent = t('admin.workers', { n: change.now.nodes.length });
            charts.forEach((chart, i) => chart.put(ROWS[i][2](change)));
        },
        miss: () => {
            show(stale, true);
            charts.forEach((chart) => chart.put(null));
        },
    });
    return h(
        'div',
        null,
        h('p.lead', null, t('admin.live_lead')),
        workers,
        stale,
        h(
            'div.charts',
            null,
            charts.map(({ node }) => node),
        ),
    );
}

/** Asks while somebody looks; a hidden tab asks nothing. */
async function watch(api, signal, { take, miss }) {
    let changed = null;
    let latest = null;
    while (!signal.aborted) {
        if (!document.hidden) {
            const figures = await api.figures().catch(() => null);
            if (signal.aborted) return;
            const at = performance.now();
            if (figures) {
                const now = { ...figures, at };
                take({ now, before: changed, seconds: changed ? (at - changed.at) / 1000 : 0 });
                if (!latest || hasChanged(latest, now)) changed = latest ?? now;
                latest = now;
            } else {
                miss();
            }
        }
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
}
