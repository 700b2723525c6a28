// SPDX-License-Identifier: Apache-2.0
// What the agent asks of the launcher, as frames on its standard input.
//
// A frame is a header of four 32-bit numbers - magic (which carries the version), type, length of the payload, CRC-32
// of the payload - and the payload. Numbers are big-endian. A text is a 32-bit length that counts the closing NUL,
// then the bytes and the NUL.
//
//   START     text id, text directory, text stdout, text stderr, u8 hasUser, u32 uid, u32 gid,
//             u32 count, u32 group..., u32 count, text argument..., u32 count, text variable...
//   SIGNAL    text id, u32 shim, u64 shim's start time, u32 signal
//   WATCH     text id, u32 shim, u64 shim's start time
//   CONCLUDE  text id
//   FORGET    text id
#ifndef TEPUI_FRAME_H
#define TEPUI_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_MAGIC = 0x54534601, // "TSF", version 1
    FRAME_HEADER = 16,
    FRAME_PAYLOAD_LIMIT = 2 << 20,
    ID_LIMIT = 255,
    PATH_LIMIT = 4095,
    TEXTS_LIMIT = 65536, // arguments, and variables
    GROUPS_LIMIT = 65536,
};

enum frame_type { FRAME_START = 1, FRAME_SIGNAL = 2, FRAME_WATCH = 3, FRAME_CONCLUDE = 4, FRAME_FORGET = 5 };

struct frame_header {
    uint32_t type;
    uint32_t length;
    uint32_t checksum;
};

// A list inside the payload: `count` items from `at` on, known to be well-formed.
struct list {
    const uint8_t *at;
    uint32_t count;
};

struct start {
    const char *directory;
    const char *out;
    const char *err;
    int has_user;
    uint32_t uid;
    uint32_t gid;
    struct list groups;
    struct list arguments;
    struct list environment;
};

// A frame that was checked; texts point into the payload.
struct request {
    enum frame_type type;
    const char *id;
    struct start start;  // START
    uint32_t shim;       // SIGNAL, WATCH
    uint64_t shim_start; // SIGNAL, WATCH
    uint32_t signal;     // SIGNAL
};

// Reads a header of FRAME_HEADER bytes. Null, or why the stream cannot be followed any further.
const char *frame_header(const uint8_t *bytes, struct frame_header *header);

// Reads and checks a payload. Null, or what is wrong with it; request->id is null then unless the id itself was good.
const char *frame_payload(const struct frame_header *header, const uint8_t *payload, struct request *request);

// Fills an array with the texts of a list that frame_payload found good, and ends it with a null.
void frame_texts(struct list list, char **array);

// Item `index` of a list of numbers that frame_payload found good.
uint32_t frame_number(struct list list, uint32_t index);

uint32_t frame_checksum(const uint8_t *bytes, size_t length);

#endif
