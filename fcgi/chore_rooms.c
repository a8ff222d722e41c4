/*
 * chore_rooms: rooms whose deletion was cut short end all the same.
 */
#include "chore.h"

#include "room_end.h"

enum sc_error chore_rooms(struct link *link, const struct sc_settings *settings, bool *more_out) {
    (void)settings;
    (void)more_out;
    return room_end_settle(link);
}
