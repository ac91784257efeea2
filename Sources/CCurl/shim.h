#ifndef SLIPWAY_CCURL_H
#define SLIPWAY_CCURL_H

#include <curl/curl.h>
#include <dlfcn.h>
#include <signal.h>
#include <stddef.h>

/* libcurl is opened when it is first used and never linked, so that a command which sends nothing
   starts without it. Whoever loads the table keeps its address and hands it to every call. */

struct slipway_curl {
    CURLcode (*global_init)(long);
    void *(*easy_init)(void);
    CURLcode (*easy_setopt)(void *, CURLoption, ...);
    CURLcode (*easy_getinfo)(void *, CURLINFO, ...);
    CURLcode (*easy_perform)(void *);
    void (*easy_reset)(void *);
    void (*easy_cleanup)(void *);
    const char *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
};

/* Opens the library; NULL and the reason when it or a function of it does not exist.
   Not for two threads at once. */
static inline const struct slipway_curl *_Nullable slipway_curl_load(
    const char *_Nonnull name, const char *_Nullable *_Nonnull reason) {
    static struct slipway_curl curl;
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
#define SLIPWAY_CURL_FIND(field)                                          \
    if (!(*(void **)&curl.field = dlsym(library, "curl_" #field))) {      \
        *reason = "it has no function curl_" #field;                      \
        return NULL;                                                      \
    }
    SLIPWAY_CURL_FIND(global_init)
    SLIPWAY_CURL_FIND(easy_init)
    SLIPWAY_CURL_FIND(easy_setopt)
    SLIPWAY_CURL_FIND(easy_getinfo)
    SLIPWAY_CURL_FIND(easy_perform)
    SLIPWAY_CURL_FIND(easy_reset)
    SLIPWAY_CURL_FIND(easy_cleanup)
    SLIPWAY_CURL_FIND(easy_strerror)
    SLIPWAY_CURL_FIND(slist_append)
    SLIPWAY_CURL_FIND(slist_free_all)
#undef SLIPWAY_CURL_FIND
    return &curl;
}

/* libcurl without its own signal handlers lets a broken pipe end the process. */
static inline void slipway_curl_ignore_broken_pipes(void) { (void)signal(SIGPIPE, SIG_IGN); }

static inline CURLcode slipway_curl_global_init(const struct slipway_curl *_Nonnull curl) {
    return curl->global_init(3L); /* CURL_GLOBAL_ALL */
}

static inline void *_Nullable slipway_curl_easy_init(const struct slipway_curl *_Nonnull curl) {
    return curl->easy_init();
}

static inline CURLcode slipway_curl_easy_perform(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy) {
    return curl->easy_perform(easy);
}

static inline void slipway_curl_easy_reset(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy) {
    curl->easy_reset(easy);
}

static inline void slipway_curl_easy_cleanup(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy) {
    curl->easy_cleanup(easy);
}

static inline const char *_Nullable slipway_curl_easy_strerror(
    const struct slipway_curl *_Nonnull curl, CURLcode code) {
    return curl->easy_strerror(code);
}

static inline struct curl_slist *_Nullable slipway_curl_slist_append(
    const struct slipway_curl *_Nonnull curl, struct curl_slist *_Nullable list,
    const char *_Nonnull text) {
    return curl->slist_append(list, text);
}

static inline void slipway_curl_slist_free_all(
    const struct slipway_curl *_Nonnull curl, struct curl_slist *_Nullable list) {
    curl->slist_free_all(list);
}

/* Variadic calls, which Swift cannot make: one for each type of argument. */

static inline CURLcode slipway_curl_set_long(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLoption option,
    long value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode slipway_curl_set_offset(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLoption option,
    curl_off_t value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode slipway_curl_set_pointer(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLoption option,
    const void *_Nullable value) {
    return curl->easy_setopt(easy, option, value);
}

/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode slipway_curl_set_writer(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLoption option,
    curl_write_callback _Nullable value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode slipway_curl_set_reader(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy,
    curl_read_callback _Nullable value) {
    return curl->easy_setopt(easy, CURLOPT_READFUNCTION, value);
}

static inline CURLcode slipway_curl_set_progress(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy,
    curl_xferinfo_callback _Nullable value) {
    return curl->easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, value);
}

/* By number, because headers before 7.85 lack the first and later ones deprecate the second. */

static inline CURLcode slipway_curl_set_protocols(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy,
    const char *_Nonnull names) {
    return curl->easy_setopt(easy, (CURLoption)10318, names);
}

static inline CURLcode slipway_curl_set_protocol_bits(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, long bits) {
    return curl->easy_setopt(easy, (CURLoption)181, bits);
}

static inline CURLcode slipway_curl_get_long(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLINFO info,
    long *_Nonnull value) {
    return curl->easy_getinfo(easy, info, value);
}

static inline CURLcode slipway_curl_get_offset(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLINFO info,
    curl_off_t *_Nonnull value) {
    return curl->easy_getinfo(easy, info, value);
}

static inline CURLcode slipway_curl_get_text(
    const struct slipway_curl *_Nonnull curl, void *_Nonnull easy, CURLINFO info,
    const char *_Nullable *_Nonnull value) {
    return curl->easy_getinfo(easy, info, value);
}

#endif
