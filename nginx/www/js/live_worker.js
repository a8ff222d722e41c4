// live_worker: the script of the SharedWorker that all pages of one reader have in common. Its
// name bears the reader and PROTOCOL (see model/live.js), so pages of another version
// or of somebody else meet in another worker.

import { Switchboard } from './model/switchboard.js';

const switchboard = new Switchboard();

addEventListener('connect', ({ ports: [port] }) => switchboard.attach(port));
