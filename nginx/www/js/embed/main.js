// main: the one script of embed.html, the chat in a frame of another site's page. It waits for
// that page to say hello; whoever opens it by itself belongs on the chat's own page.

import { Embedded } from './embedded.js';
import { meet } from './host.js';
import { onlyThisTab } from '../base/prefs.js';
import { add } from '../base/i18n.js';
import { embed } from '../words/embed.js';

add(embed);
onlyThisTab();
if (window.parent === window) location.replace('./');
else meet().then((host) => new Embedded(document.getElementById('app'), host).start());
