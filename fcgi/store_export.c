/*
 * store_export: a room's whole log, a piece at a time.
 */
#include "store_export.h"

/* Of one piece: few questions for many short messages, little memory for long ones. */
enum { MOST_ENTRIES = 1000, MOST_BYTES = 512 * 1024 };

enum sc_error store_export_piece(struct link *link, const struct store_export *piece,
                                 struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_LOG_EXPORT);
    ask_key(&ask, sc_key(SC_KEY_ROOM, piece->room));
    ask_key(&ask, sc_key(SC_KEY_LOG, piece->room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, piece->room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, piece->room));
    ask_text(&ask, piece->user);
    ask_text(&ask, piece->admin ? "1" : "0");
    ask_number(&ask, piece->seq);
    ask_number(&ask, piece->last);
    ask_number(&ask, MOST_ENTRIES);
    ask_number(&ask, MOST_BYTES);
    return link_ask(link, &ask, out);
}
