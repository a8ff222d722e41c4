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

enum sc_error store_message_send(struct link *link, const char *room, const char *user,
                                 const char *key, const char *tail, struct answer *out);
struct store_page {
    const char *room;
    const char *user;
    const char *direction; /* before or after */
    int64_t seq;
    int64_t limit;
};
/* The rows of message_page.lua's answer; entries from PAGE_ENTRIES on. */
enum store_page_row { PAGE_FIRST = 1, PAGE_LAST, PAGE_MORE, PAGE_ENTRIES };
enum sc_error store_message_page(struct link *link, const struct store_page *page,
                                 struct answer *out);
enum sc_error store_room_read(struct link *link, const char *room, const char *user, int64_t seq,
                              const char *event);
enum sc_error store_publish(struct link *link, struct sc_key channel, const char *text,
                            size_t bytes);
enum sc_error store_ping(struct link *link);

#endif
