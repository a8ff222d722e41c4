/*
 * Delivery by one worker of the push daemon; see delivery.mjs.
 */
import { deliverySuite } from './delivery.mjs';

deliverySuite({ 'push.workers': 1 });
