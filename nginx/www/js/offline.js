// offline: asks the browser to keep the page itself (worker.js), where it may: on https and on
// localhost. It does so when the page stands and has had its moment of quiet, so that nothing of it
// competes with the first load; and now and then it has the worker look for a new version.

import { eventually } from './base/pause.js';

const CHECK_MS = 10000;
const AGAIN_MS = 30 * 60000;

export async function keepPage() {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    serviceWorker.addEventListener('message', ({ data }) => data === 'renewed' && offer());
    try {
        await serviceWorker.register('worker.js');
        await serviceWorker.ready;
        lookAgain(serviceWorker);
    } catch {
        // A browser that keeps nothing has a page all the same.
    }
}

function lookAgain(serviceWorker) {
    let at = 0;
    const look = () => {
        if (document.hidden || Date.now() - at < AGAIN_MS || navigator.connection?.saveData) return;
        at = Date.now();
        serviceWorker.controller?.postMessage('check');
    };
    setTimeout(look, CHECK_MS);
    setInterval(look, AGAIN_MS);
    document.addEventListener('visibilitychange', look);
}

async function offer() {
    const { offerNew } = await eventually(() => import('./view/renewed.js'));
    offerNew();
}
