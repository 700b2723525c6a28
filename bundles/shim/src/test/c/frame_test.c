// SPDX-License-Identifier: Apache-2.0
// Feeds the frame parser with damaged input: whatever it accepts must lie within the payload.
//
//   frame-test [INPUTS [SEED]]
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYLOAD = 1024, MUTATIONS = 8 };

static uint64_t state;

static uint32_t next_random(uint32_t bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

struct payload {
    uint8_t bytes[PAYLOAD];
    uint32_t length;
};

static void put_number(struct payload *out, uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out->bytes[out->length++] = (uint8_t)(number >> shift);
    }
}

static void put_text(struct payload *out, const char *text) {
    uint32_t length = (uint32_t)strlen(text) + 1;
    put_number(out, length);
    memcpy(out->bytes + out->length, text, length);
    out->length += length;
}

static void put_texts(struct payload *out, uint32_t count, const char *text) {
    put_number(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, text);
    }
}

static void start_frame(struct payload *out) {
    put_text(out, "container-1");
    put_text(out, "/sandbox");
    put_text(out, "/sandbox/stdout");
    put_text(out, "/sandbox/stderr");
    out->bytes[out->length++] = 1;
    put_number(out, 65534);
    put_number(out, 65534);
    put_number(out, 2);
    put_number(out, 4);
    put_number(out, 24);
    put_texts(out, 3, "argument");
    put_texts(out, 4, "KEY=value");
}

static void frame_of(uint32_t type, struct payload *out) {
    out->length = 0;
    if (type == FRAME_START) {
        start_frame(out);
        return;
    }
    put_text(out, "container-1");
    if (type == FRAME_SIGNAL || type == FRAME_WATCH) {
        put_number(out, 4711);
        put_number(out, 0);
        put_number(out, 123456);
    }
    if (type == FRAME_SIGNAL) {
        put_number(out, 15);
    }
}

static void fail(const char *what, uint64_t input) {
    fprintf(stderr, "input %llu: %s\n", (unsigned long long)input, what);
    exit(1);
}

// Reads every byte that the parser says is good; a sanitizer or the end of the copy stops what goes beyond.
static uint64_t use(const struct request *request, const uint8_t *payload, uint32_t length, uint64_t input) {
    static char *texts[TEXTS_LIMIT + 1];
    uint64_t sum = strlen(request->id);
    if (request->type != FRAME_START) {
        return sum;
    }
    const struct start *start = &request->start;
    sum += strlen(start->directory) + strlen(start->out) + strlen(start->err);
    for (uint32_t i = 0; i < start->groups.count; i++) {
        sum += frame_number(start->groups, i);
    }
    const struct list lists[] = {start->arguments, start->environment};
    for (size_t l = 0; l < 2; l++) {
        frame_texts(lists[l], texts);
        for (char **text = texts; *text != NULL; text++) {
            const uint8_t *end = (const uint8_t *)*text + strlen(*text);
            if ((const uint8_t *)*text < payload || end >= payload + length) {
                fail("a text lies outside of the payload", input);
            }
            sum += (uint64_t)(end - payload);
        }
    }
    return sum;
}

static void mutate(struct payload *payload) {
    static const uint8_t edges[] = {0, 1, 4, 127, 128, 255};
    uint32_t count = next_random(MUTATIONS);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = next_random(payload->length);
        switch (next_random(4)) {
        case 0:
            payload->bytes[at] = (uint8_t)next_random(256);
            break;
        case 1:
            payload->bytes[at] = edges[next_random(sizeof edges)];
            break;
        case 2:
            payload->length = at + 1;
            break;
        default:
            memmove(payload->bytes + at, payload->bytes + at / 2, payload->length - at);
            break;
        }
    }
}

static int check_whole_frames(void) {
    for (uint32_t type = FRAME_START; type <= FRAME_FORGET; type++) {
        struct payload payload;
        struct request request;
        frame_of(type, &payload);
        struct frame_header header = {type, payload.length, frame_checksum(payload.bytes, payload.length)};
        const char *problem = frame_payload(&header, payload.bytes, &request);
        if (problem != NULL || request.type != type || strcmp(request.id, "container-1") != 0) {
            fail(problem == NULL ? "a good frame was misread" : problem, 0);
        }
        header.checksum ^= 1;
        if (frame_payload(&header, payload.bytes, &request) == NULL) {
            fail("a wrong checksum was not seen", 0);
        }
    }
    return frame_checksum((const uint8_t *)"123456789", 9) == 0xcbf43926;
}

int main(int count, char **arguments) {
    unsigned long long inputs = count > 1 ? strtoull(arguments[1], NULL, 10) : 20000;
    unsigned long long seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    state = seed * 0x9e3779b97f4a7c15ULL + 1;
    if (!check_whole_frames()) {
        fail("the checksum is not CRC-32", 0);
    }
    unsigned long long accepted = 0;
    uint64_t sum = 0;
    for (unsigned long long i = 1; i <= inputs; i++) {
        struct payload payload;
        struct request request;
        uint32_t type = 1 + next_random(6);
        frame_of(type, &payload);
        mutate(&payload);
        // an exact copy on the heap, so that the sanitizer sees a read past its end
        uint8_t *copy = malloc(payload.length);
        if (copy == NULL) {
            fail("out of memory", i);
        }
        memcpy(copy, payload.bytes, payload.length);
        struct frame_header header = {type, payload.length, frame_checksum(copy, payload.length)};
        if (frame_payload(&header, copy, &request) == NULL) {
            accepted++;
            sum += use(&request, copy, payload.length, i);
        }
        free(copy);
    }
    printf("seed %llu: %llu inputs, %llu accepted, digest %llx\n", seed, inputs, accepted, (unsigned long long)sum);
    return accepted == 0 && inputs > 100;
}
