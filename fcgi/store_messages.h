/*
 * store_messages: sending, reading back, and what is published without being kept.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_MESSAGES_H
#define FCGI_STORE_MESSAGES_H

#include <stonechat/schema.h>

#include "link.h"

/* The rows of the answers that show one message. */
enum store_message_row { MESSAGE_ENTRY = 1, MESSAGE_FOLD, MESSAGE_IS_NEW, MESSAGE_PUSH };
/* INVALID, and row 1 the field that is to blame: there is no message to reply to, or not all of the
 * files can be sent. */
struct store_message {
    const char *room;
    const char *user;
    const char *key;
    const char *tail;
    int64_t reply_to;     /* 0: no reply */
    const char *mentions; /* ids of users, separated by spaces */
    const char *files;    /* of files, in the same form */
    int64_t most;         /* of the room in any ten seconds; 0: as many as come */
};
enum sc_error store_message_send(struct link *link, const struct store_message *message,
                                 struct answer *out);
struct store_page {
    const char *room;
    const char *user;
    const char *direction; /* before, after or around */
    int64_t seq;
    int64_t limit;
};
/* The rows of message_page.lua's answer; from PAGE_MESSAGES on two a message: entry and fold. */
enum store_page_row {
    PAGE_FIRST = 1,
    PAGE_LAST,
    PAGE_MORE,
    PAGE_MORE_AFTER,
    PAGE_HEAD,
    PAGE_MESSAGES
};
enum sc_error store_message_page(struct link *link, const struct store_page *page,
                                 struct answer *out);
enum sc_error store_message_view(struct link *link, const char *room, const char *user, int64_t seq,
                                 struct answer *out);

/* What a user does to message `seq`, and the tail of the entry that tells. */
struct store_change {
    const char *room;
    const char *user;
    int64_t seq;
    const char *tail;
};
enum sc_error store_message_edit(struct link *link, const struct store_change *change,
                                 const char *text, const char *mentions, int64_t most,
                                 struct answer *out);
enum sc_error store_message_delete(struct link *link, const struct store_change *change,
                                   bool is_admin);
/* `op`: add or remove. */
enum sc_error store_message_react(struct link *link, const struct store_change *change,
                                  const char *emoji, const char *op, int64_t most,
                                  int64_t most_all);
enum sc_error store_message_pin(struct link *link, const struct store_change *change,
                                const char *op, int64_t most);
/* What is pinned; from PINS_MESSAGES on two rows a message: entry and fold. */
enum { PINS_MESSAGES = 1 };
enum sc_error store_pins(struct link *link, const char *room, const char *user, struct answer *out);
enum sc_error store_room_read(struct link *link, const char *room, const char *user, int64_t seq,
                              const char *event);
enum sc_error store_publish(struct link *link, struct sc_key channel, const char *text,
                            size_t bytes);
enum sc_error store_ping(struct link *link);

#endif
