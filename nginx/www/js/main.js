// main: the page's one script. All else is imported from here, downwards: app, shell, view/
// (what is seen), model/ (what is known), base/ (what both stand on).

import { App } from './app.js';
import { lull } from './base/pause.js';

new App(document.getElementById('app')).start();

/** What keeps the page is asked for when the page has nothing more to do. */
const QUIET_MS = 2000;
lull(QUIET_MS)
    .then(() => import('./offline.js'))
    .then(({ keepPage }) => keepPage())
    .catch(() => {}); // a browser that keeps nothing has a page all the same
