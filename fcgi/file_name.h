/*
 * file_name: a name that somebody gave a file, made safe to be shown, and to be saved under.
 */
#ifndef FCGI_FILE_NAME_H
#define FCGI_FILE_NAME_H

#include <stddef.h>

#include "file.h"

/* What follows the last slash of either kind, composed (NFC), of FILE_NAME_MAX bytes at most; in a
 * name that is longer its end, the extension, stays. `file` where nothing is left. The text is one
 * line, without control characters. */
void file_name_make(const char *text, size_t bytes, char out[FILE_NAME_MAX + 1]);

#endif
