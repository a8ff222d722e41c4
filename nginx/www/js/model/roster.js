// roster: the members of one room as they are listed, page by page, and what has changed since.
// People (see people.js) hold one of each room that was looked at.

const PAGE = 200;
const FIRST = 1000;
/** Members of a room in which everybody hears who comes and goes. */
const HEARD = 100;

export class Roster {
    members = new Map();
    loaded = false;

    #api;
    #room;
    #tell;
    #cursor = null;
    #loading = null;
    #online = null;
    #late = [];

    /** `tell(members)` hears of each page. */
    constructor(api, room, tell) {
        this.#api = api;
        this.#room = room;
        this.#tell = tell;
    }

    /** Does everybody in it hear of everybody? */
    get heard() {
        return this.members.size <= HEARD;
    }

    list() {
        return [...this.members.values()];
    }

    /** Of a large room the server counts who is here. */
    count() {
        const { size } = this.members;
        const whole = this.#cursor === null;
        const here = () => this.list().filter(({ online }) => online).length;
        return { members: size, online: this.#online ?? here(), whole };
    }

    load() {
        return this.loaded ? undefined : this.#once(() => this.#take(FIRST));
    }

    more() {
        return this.#cursor === null ? undefined : this.#once(() => this.#page(this.#cursor));
    }

    /** The same again, as it is by now; what is shown meanwhile stays. */
    renew() {
        return this.#once(() => this.#take(Math.max(FIRST, this.members.size)));
    }

    counted(online) {
        this.#online = online;
    }

    /** A page that is under way may be from before it or from after it: it holds in both. */
    entry(entry, online) {
        if (this.#loading) this.#late.push([entry, online]);
        apply(this.members, entry, online);
    }

    /** Whoever comes while one request is under way waits for that one. */
    #once(action) {
        this.#loading ??= action().finally(() => {
            this.#loading = null;
            this.#late = [];
        });
        return this.#loading;
    }

    async #take(most) {
        const taken = new Map();
        let cursor = null;
        do {
            const page = await this.#fetch(cursor);
            for (const member of page.members) taken.set(member.user.id, member);
            cursor = page.next;
        } while (cursor && taken.size < most);
        this.#online = taken.size > HEARD ? await this.#counted() : null;
        for (const [entry, online] of this.#late) apply(taken, entry, online);
        Object.assign(this, { members: taken, loaded: true });
        this.#cursor = cursor;
        this.#tell(this.list());
    }

    async #page(cursor) {
        const page = await this.#fetch(cursor);
        for (const member of page.members) this.members.set(member.user.id, member);
        for (const [entry, online] of this.#late) apply(this.members, entry, online);
        this.#cursor = page.next;
        this.#tell(page.members);
    }

    #fetch(cursor) {
        return this.#api.members(this.#room, { limit: PAGE, ...(cursor && { cursor }) });
    }

    async #counted() {
        const { room } = await this.#api.room(this.#room);
        return room.online ?? null;
    }
}

function apply(members, { op, user, role, seq }, online) {
    const held = members.get(user.id);
    if (op === 'role') Object.assign(held ?? {}, { role });
    else if (op !== 'joined') members.delete(user.id);
    else members.set(user.id, { user, online, read: seq, ...held, role: role ?? 'member' });
}
