/*
 * site: made by main at the start, lent to every thread until the end.
 */
#include "site.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/token.h>

static bool complain(const char *key, const char *what) {
    fprintf(stderr, "stonechat-fcgi: %s: %s\n", key, what);
    return false;
}

static struct link_terms terms_of(struct site *site) {
    const struct sc_settings *settings = site->settings;
    return (struct link_terms){.endpoint = &site->endpoint,
                               .master = site->master,
                               .breaker = &site->breaker,
                               .sessions = &site->sessions,
                               .connect_ms = settings->redis_connect_ms,
                               .command_ms = settings->redis_command_ms,
                               .wait_replicas = settings->redis_wait_replicas,
                               .wait_ms = settings->redis_wait_ms};
}

bool site_init(struct site *site, const struct sc_settings *settings) {
    const char *lobby = settings->rooms_default;
    site->settings = settings;
    site->sender = NULL;
    if (!sc_id_valid(lobby, strlen(lobby))) {
        return complain("rooms.default", "an id is 1 to 32 of a-z and 0-9");
    }
    if (!sc_endpoint_init(&site->endpoint, settings->redis_url)) {
        return complain("redis.url", "none of unix:PATH, redis://HOST, sentinel://HOST/MASTER");
    }
    const char *broken = jwt_init(&site->jwt, settings);
    if (broken) {
        jwt_deinit(&site->jwt);
        sc_endpoint_deinit(&site->endpoint);
        return complain("accounts.jwt_key_file", broken);
    }
    site->master = site->endpoint.master ? master_new(&site->endpoint, settings) : NULL;
    breaker_init(&site->breaker);
    hasher_init(&site->hasher, (size_t)settings->http_hashers, (size_t)settings->http_hash_queue,
                (size_t)settings->http_threads);
    sniffer_init(&site->sniffer);
    session_cache_init(&site->sessions, settings->accounts_session_cache_s * 1000);
    const struct link_terms terms = terms_of(site);
    trunk_init(&site->trunk, &terms);
    site->carrier = trunk_carrier(&site->trunk);
    return true;
}

void site_deinit(struct site *site) {
    trunk_deinit(&site->trunk);
    session_cache_deinit(&site->sessions);
    sniffer_deinit(&site->sniffer);
    hasher_deinit(&site->hasher);
    breaker_deinit(&site->breaker);
    master_free(&site->master);
    jwt_deinit(&site->jwt);
    sc_endpoint_deinit(&site->endpoint);
}

void site_link(struct site *site, struct link *link_out) {
    struct link_terms terms = terms_of(site);
    terms.carrier = terms.wait_replicas == 0 ? &site->carrier : NULL;
    link_init(link_out, &terms);
}
