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

/* A message's text has become another one: makes that one found. Safe to repeat, and to be repeated
 * when it fails: until then whoever edited must not be told that it is done. */
enum sc_error indexer_note(struct link *link, const char *room, int64_t seq, const char *text,
                           size_t bytes);

#endif
