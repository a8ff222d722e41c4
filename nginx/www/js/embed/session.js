// session: whose session this frame holds. It lasts as long as the tab, so that going on to the
// site's next page keeps the visitor who they are; the browser gives each site that the chat is
// embedded in a storage of its own for it. Where it gives none, the session lasts as long as
// the page.
//
// `who` is `guest`, `account`, or whom the site's token names: never one taken for another.

import * as prefs from '../base/prefs.js';

const NAME = 'session';

export const kept = () => prefs.load(NAME);
export const keep = (who, token) => prefs.save(NAME, { who, token });
export const forget = () => prefs.save(NAME, null);

/** Is what is kept the session of somebody whom the site's token names, or could it be? */
export function fits(session, token) {
    return token ? session.who === named(token) : !session.who.startsWith('site ');
}

/** Whom a token names, as it says itself: the server has checked it when it opened the session. */
export function named(token) {
    try {
        const { iss = '', sub } = JSON.parse(decoded(token.split('.')[1]));
        return `site ${JSON.stringify([iss, sub])}`;
    } catch {
        return 'site ?';
    }
}

function decoded(base64url) {
    const binary = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
    return new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)));
}
