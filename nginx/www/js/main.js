// main: the page's one script. All else is imported from here, downwards: app, shell, view/
// (what is seen), model/ (what is known), base/ (what both stand on).

import { App } from './app.js';
import { keepPage } from './base/offline.js';

new App(document.getElementById('app')).start();
keepPage();
