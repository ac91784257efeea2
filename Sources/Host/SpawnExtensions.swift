import Glibc

// Because Swift imports glibc without `_GNU_SOURCE`, these two functions of spawn.h (glibc 2.34)
// are declared here; their arguments are plain integers and pointers, passed alike by both.

/// Closes every descriptor from `number` on in the child.
@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
func spawnCloseFrom(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ number: Int32
) -> Int32

/// Changes the child's working folder.
@_silgen_name("posix_spawn_file_actions_addchdir_np")
func spawnChangeFolder(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> Int32
