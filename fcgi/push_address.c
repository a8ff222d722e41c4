/*
 * push_address: one table of networks that are nobody's business from outside.
 *
 * Of IPv6 it is the other way round: only what is given out as global unicast at all (2000::/3),
 * without the parts of it that lead elsewhere. So an IPv4 address in the clothes of an IPv6 one
 * (::ffff:0:0/96, 64:ff9b::/96) is refused as well.
 */
#include "push_address.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

static const struct net4 {
    unsigned char bytes[4];
    unsigned bits;
} closed4[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},  {{192, 0, 0, 0}, 24},  {{192, 0, 2, 0}, 24},
    {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4},
};

static const struct net6 {
    unsigned char bytes[16];
    unsigned bits;
} open6 = {{0x20}, 3}, closed6[] = {{{0x20, 0x01, 0x00}, 23}, /* Teredo and other special uses */
                                    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
                                    {{0x20, 0x02}, 16},  /* 6to4: an IPv4 address inside */
                                    {{0x3f, 0xff}, 20}}; /* documentation */

static bool is_in(const unsigned char *address, const unsigned char *net, unsigned bits) {
    unsigned whole = bits / 8, rest = bits % 8;
    unsigned char mask = (unsigned char)(0xff << (8 - rest));
    return memcmp(address, net, whole) == 0 &&
           (rest == 0 || ((address[whole] ^ net[whole]) & mask) == 0);
}

static bool is_public4(const unsigned char *address) {
    bool closed = false;
    for (size_t i = 0; i < sizeof closed4 / sizeof *closed4; i++) {
        closed = closed || is_in(address, closed4[i].bytes, closed4[i].bits);
    }
    return !closed;
}

static bool is_public6(const unsigned char *address) {
    bool closed = !is_in(address, open6.bytes, open6.bits);
    for (size_t i = 0; i < sizeof closed6 / sizeof *closed6; i++) {
        closed = closed || is_in(address, closed6[i].bytes, closed6[i].bits);
    }
    return !closed;
}

bool push_address_is_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        return is_public4((const unsigned char *)&four->sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
        return is_public6(six->sin6_addr.s6_addr);
    }
    return false;
}

/* What curl makes of one part of the URL; "" where it has none. */
static void part(CURLU *url, CURLUPart what, char *out, size_t size) {
    char *text = NULL;
    out[0] = '\0';
    if (curl_url_get(url, what, &text, 0) == CURLUE_OK) {
        snprintf(out, size, "%s", text);
    }
    curl_free(text);
}

bool push_url_read(const char *text, bool loose, char origin_out[PUSH_ORIGIN_MAX]) {
    char scheme[16], host[300], port[8], user[8], password[8];
    if (strlen(text) >= PUSH_URL_MAX) {
        return false;
    }
    CURLU *url = curl_url();
    bool good = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    part(url, CURLUPART_SCHEME, scheme, sizeof scheme);
    part(url, CURLUPART_HOST, host, sizeof host);
    part(url, CURLUPART_PORT, port, sizeof port);
    part(url, CURLUPART_USER, user, sizeof user);
    part(url, CURLUPART_PASSWORD, password, sizeof password);
    curl_url_cleanup(url);
    bool is_secure = strcmp(scheme, "https") == 0;
    good = good && (is_secure || (loose && strcmp(scheme, "http") == 0)) && host[0] != '\0' &&
           user[0] == '\0' && password[0] == '\0';
    bool has_port = port[0] != '\0' && strcmp(port, is_secure ? "443" : "80") != 0;
    snprintf(origin_out, PUSH_ORIGIN_MAX, "%s://%s%s%s", scheme, host, has_port ? ":" : "",
             has_port ? port : "");
    return good;
}
