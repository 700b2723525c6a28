// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <string.h>

struct text text_in(char *buffer, size_t capacity) {
    buffer[0] = 0;
    return (struct text){buffer, 0, capacity - 1};
}

static void add_bytes(struct text *text, const char *bytes, size_t length) {
    size_t room = text->capacity - text->length;
    if (length > room) {
        length = room;
    }
    memcpy(text->start + text->length, bytes, length);
    text->length += length;
    text->start[text->length] = 0;
}

void text_add(struct text *text, const char *more) { add_bytes(text, more, strlen(more)); }

void text_add_number(struct text *text, uint64_t number) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    add_bytes(text, digits + at, sizeof digits - at);
}

void text_add_shown(struct text *text, const char *more, size_t limit) {
    for (size_t i = 0; i < limit && more[i] != 0; i++) {
        unsigned char byte = (unsigned char)more[i];
        add_bytes(text, byte < 0x20 || byte == 0x7f ? "?" : more + i, 1);
    }
}

uint64_t text_number(const char *at) {
    uint64_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (number > (UINT64_MAX - 9) / 10) {
            return UINT64_MAX;
        }
        number = number * 10 + (uint64_t)(*at - '0');
    }
    return number;
}
