/*
 * handle_admin_site: the site as who administrates it sees it: what its programs count, and how it
 * is set up.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "store_presence.h"

/* --- figures --- */

static void see_node(void *context, const char *node, const char *figures) {
    json_t *row = json_loads(figures, 0, NULL);
    if (json_is_object(row)) {
        json_object_set_new(row, "id", json_string(node));
        json_array_append(context, row);
    }
    json_decref(row);
}

static json_int_t number(const metric_cell *cell) {
    return (json_int_t)atomic_load_explicit(cell, memory_order_relaxed);
}

static json_int_t sum(const metric_cell *cells, size_t count) {
    json_int_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += number(&cells[i]);
    }
    return sum;
}

/* Of this process; where there are several each tells its own. */
static json_t *own_figures(void) {
    const metric_cell *redis = metrics.redis_command_seconds;
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "started_at",
                     1000 * number(metrics.process_start_time_seconds), "requests",
                     sum(metrics.requests_total, METRIC_CELLS_REQUESTS), "in_flight",
                     number(metrics.requests_in_flight), "redis_asked",
                     sum(redis, SC_BUCKET_BEYOND + 1), "redis_us", number(redis + SC_BUCKET_SUM),
                     "redis_failures", number(metrics.redis_failures_total));
}

enum sc_error handle_admin_figures_read(struct exchange *x) {
    json_t *nodes = json_array();
    enum sc_error error = store_nodes(x->link, see_node, nodes);
    if (error == SC_OK) {
        reply_json(&x->reply, 200,
                   json_pack("{s:O,s:o}", "nodes", nodes, "program", own_figures()));
    }
    json_decref(nodes);
    return error;
}

/* --- settings --- */

static void see_setting(void *context, const struct sc_setting *setting) {
    json_t *row =
        json_pack("{s:s,s:s,s:s,s:b,s:b}", "name", setting->name, "default", setting->usual, "help",
                  setting->help, "secret", setting->is_secret, "changed", setting->is_set);
    json_object_set_new(row, "value",
                        setting->is_secret ? json_null() : json_string(setting->value));
    json_array_append_new(context, row);
}

enum sc_error handle_admin_settings_read(struct exchange *x) {
    json_t *rows = json_array();
    sc_settings_each(x->site->settings, see_setting, rows);
    reply_member(&x->reply, 200, "settings", rows);
    return SC_OK;
}
