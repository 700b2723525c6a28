// SPDX-License-Identifier: Apache-2.0
// Short texts in fixed buffers, without stdio: the shim is resident for as long as its process runs.
#ifndef TEPUI_TEXT_H
#define TEPUI_TEXT_H

#include <stddef.h>
#include <stdint.h>

// A text under construction, closed by a NUL at any time. What does not fit is cut off.
struct text {
    char *start;
    size_t length;
    size_t capacity;
};

struct text text_in(char *buffer, size_t capacity);
void text_add(struct text *text, const char *more);
void text_add_number(struct text *text, uint64_t number);

// Adds at most `limit` bytes, with a question mark for each control character.
void text_add_shown(struct text *text, const char *more, size_t limit);

// The decimal number at the start of a text; 0 if there is none, the largest if it does not fit.
uint64_t text_number(const char *at);

#endif
