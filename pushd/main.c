/*
 * stonechat-pushd: owns the WebSocket connections and forwards what it is subscribed to.
 *
 * Read downwards: main -> workers -> worker -> (listener -> conn -> signin -> client) and
 * (feed, store -> room -> sub). See README.md for the walk of one message.
 */
#include <stdlib.h>
#include <unistd.h>

#include <stonechat/arguments.h>
#include <stonechat/log.h>

#include "descriptors.h"
#include "listener.h"
#include "reload.h"
#include "workers.h"

int main(int argc, char **argv) {
    struct sc_settings settings;
    sc_settings_from_arguments(&settings, argc, argv, program_name, descriptors_suffice, NULL);
    sc_log_init(&settings, program_name);
    descriptors_raise(&settings);
    int fd = listener_open(settings.push_socket);
    int code = fd < 0 ? EXIT_FAILURE : workers_run(&settings, fd);
    if (fd >= 0) {
        close(fd);
    }
    sc_settings_deinit(&settings);
    return code;
}
