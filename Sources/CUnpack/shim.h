#ifndef SLIPWAY_CUNPACK_H
#define SLIPWAY_CUNPACK_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

/* zlib and libzstd are opened when a compressed file is first read and never linked. What is used of
   them is declared here, because both keep it the same in all versions: zlib.h since 1.2.0 and zstd.h
   since 1.4.0. So neither's headers are needed. */

/* What a step came to, beside how much it read and wrote. */
enum slipway_unpack_state {
    SLIPWAY_UNPACK_INSIDE,  /* in the middle of a member or frame */
    SLIPWAY_UNPACK_BETWEEN, /* behind a whole one */
    SLIPWAY_UNPACK_DAMAGED,
};

struct slipway_unpack_step {
    enum slipway_unpack_state state;
    size_t read;
    size_t written;
    /* Of what is damaged, the library's own words. */
    const char *_Nullable reason;
};

/* z_stream of zlib.h. */
struct slipway_zlib_stream {
    const unsigned char *next_in;
    unsigned int avail_in;
    unsigned long total_in;
    unsigned char *next_out;
    unsigned int avail_out;
    unsigned long total_out;
    const char *msg;
    void *state;
    void *zalloc;
    void *zfree;
    void *opaque;
    int data_type;
    unsigned long adler;
    unsigned long reserved;
};

struct slipway_zlib {
    int (*inflateInit2_)(struct slipway_zlib_stream *, int, const char *, int);
    int (*inflate)(struct slipway_zlib_stream *, int);
    int (*inflateReset)(struct slipway_zlib_stream *);
    int (*inflateEnd)(struct slipway_zlib_stream *);
};

/* ZSTD_inBuffer and ZSTD_outBuffer of zstd.h. */
struct slipway_zstd_input {
    const void *bytes;
    size_t size;
    size_t position;
};

struct slipway_zstd_output {
    void *bytes;
    size_t size;
    size_t position;
};

struct slipway_zstd {
    void *(*createDCtx)(void);
    size_t (*freeDCtx)(void *);
    size_t (*DCtx_setParameter)(void *, int, int);
    size_t (*decompressStream)(
        void *, struct slipway_zstd_output *, struct slipway_zstd_input *);
    unsigned int (*isError)(size_t);
    const char *(*getErrorName)(size_t);
};

#define SLIPWAY_UNPACK_FIND(table, field, prefix)                         \
    if (!(*(void **)&table.field = dlsym(library, prefix #field))) {      \
        *reason = "it has no function " prefix #field;                    \
        return NULL;                                                      \
    }

/* Opens a library; NULL and the reason when it or a function of it does not exist.
   Not for two threads at once. */
static inline const struct slipway_zlib *_Nullable slipway_zlib_load(
    const char *_Nonnull name, const char *_Nullable *_Nonnull reason) {
    static struct slipway_zlib whole;
    struct slipway_zlib zlib;
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
    SLIPWAY_UNPACK_FIND(zlib, inflateInit2_, "")
    SLIPWAY_UNPACK_FIND(zlib, inflate, "")
    SLIPWAY_UNPACK_FIND(zlib, inflateReset, "")
    SLIPWAY_UNPACK_FIND(zlib, inflateEnd, "")
    whole = zlib; /* only now, so that a failure leaves what others use */
    return &whole;
}

static inline const struct slipway_zstd *_Nullable slipway_zstd_load(
    const char *_Nonnull name, const char *_Nullable *_Nonnull reason) {
    static struct slipway_zstd whole;
    struct slipway_zstd zstd;
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
    SLIPWAY_UNPACK_FIND(zstd, createDCtx, "ZSTD_")
    SLIPWAY_UNPACK_FIND(zstd, freeDCtx, "ZSTD_")
    SLIPWAY_UNPACK_FIND(zstd, DCtx_setParameter, "ZSTD_")
    SLIPWAY_UNPACK_FIND(zstd, decompressStream, "ZSTD_")
    SLIPWAY_UNPACK_FIND(zstd, isError, "ZSTD_")
    SLIPWAY_UNPACK_FIND(zstd, getErrorName, "ZSTD_")
    whole = zstd; /* only now, so that a failure leaves what others use */
    return &whole;
}

#undef SLIPWAY_UNPACK_FIND

/* NULL: there is no memory. */
static inline struct slipway_zlib_stream *_Nullable slipway_gzip_open(
    const struct slipway_zlib *_Nonnull zlib) {
    struct slipway_zlib_stream *stream =
        (struct slipway_zlib_stream *)calloc(1, sizeof(struct slipway_zlib_stream));
    /* 15 bits of window, and 16 for the header and the checksum of gzip (RFC 1952). */
    if (stream && zlib->inflateInit2_(stream, 15 + 16, "1.2.0", (int)sizeof *stream) == 0) {
        return stream;
    }
    free(stream);
    return NULL;
}

/* A stream of zlib without gzip's header (RFC 1950), for the same calls. NULL: there is no memory. */
static inline struct slipway_zlib_stream *_Nullable slipway_zlib_open(
    const struct slipway_zlib *_Nonnull zlib) {
    struct slipway_zlib_stream *stream =
        (struct slipway_zlib_stream *)calloc(1, sizeof(struct slipway_zlib_stream));
    if (stream && zlib->inflateInit2_(stream, 15, "1.2.0", (int)sizeof *stream) == 0) {
        return stream;
    }
    free(stream);
    return NULL;
}

static inline void slipway_gzip_close(
    const struct slipway_zlib *_Nonnull zlib, struct slipway_zlib_stream *_Nonnull stream) {
    zlib->inflateEnd(stream);
    free(stream);
}

/* Neither size may be 2^32 or more. Behind a whole member it is ready for the next. */
static inline struct slipway_unpack_step slipway_gzip_step(
    const struct slipway_zlib *_Nonnull zlib, struct slipway_zlib_stream *_Nonnull stream,
    const void *_Nonnull input, size_t input_size, void *_Nonnull output, size_t output_size) {
    struct slipway_unpack_step step = {SLIPWAY_UNPACK_INSIDE, 0, 0, NULL};
    stream->next_in = (const unsigned char *)input;
    stream->avail_in = (unsigned int)input_size;
    stream->next_out = (unsigned char *)output;
    stream->avail_out = (unsigned int)output_size;
    int code = zlib->inflate(stream, 0);
    step.read = input_size - stream->avail_in;
    step.written = output_size - stream->avail_out;
    if (code == 1) { /* Z_STREAM_END */
        step.state = SLIPWAY_UNPACK_BETWEEN;
        zlib->inflateReset(stream);
    } else if (code != 0 && code != -5) { /* Z_OK, Z_BUF_ERROR: no progress was possible */
        step.state = SLIPWAY_UNPACK_DAMAGED;
        step.reason = stream->msg ? stream->msg : "it needs a dictionary, or memory";
    }
    return step;
}

/* NULL: there is no memory. */
static inline void *_Nullable slipway_zstd_open(
    const struct slipway_zstd *_Nonnull zstd, int window_log_max) {
    void *context = zstd->createDCtx();
    if (context) zstd->DCtx_setParameter(context, 100, window_log_max); /* ZSTD_d_windowLogMax */
    return context;
}

static inline void slipway_zstd_close(
    const struct slipway_zstd *_Nonnull zstd, void *_Nonnull context) {
    zstd->freeDCtx(context);
}

static inline struct slipway_unpack_step slipway_zstd_step(
    const struct slipway_zstd *_Nonnull zstd, void *_Nonnull context,
    const void *_Nonnull input, size_t input_size, void *_Nonnull output, size_t output_size) {
    struct slipway_unpack_step step = {SLIPWAY_UNPACK_INSIDE, 0, 0, NULL};
    struct slipway_zstd_input from = {input, input_size, 0};
    struct slipway_zstd_output to = {output, output_size, 0};
    size_t code = zstd->decompressStream(context, &to, &from);
    step.read = from.position;
    step.written = to.position;
    if (zstd->isError(code)) {
        step.state = SLIPWAY_UNPACK_DAMAGED;
        step.reason = zstd->getErrorName(code);
    } else if (code == 0) {
        step.state = SLIPWAY_UNPACK_BETWEEN;
    }
    return step;
}

#endif
