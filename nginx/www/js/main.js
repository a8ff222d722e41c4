// main: the page's one script. All else is imported from here, downwards: app, shell, view/
// (what is seen), model/ (what is known), base/ (what both stand on).

import { App } from './app.js';

new App(document.getElementById('app')).start();
