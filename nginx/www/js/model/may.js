// may: what somebody may do in a room, and to whom, as the server will have it (openapi.json says
// it of each operation): so that only what can succeed is offered. The server decides.

/** Everybody is in it, and nobody can be put out of it. */
const DEFAULT_ROOM = 'lobby';

const RANKS = { member: 1, moderator: 2, owner: 3 };
const ADMIN = 4;

/** Of the reader `me` in `room`; an administrator of the site stands above all. */
export const rank = (me, room) => (me.role === 'admin' ? ADMIN : (RANKS[room.role] ?? 0));

const moderates = (me, room) => rank(me, room) >= RANKS.moderator && room.kind !== 'direct';
const owns = (me, room) => rank(me, room) >= RANKS.owner && room.kind !== 'direct';

const ROOM = {
    leave: (me, room) => room.kind !== 'direct' && room.id !== DEFAULT_ROOM,
    invite: moderates,
    change: moderates,
    keep: owns,
    kind: (me, room) => owns(me, room) && room.id !== DEFAULT_ROOM,
    hooks: moderates,
    bans: moderates,
    remove: (me, room) => owns(me, room) && room.id !== DEFAULT_ROOM,
};

/** `what`: one of ROOM. */
export const may = (what, me, room) => ROOM[what](me, room);

const muted = ({ muted_until: until }) => until === null || until > Date.now();
const outranks = (me, room, { role }) => moderates(me, room) && rank(me, room) > RANKS[role];
const makes = (role) => (me, room, member) =>
    owns(me, room) && member.role !== role && (member.role !== 'owner' || rank(me, room) === ADMIN);

const MEMBER = {
    owner: makes('owner'),
    moderator: makes('moderator'),
    member: makes('member'),
    mute: (me, room, member) => outranks(me, room, member) && !muted(member),
    unmute: (me, room, member) => outranks(me, room, member) && muted(member),
    kick: (me, room, member) => outranks(me, room, member) && room.id !== DEFAULT_ROOM,
    ban: outranks,
};

/** The names of what may be done to `member`: rows of MEMBER. Nobody does any of it to himself. */
export function movesOn(me, room, member) {
    if (member.user.id === me.id) return [];
    return Object.keys(MEMBER).filter((name) => MEMBER[name](me, room, member));
}

export { muted as isMuted };
