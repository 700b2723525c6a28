// SPDX-License-Identifier: Apache-2.0
#include "frame.h"

#include <string.h>

enum { SIGNAL_LIMIT = 64 };

// What is left of a payload; `error` sticks, so that a row of reads is checked once at its end.
struct reader {
    const uint8_t *at;
    size_t left;
    const char *error;
};

static uint32_t number_at(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const uint8_t *take(struct reader *in, size_t length) {
    if (in->error != NULL || in->left < length) {
        if (in->error == NULL) {
            in->error = "the payload ends too early";
        }
        return NULL;
    }
    const uint8_t *at = in->at;
    in->at += length;
    in->left -= length;
    return at;
}

static uint32_t take_number(struct reader *in) {
    const uint8_t *at = take(in, 4);
    return at == NULL ? 0 : number_at(at);
}

static uint64_t take_long(struct reader *in) {
    uint64_t high = take_number(in);
    return high << 32 | take_number(in);
}

static const char *take_text(struct reader *in, size_t limit) {
    uint32_t length = take_number(in);
    const uint8_t *at = take(in, length);
    if (at == NULL) {
        return NULL;
    }
    if (length == 0 || at[length - 1] != 0 || memchr(at, 0, length - 1) != NULL) {
        in->error = "a text does not end in its only NUL";
        return NULL;
    }
    if (length - 1 > limit) {
        in->error = "a text is too long";
        return NULL;
    }
    return (const char *)at;
}

static int valid_id(const char *id) {
    size_t length = strlen(id);
    if (length == 0 || length > ID_LIMIT || strcmp(id, ".") == 0 || strcmp(id, "..") == 0) {
        return 0;
    }
    for (const char *c = id; *c != 0; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\') {
            return 0;
        }
    }
    return 1;
}

static const char *take_path(struct reader *in) {
    const char *path = take_text(in, PATH_LIMIT);
    if (path != NULL && path[0] != '/') {
        in->error = "a path is not absolute";
    }
    return path;
}

static struct list take_texts(struct reader *in) {
    struct list list = {.count = take_number(in)};
    if (list.count > TEXTS_LIMIT && in->error == NULL) {
        in->error = "too many texts";
    }
    list.at = in->at;
    for (uint32_t i = 0; i < list.count && in->error == NULL; i++) {
        take_text(in, FRAME_PAYLOAD_LIMIT);
    }
    return list;
}

// The all-ones id means "leave as it is" to the kernel: taken for a user it would run the command as the launcher.
static void check_identity(struct reader *in, uint32_t id) {
    if (id == UINT32_MAX && in->error == NULL) {
        in->error = "a user or group id is out of range";
    }
}

static struct list take_groups(struct reader *in) {
    struct list list = {.count = take_number(in)};
    if (list.count > GROUPS_LIMIT && in->error == NULL) {
        in->error = "too many groups";
    }
    list.at = in->at;
    for (uint32_t i = 0; i < list.count && in->error == NULL; i++) {
        check_identity(in, take_number(in));
    }
    return list;
}

static void take_start(struct reader *in, struct start *start) {
    start->directory = take_path(in);
    start->out = take_path(in);
    start->err = take_path(in);
    const uint8_t *has_user = take(in, 1);
    if (has_user != NULL && *has_user > 1) {
        in->error = "hasUser is neither 0 nor 1";
    }
    start->has_user = has_user != NULL && *has_user == 1;
    start->uid = take_number(in);
    start->gid = take_number(in);
    check_identity(in, start->uid);
    check_identity(in, start->gid);
    start->groups = take_groups(in);
    start->arguments = take_texts(in);
    start->environment = take_texts(in);
    if (in->error == NULL && (start->arguments.count == 0 || start->arguments.at[4] == 0)) {
        in->error = "the command is empty";
    }
}

static void take_shim(struct reader *in, struct request *request) {
    request->shim = take_number(in);
    request->shim_start = take_long(in);
    if (in->error == NULL && (request->shim < 2 || request->shim > INT32_MAX)) {
        in->error = "a pid is out of range";
    }
}

const char *frame_header(const uint8_t *bytes, struct frame_header *header) {
    if (number_at(bytes) != FRAME_MAGIC) {
        return "no frame of this version";
    }
    header->type = number_at(bytes + 4);
    header->length = number_at(bytes + 8);
    header->checksum = number_at(bytes + 12);
    return header->length > FRAME_PAYLOAD_LIMIT ? "a frame is too long" : NULL;
}

const char *frame_payload(const struct frame_header *header, const uint8_t *payload, struct request *request) {
    memset(request, 0, sizeof *request);
    if (frame_checksum(payload, header->length) != header->checksum) {
        return "the checksum of a frame is wrong";
    }
    struct reader in = {payload, header->length, NULL};
    const char *id = take_text(&in, ID_LIMIT);
    if (id == NULL) {
        return in.error;
    }
    if (!valid_id(id)) {
        return "an id is not usable as a file name";
    }
    request->id = id;
    switch (header->type) {
    case FRAME_START:
        take_start(&in, &request->start);
        break;
    case FRAME_SIGNAL:
        take_shim(&in, request);
        request->signal = take_number(&in);
        if (in.error == NULL && (request->signal < 1 || request->signal > SIGNAL_LIMIT)) {
            in.error = "a signal is out of range";
        }
        break;
    case FRAME_WATCH:
        take_shim(&in, request);
        break;
    case FRAME_CONCLUDE:
    case FRAME_FORGET:
        break;
    default:
        return "a frame has an unknown type";
    }
    if (in.error == NULL && in.left != 0) {
        in.error = "a frame is longer than its content";
    }
    request->type = (enum frame_type)header->type;
    return in.error;
}

void frame_texts(struct list list, char **array) {
    const uint8_t *at = list.at;
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t length = number_at(at);
        array[i] = (char *)(uintptr_t)(at + 4);
        at += 4 + (size_t)length;
    }
    array[list.count] = NULL;
}

uint32_t frame_number(struct list list, uint32_t index) { return number_at(list.at + 4 * (size_t)index); }

uint32_t frame_checksum(const uint8_t *bytes, size_t length) {
    // four bits at a time: a table of 64 bytes instead of 1 KiB, for frames of a few hundred bytes
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = table[crc & 15] ^ crc >> 4;
        crc = table[crc & 15] ^ crc >> 4;
    }
    return ~crc;
}
