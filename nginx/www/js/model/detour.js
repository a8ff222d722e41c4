// detour: which way to the server is to be tried next. WebSocket, until it was refused twice
// without ever having worked (there are networks that let none through), or five times in a row
// where it has (the reader may have come into such a network, but more likely the server is
// being restarted); then one try by events, and so on. Knows nothing of connections.

const PATIENCE = 2;
const PATIENCE_WHERE_IT_WORKED = 5;

export class Detour {
    #refusals = 0;
    #worked = false;

    get way() {
        const patience = this.#worked ? PATIENCE_WHERE_IT_WORKED : PATIENCE;
        return this.#refusals >= patience ? 'events' : 'socket';
    }

    refused(way) {
        this.#refusals = way === 'socket' ? this.#refusals + 1 : 0;
    }

    welcomed(way) {
        if (way !== 'socket') return;
        this.#worked = true;
        this.#refusals = 0;
    }
}
