/// What tells at once that a child has ended.
struct ProcessEnd: ~Copyable {
    private let descriptor: Descriptor?

    init(of process: Int32) {
        // 434 is pidfd_open on every architecture of Linux; it comes with close-on-exec set.
        let number = systemCall(434, Int(process), 0)
        descriptor = number >= 0 ? Descriptor(Int32(number)) : nil
    }

    /// A descriptor that becomes readable at the child's end; −1 where the kernel has none, so that
    /// the end is only seen by looking.
    var number: Int32 {
        switch descriptor {
        case .some(let open): open.number
        case nil: -1
        }
    }
}

/// `syscall` of the C library, which Swift does not import because its arguments may be any.
@_silgen_name("syscall")
private func systemCall(_ number: Int, _ first: Int, _ second: Int) -> Int
