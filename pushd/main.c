/*
 * stonechat-pushd: owns the WebSocket connections and forwards what it is subscribed to.
 *
 * Read downwards: main -> workers -> worker -> (listener -> conn -> signin -> client) and
 * (feed, store -> room -> sub). See README.md for the walk of one message.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <stonechat/log.h>
#include <stonechat/settings.h>

#include "listener.h"
#include "workers.h"

enum { DESCRIPTORS_OF_OUR_OWN = 64 };

/* As many descriptors as connections may need, as far as the system lets us. */
static void raise_descriptors(const struct sc_settings *settings) {
    struct rlimit limit;
    rlim_t wanted = (rlim_t)settings->push_connections + LISTENER_SPARE + DESCRIPTORS_OF_OUR_OWN;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur < wanted) {
        sc_log(SC_LOG_WARNING, "descriptors_short", "has", sc_log_number((int64_t)limit.rlim_cur),
               "wanted", sc_log_number((int64_t)wanted), NULL);
    }
}

int main(int argc, char **argv) {
    struct sc_settings settings;
    sc_settings_from_arguments(&settings, argc, argv, "stonechat-pushd");
    sc_log_init(&settings, "stonechat-pushd");
    raise_descriptors(&settings);
    int fd = listener_open(settings.push_socket);
    int code = fd < 0 ? EXIT_FAILURE : workers_run(&settings, fd);
    if (fd >= 0) {
        close(fd);
    }
    sc_settings_deinit(&settings);
    return code;
}
