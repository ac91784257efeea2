#ifndef SLIPWAY_CGIT2_H
#define SLIPWAY_CGIT2_H

#include <git2.h>

/* Variadic calls, which Swift cannot make. */

static inline int slipway_git_cache_max_bytes(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int slipway_git_cache_tree_bytes(size_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, bytes);
}

#endif
