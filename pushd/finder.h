/*
 * finder: asks the sentinels of `redis.url`, one after another, where the master is.
 *
 * Each is given `redis.connect_ms`. The one that answered is asked first the next time, until what
 * it said proves wrong.
 */
#ifndef PUSHD_FINDER_H
#define PUSHD_FINDER_H

#include <event2/event.h>

#include <stonechat/endpoint.h>
#include <stonechat/settings.h>

struct finder;

/* `master` is lent; NULL: no sentinel answers, or none of them knows it. */
typedef void finder_found_fn(const struct sc_address *master, void *context);

/* `endpoint` and `settings` are lent for the finder's life. */
struct finder *finder_new(struct event_base *base, const struct sc_settings *settings,
                          const struct sc_endpoint *endpoint, finder_found_fn *on_found,
                          void *context);
void finder_free(struct finder **finder);

/* on_found follows, never from within. While it is asking already nothing is added. */
void finder_ask(struct finder *finder);
/* What was found can't be reached or is no master: another sentinel may know better. */
void finder_doubt(struct finder *finder);

#endif
