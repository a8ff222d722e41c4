/*
 * arguments: the command line that both programs have in common (include/stonechat/arguments.h).
 *
 * What stands on the command line goes over what stands in the file, wherever -c comes. Faults go
 * to stderr as one line and end the program with 2, before anything has been started. What the
 * command line was is kept: a reload reads the same again.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/arguments.h>
#include <stonechat/memory.h>

#include "settings_row.h"

enum { EXIT_WRONG = 2, FAULT_MAX = 1024 };

struct arguments {
    const char *program;
    const char *file;
    char **assignments; /* in the order given */
    size_t assignments_count;
    sc_commands_print *print_commands; /* NULL: the program has none */
    bool only_check;
};

static struct arguments arguments;

static void fail(const char *program, const char *fault) {
    fprintf(stderr, "%s: %s\n", program, fault);
    exit(EXIT_WRONG);
}

static void print_usage(const char *program) {
    printf(
        "Usage: %s -c FILE [--set section.key=value]...\n\n"
        "  -c, --config FILE              the settings, an INI file\n"
        "      --set SECTION.KEY=VALUE    overrides a setting; may be repeated\n"
        "      --workers N                the same as --set push.workers=N\n"
        "  -t, --test                     checks the settings and exits\n"
        "  -V, --version                  prints the version and exits\n"
        "  -h, --help                     prints this and exits\n"
        "      --markdown                 prints the settings as a table in Markdown and exits\n\n",
        program);
    if (arguments.print_commands != NULL) {
        printf("Commands, each of which does what it says and exits:\n");
        arguments.print_commands(stdout);
        printf("\n");
    }
    printf("Settings, with their defaults; relative paths are taken from the folder of FILE:\n");
    sc_settings_help();
}

static void add_assignment(char *assignment) {
    size_t count = arguments.assignments_count + 1;
    arguments.assignments =
        sc_xrealloc(arguments.assignments, count * sizeof *arguments.assignments);
    arguments.assignments[arguments.assignments_count++] = assignment;
}

enum { OPTION_SET = 1, OPTION_WORKERS, OPTION_MARKDOWN };

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"set", required_argument, NULL, OPTION_SET},
    {"workers", required_argument, NULL, OPTION_WORKERS},
    {"test", no_argument, NULL, 't'},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},
    {"markdown", no_argument, NULL, OPTION_MARKDOWN},
    {NULL, 0, NULL, 0},
};

static void take_option(int option) {
    switch (option) {
    case 'c':
        arguments.file = optarg;
        break;
    case OPTION_SET:
        add_assignment(sc_xstrdup(optarg));
        break;
    case OPTION_WORKERS:
        add_assignment(sc_xasprintf("push.workers=%s", optarg));
        break;
    case 't':
        arguments.only_check = true;
        break;
    case 'V':
        printf("%s %s\n", arguments.program, STONECHAT_VERSION);
        exit(EXIT_SUCCESS);
    case 'h':
        print_usage(arguments.program);
        exit(EXIT_SUCCESS);
    case OPTION_MARKDOWN:
        sc_settings_markdown();
        exit(EXIT_SUCCESS);
    default: /* getopt has said what is wrong */
        exit(EXIT_WRONG);
    }
}

static bool set(struct sc_settings *settings, const char *assignment, char *fault_out,
                size_t fault_size) {
    static const char origin[] = "--set ";
    size_t origin_bytes = sizeof origin - 1;
    memcpy(fault_out, origin, origin_bytes);
    return sc_settings_set(settings, assignment, fault_out + origin_bytes,
                           fault_size - origin_bytes);
}

bool settings_gather(struct sc_settings *settings, char *fault_out, size_t fault_size) {
    bool good = sc_settings_read(settings, arguments.file, fault_out, fault_size);
    for (size_t i = 0; good && i < arguments.assignments_count; i++) {
        good = set(settings, arguments.assignments[i], fault_out, fault_size);
    }
    return good && settings_agree(settings, fault_out, fault_size) &&
           settings_anchor(settings, arguments.file, fault_out, fault_size);
}

static void forget_assignments(void) {
    for (size_t i = 0; i < arguments.assignments_count; i++) {
        free(arguments.assignments[i]);
    }
    free(arguments.assignments);
}

int sc_settings_from_arguments(struct sc_settings *settings, int argc, char **argv,
                               const char *program, sc_settings_check *check,
                               sc_commands_print *print_commands) {
    char fault[FAULT_MAX];
    forget_assignments();
    arguments = (struct arguments){.program = program, .print_commands = print_commands};
    /* `+`: whatever follows the first word that is no option is the caller's. */
    for (int option; (option = getopt_long(argc, argv, "+c:tVh", options, NULL)) != -1;) {
        take_option(option);
    }
    if (arguments.file == NULL) {
        fail(program, "say which settings to use: -c FILE (-h tells more)");
    }
    sc_settings_init(settings);
    if (!settings_gather(settings, fault, sizeof fault) ||
        (check != NULL && !check(settings, fault, sizeof fault))) {
        fail(program, fault);
    }
    if (arguments.only_check) {
        printf("%s: the settings are good\n", arguments.file);
        exit(EXIT_SUCCESS);
    }
    return optind;
}
