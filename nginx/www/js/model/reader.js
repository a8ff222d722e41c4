// reader: how far the reader has read. What has really been on the screen of a page in front
// counts at once here, and is told to the server a moment later, forward only, one request at
// a time; what could not be told is told again.

const PAUSE_MS = 400;
const RETRY_MS = 4000;

export class Reader {
    #api;
    #rooms;
    #untold = new Map();
    #timer = 0;

    constructor(api, rooms) {
        this.#api = api;
        this.#rooms = rooms;
    }

    end() {
        clearTimeout(this.#timer);
        this.#untold.clear();
    }

    /** Everything in `room` up to `seq` has been on the screen: `heard` messages of others more
     *  than before, or null where that isn't known. */
    saw(room, seq, heard = null) {
        const looking = document.visibilityState === 'visible' && document.hasFocus();
        const { unread = 0, read = 0 } = this.#rooms.get(room) ?? {};
        if (!looking || !unread || seq <= read) return;
        this.#rooms.readUpTo(room, seq, heard);
        this.#untold.set(room, seq);
        this.#timer ||= setTimeout(() => this.#tell(), PAUSE_MS);
    }

    async #tell() {
        let failed = false;
        for (const [room, seq] of [...this.#untold]) {
            this.#untold.delete(room);
            await this.#api.read(room, seq).catch((problem) => {
                failed ||= problem.passing;
                if (problem.passing && !this.#untold.has(room)) this.#untold.set(room, seq);
            });
        }
        this.#timer = 0;
        if (this.#untold.size)
            this.#timer = setTimeout(() => this.#tell(), failed ? RETRY_MS : PAUSE_MS);
    }
}
