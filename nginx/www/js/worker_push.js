// worker_push: what worker.js does when nobody is there: shows a push, opens the room that it is
// about when it is clicked, and subscribes anew when the browser has to.
//
// A push is what fcgi/push_payload.c writes; its `tag` is that of the room, as in view/notifier.js,
// so that whatever comes later of the same room takes its place.

addEventListener('push', (event) => event.waitUntil(showPush(event.data)));
addEventListener('notificationclick', (event) => event.waitUntil(openRoom(event.notification)));
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(subscribeAnew(event)));

async function showPush(data) {
    const { room, seq, kind, title, from, bot, text, unread, tag } = data.json();
    if (await isInFront(room)) return;
    const who = bot ? `🤖 ${from}` : from; // there are no words here: it knows no language
    const where = kind === 'direct' ? who : `${who} · ${title}`;
    await registration.showNotification(unread > 1 ? `${where} (${unread})` : where, {
        tag,
        renotify: true,
        body: text ?? '',
        icon: 'stonechat.svg',
        data: { address: `#/${room}/${seq}` },
    });
}

const windows = () => clients.matchAll({ type: 'window', includeUncontrolled: true });

async function isInFront(room) {
    const all = await windows();
    return all.some(({ focused, url }) => focused && new URL(url).hash.split('/')[1] === room);
}

/** In the page that is open, else in a new one. */
async function openRoom(notification) {
    const { address } = notification.data;
    notification.close();
    const [page] = await windows();
    if (!page) {
        await clients.openWindow(new URL(address, registration.scope));
        return;
    }
    page.postMessage({ address });
    await page.focus().catch(() => {});
}

async function subscribeAnew({ newSubscription, oldSubscription }) {
    const options = oldSubscription?.options;
    const subscription = newSubscription ?? (await registration.pushManager.subscribe(options));
    const { endpoint, keys } = subscription.toJSON();
    await fetch('api/v1/push', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ endpoint, keys }),
    });
}
