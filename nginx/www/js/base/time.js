// time: milliseconds since the epoch as people of the reader's language write them.

import { locale, t } from './i18n.js';

const formats = new Map();

function format(name, options) {
    const id = `${locale()} ${name}`;
    if (!formats.has(id)) formats.set(id, new Intl.DateTimeFormat(locale(), options));
    return formats.get(id);
}

export function clock(at) {
    return format('clock', { timeStyle: 'short' }).format(at);
}

export function full(at) {
    return format('full', { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

/** Equal for two moments of one calendar day, and sortable. */
export function dayKey(at) {
    const date = new Date(at);
    return date.getFullYear() * 10000 + (date.getMonth() + 1) * 100 + date.getDate();
}

function daysAgo(at) {
    const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
    return Math.round((midnight(Date.now()) - midnight(at)) / 86400000);
}

export function day(at) {
    const ago = daysAgo(at);
    if (ago === 0) return t('today');
    if (ago === 1) return t('yesterday');
    if (new Date(at).getFullYear() === new Date().getFullYear()) {
        return format('day', { weekday: 'long', month: 'long', day: 'numeric' }).format(at);
    }
    return format('year', { year: 'numeric', month: 'long', day: 'numeric' }).format(at);
}

/** Short enough for a list: the clock today, else the day. */
export function brief(at) {
    const ago = daysAgo(at);
    if (ago === 0) return clock(at);
    if (ago === 1) return t('yesterday');
    if (ago < 7) return format('weekday', { weekday: 'short' }).format(at);
    return format('brief', { month: 'short', day: 'numeric' }).format(at);
}

/** The clock today, else with the date. */
export function moment(at) {
    if (daysAgo(at) === 0) return clock(at);
    return format('moment', {
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
    }).format(at);
}
