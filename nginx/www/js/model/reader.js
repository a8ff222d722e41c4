// reader: says to the server how far the reader has read. Only what has really been on the
// screen of a page in front counts, only forward, and at most one request at a time.

const PAUSE_MS = 400;

export class Reader {
    #api;
    #rooms;
    #told = new Map();
    #wanted = new Map();
    #timer = 0;

    constructor(api, rooms) {
        this.#api = api;
        this.#rooms = rooms;
    }

    static looking() {
        return document.visibilityState === 'visible' && document.hasFocus();
    }

    /** The newest message of `room`, `seq`, is on the screen. */
    saw(room, seq) {
        if (!Reader.looking()) return;
        const behind = this.#rooms.get(room)?.unread > 0;
        if (!behind || seq <= (this.#told.get(room) ?? 0)) return;
        this.#wanted.set(room, seq);
        this.#timer ||= setTimeout(() => this.#tell(), PAUSE_MS);
    }

    async #tell() {
        const wanted = [...this.#wanted];
        this.#wanted.clear();
        for (const [room, seq] of wanted) {
            this.#told.set(room, seq);
            await this.#api.read(room, seq).then(
                () => this.#rooms.readUpTo(room, seq),
                () => this.#told.delete(room),
            );
        }
        this.#timer = 0;
        if (this.#wanted.size) this.#timer = setTimeout(() => this.#tell(), PAUSE_MS);
    }
}
