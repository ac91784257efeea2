#ifndef SLIPWAY_CGIT2_H
#define SLIPWAY_CGIT2_H

#include <dlfcn.h>
#include <git2.h>
#include <stddef.h>

/* libgit2 is opened when a repository first is and never linked, so that a command which opens none
   starts without it and the twenty libraries behind it. Whoever loads the table keeps it and calls
   through it. */

#define SLIPWAY_GIT_FUNCTIONS(X) \
    X(blob_free) X(blob_lookup) X(blob_rawcontent) X(blob_rawsize) X(commit_author) \
    X(commit_committer) X(commit_free) X(commit_lookup) X(commit_message) \
    X(commit_parent_id) X(commit_parentcount) X(commit_time) X(commit_tree_id) \
    X(error_clear) X(error_last) X(graph_descendant_of) X(libgit2_init) \
    X(libgit2_opts) X(libgit2_version) X(merge_base) X(odb_exists) X(odb_free) \
    X(odb_object_data) X(odb_object_free) X(odb_object_size) X(odb_read) \
    X(odb_read_header) X(odb_write) X(oid_equal) X(oid_fromstr) X(reference_free) \
    X(reference_iterator_free) X(reference_iterator_glob_new) X(reference_lookup) \
    X(reference_name) X(reference_name_to_id) X(reference_next) \
    X(reference_symbolic_target) X(reference_target) X(reference_target_peel) \
    X(repository_commondir) X(repository_free) X(repository_init_ext) \
    X(repository_init_options_init) X(repository_is_bare) X(repository_odb) \
    X(repository_open_ext) X(repository_set_head) X(revwalk_free) X(revwalk_hide) \
    X(revwalk_new) X(revwalk_next) X(revwalk_push) X(revwalk_sorting) \
    X(transaction_commit) X(transaction_free) X(transaction_lock_ref) \
    X(transaction_new) X(transaction_remove) X(transaction_set_target) \
    X(tree_entry_byindex) X(tree_entry_byname) X(tree_entry_cmp) \
    X(tree_entry_filemode) X(tree_entry_id) X(tree_entry_name) X(tree_entrycount) \
    X(tree_free) X(tree_lookup) X(treebuilder_entrycount) X(treebuilder_free) \
    X(treebuilder_get) X(treebuilder_insert) X(treebuilder_new) X(treebuilder_remove) \
    X(treebuilder_write)

struct slipway_git {
#define SLIPWAY_GIT_FIELD(name) __typeof__(git_##name) *_Nonnull name;
    SLIPWAY_GIT_FUNCTIONS(SLIPWAY_GIT_FIELD)
#undef SLIPWAY_GIT_FIELD
};

/* Opens the library; NULL and the reason when it or a function of it does not exist.
   Not for two threads at once. */
static inline const struct slipway_git *_Nullable slipway_git_load(
    const char *_Nonnull name, const char *_Nullable *_Nonnull reason) {
    static struct slipway_git git;
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
#define SLIPWAY_GIT_FIND(field)                                         \
    if (!(*(void **)&git.field = dlsym(library, "git_" #field))) {      \
        *reason = "it has no function git_" #field;                     \
        return NULL;                                                    \
    }
    SLIPWAY_GIT_FUNCTIONS(SLIPWAY_GIT_FIND)
#undef SLIPWAY_GIT_FIND
    return &git;
}

/* Variadic calls, which Swift cannot make. */

static inline int slipway_git_cache_max_bytes(
    const struct slipway_git *_Nonnull git, ssize_t bytes) {
    return git->libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int slipway_git_cache_tree_bytes(
    const struct slipway_git *_Nonnull git, size_t bytes) {
    return git->libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, bytes);
}

#endif
