// strings: every word that the page says, in both languages, one file of words/ for each part of
// it. A row: [English, 中文]. Where the form depends on a number `n`, the cell is { one, other },
// as Intl.PluralRules names them. What only a part that is fetched later says comes with that
// part, which calls add().

import { account } from '../words/account.js';
import { door } from '../words/door.js';
import { frame } from '../words/frame.js';
import { link } from '../words/link.js';
import { message } from '../words/message.js';
import { messages } from '../words/messages.js';
import { refusals } from '../words/refusals.js';
import { rooms } from '../words/rooms.js';
import { timeline } from '../words/timeline.js';
import { writing } from '../words/writing.js';

export const strings = {
    ...account,
    ...door,
    ...frame,
    ...link,
    ...message,
    ...messages,
    ...refusals,
    ...rooms,
    ...timeline,
    ...writing,
};

/** More rows, of a part that has just been fetched. */
export function add(rows) {
    Object.assign(strings, rows);
}
