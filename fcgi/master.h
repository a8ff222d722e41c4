/*
 * master: where the Redis is that takes writes, as the sentinels of `redis.url` say.
 *
 * A thread of its own asks them, one after another, every second and whenever somebody doubts;
 * requests only look at what it knows, so that no sentinel can hold them up. Each is given
 * `redis.connect_ms` for the connection and as much for its answer.
 */
#ifndef FCGI_MASTER_H
#define FCGI_MASTER_H

#include <stdbool.h>
#include <stdint.h>

#include <stonechat/endpoint.h>
#include <stonechat/settings.h>

struct master;

/* Begins to ask. `endpoint` names sentinels; it and `settings` are lent for the master's life. */
struct master *master_new(const struct sc_endpoint *endpoint, const struct sc_settings *settings);
void master_free(struct master **master);

/* Sets `out` to the address; waits for at most `wait_ms` where none is known yet, or where it has
 * been doubted and no sentinel has confirmed it since. `version_out` tells it from later ones. */
bool master_where(struct master *master, int64_t wait_ms, struct sc_address *out,
                  unsigned *version_out);
/* Whether there is another one by now. */
bool master_has_moved(struct master *master, unsigned version);
/* That address can't be reached, or is no master: another sentinel may know better. */
void master_doubt(struct master *master, unsigned version);

#endif
