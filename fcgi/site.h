/*
 * site: what all threads have in common.
 */
#ifndef FCGI_SITE_H
#define FCGI_SITE_H

#include <stonechat/endpoint.h>
#include <stonechat/settings.h>

#include "breaker.h"
#include "credit.h"
#include "hasher.h"
#include "jwt.h"
#include "link.h"
#include "session_cache.h"
#include "sniffer.h"
#include "trunk.h"

struct push_sender;

struct site {
    const struct sc_settings *settings;
    struct sc_endpoint endpoint;
    struct master *master; /* NULL: the endpoint says where Redis is */
    struct breaker breaker;
    struct hasher hasher;
    struct credit credit;
    struct session_cache sessions; /* filled only while session_watch is at work */
    struct jwt_terms jwt;
    struct sniffer sniffer;
    struct trunk trunk;
    struct link_carrier carrier;
    struct push_sender *sender; /* NULL: nobody is woken; set before threads start */
};

/* False, with one clear line on stderr, when a setting makes no sense here. */
bool site_init(struct site *site, const struct sc_settings *settings);
void site_deinit(struct site *site);

/* A link for the calling thread; given back with link_deinit. */
void site_link(struct site *site, struct link *link_out);

#endif
