/*
 * utf8: what the common library needs of UTF-8 beyond what include/stonechat/text.h promises.
 */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The bytes that the first character of `text` takes, and the character; 0 where no valid one
 * begins (then nothing is said of `character_out`). `bytes` is at least 1. */
size_t utf8_decode(const char *text, size_t bytes, uint32_t *character_out);

#endif
