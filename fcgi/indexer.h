/*
 * indexer: keeps the index of a room's messages up to date.
 *
 * Who notices that a room's log has run ahead of its index (who sent the message that filled a
 * batch of blocks, who searched) brings it there when the answer has left. What is not in the index
 * yet is searched all the same, only at a higher price.
 */
#ifndef FCGI_INDEXER_H
#define FCGI_INDEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link.h"

/* Whether a room whose log ends with entry `head`, and of which `indexed` blocks are in the index,
 * has a batch that is not. */
bool indexer_is_behind(int64_t head, int64_t indexed);
/* Whether entry `seq` is the last one of a batch. */
bool indexer_fills_batch(uint64_t seq);

/* Some batches of the room, unless one is being indexed here already. Failures are for the next
 * to make good. */
void indexer_run(struct link *link, const char *room);

/*
 * A message's text is to be, or has become, another: makes the new one found. Safe to repeat. To be
 * called before the edit is made, so that no edit is ever missed; and once more after it when
 * `*known_out` is false and indexer_has_batch_of says so of the edit's own seq: then the message
 * may have been indexed in between.
 */
enum sc_error indexer_note(struct link *link, const char *room, int64_t seq, const char *text,
                           size_t bytes, bool *known_out);
/* Whether the batch of entry `seq` was complete when the log ended with `head`. */
bool indexer_has_batch_of(int64_t seq, int64_t head);

/* The log has lost all entries up to `trimmed`; before that, up to `trimmed_before`. */
enum sc_error indexer_trim(struct link *link, const char *room, int64_t trimmed_before,
                           int64_t trimmed);
/* The room is gone, whose log ended with `head` and had lost all up to `trimmed`. */
enum sc_error indexer_forget(struct link *link, const char *room, int64_t trimmed, int64_t head);

#endif
