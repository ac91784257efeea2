/// Declared here, because Swift's module of glibc leaves malloc.h out.
@_silgen_name("malloc_trim")
private func mallocTrim(_ padding: Int) -> Int32

/// Gives memory that was freed back to the system.
///
/// The allocator keeps what a large piece of work needed for the next one; a daemon that then
/// sleeps for hours has no next one.
package func returnFreedMemory() {
    _ = mallocTrim(0)
}
