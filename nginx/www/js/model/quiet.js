// quiet: whether its reader does not want to be disturbed just now, by the same rules as the
// server (fcgi/quiet_hours.c). `wishes`: { from, to, zone, until }.

export function isQuiet(wishes, now = Date.now()) {
    if (now < (wishes?.until ?? 0)) return true;
    const [from, to] = [wishes?.from, wishes?.to];
    if (!from || !to || from === to) return false;
    const time = clock(wishes.zone, now);
    return from < to ? time >= from && time < to : time >= from || time < to;
}

/** `HH:MM` on the wall of that zone. */
function clock(zone, now) {
    const form = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone || 'UTC' };
    return new Intl.DateTimeFormat('en-GB', form).format(now);
}
