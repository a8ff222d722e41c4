/*
 * probe: the rows of probe.h as functions.
 */
#include "probe.h"

#include <stonechat/log.h>

#include "usdt.h"

static void tell(const char *what, const struct conn *conn, const char *text_name, const char *text,
                 const char *number_name, uint64_t number) {
    sc_log_anyway(SC_LOG_DEBUG, "followed", "what", what, "conn", sc_log_number(conn->number),
                  "user", conn->user, text_name, text, number_name, sc_log_number((int64_t)number),
                  NULL);
}

#define X(name, text_name, number_name)                                                            \
    unsigned short probe_##name##_watched __attribute__((section(".probes")));                     \
    void probe_##name(const struct conn *conn, const char *text, uint64_t number) {                \
        const char *user = conn->user != NULL ? conn->user : "";                                   \
        USDT(stonechat, name, probe_##name##_watched, conn->number, user, text, number);           \
        if (conn->followed) {                                                                      \
            tell(#name, conn, text_name, text, number_name, number);                               \
        }                                                                                          \
    }
PROBES(X)
#undef X
