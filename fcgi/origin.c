/*
 * origin: the same-origin rule, one condition a line.
 *
 * Asked by route for each request, after it is known by what it is authorised.
 */
#include "origin.h"

#include <string.h>
#include <strings.h>

/* `origin` equals scheme://Host of the request itself. */
static bool is_own(const struct request *request) {
    const char *scheme = request->secure ? "https://" : "http://";
    size_t bytes = strlen(scheme);
    return strncmp(request->origin, scheme, bytes) == 0 &&
           strcasecmp(request->origin + bytes, request->host) == 0;
}

static bool says_json(const char *content_type) {
    static const char json[] = "application/json";
    size_t bytes = sizeof json - 1;
    return strncasecmp(content_type, json, bytes) == 0 && strchr(" ;", content_type[bytes]);
}

enum sc_error origin_check(const struct request *request, enum credentials by) {
    if (request->method == METHOD_GET || by == CREDENTIALS_BEARER) {
        return SC_OK;
    }
    bool has_site = request->sec_fetch_site[0] != '\0';
    bool has_origin = request->origin[0] != '\0';
    /* What nginx has spooled is a file of any type. */
    bool has_body = request->spooled[0] == '\0' && request->content_length != 0 &&
                    (request->content_length > 0 || request->content_type[0] != '\0');

    if (has_site && strcmp(request->sec_fetch_site, "same-origin") != 0) {
        return SC_CROSS_SITE;
    }
    if (has_origin && !is_own(request)) {
        return SC_CROSS_SITE;
    }
    if (by == CREDENTIALS_COOKIE && !has_site && !has_origin) {
        return SC_CROSS_SITE;
    }
    if (has_body && !says_json(request->content_type)) {
        return SC_CROSS_SITE;
    }
    return SC_OK;
}
