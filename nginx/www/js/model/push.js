// push: this device's subscription to Web Push, in the browser and at the server. It belongs to
// the session here; whoever signs in next on this device has not asked for it.

import * as prefs from '../base/prefs.js';

export const canPush = () =>
    Boolean(navigator.serviceWorker && globalThis.PushManager && globalThis.Notification);

export const wantsPush = (me) => prefs.load('push') === me.id;

/** May throw: the browser's own error, or a problem of the server. */
export async function subscribe(client) {
    const { key } = await client.api.push();
    const { pushManager } = await navigator.serviceWorker.ready;
    const held = await pushManager.getSubscription();
    if (held && !isFor(held, key)) await held.unsubscribe();
    const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
    const subscription = await pushManager.subscribe(options);
    const { endpoint, keys } = subscription.toJSON();
    await client.api.openPush({ endpoint, keys });
    prefs.save('push', client.me.id);
}

export async function unsubscribe(client) {
    prefs.save('push', null);
    const { pushManager } = await navigator.serviceWorker.ready;
    await (await pushManager.getSubscription())?.unsubscribe();
    await client.api.endPush().catch((problem) => {
        if (problem.status !== 404) throw problem;
    });
}

/** At each start: the browser may have a new subscription, or the session be a new one. */
export async function keep(client) {
    if (!canPush() || !wantsPush(client.me) || Notification.permission !== 'granted') return;
    await subscribe(client).catch(() => {});
}

const isFor = ({ options }, key) => {
    const own = options?.applicationServerKey;
    return !own || String(new Uint8Array(own)) === String(bytes(key));
};

function bytes(base64url) {
    const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(text, (one) => one.charCodeAt(0));
}
