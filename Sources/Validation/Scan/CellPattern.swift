import Domain

/// A regular expression that whole cells must match, character by character (Unicode scalars).
struct CellPattern: Sendable {
    let pattern: TextPattern
    /// nil: a walk decides all cells.
    let automaton: CellAutomaton?

    /// - Parameter room: what the patterns of its dataset share.
    init(_ pattern: TextPattern, in room: AutomatonRoom = AutomatonRoom()) {
        self.pattern = pattern
        automaton = CellAutomaton(pattern.net, in: room)
    }

    /// Whether the whole cell matches, in a time that grows with its length.
    ///
    /// - Parameter walk: memory for cells that the automaton cannot decide, made for the first.
    @inline(__always)
    func matches(
        _ bytes: UnsafePointer<UInt8>, _ length: Int, _ walk: inout PatternWalk?
    ) -> Bool {
        switch unsafe automaton?.matches(bytes, length) ?? .unknown {
        case .matches: return true
        case .fails: return false
        case .unknown:
            // In bounds: inside the cell.
            let text = unsafe Span(_unsafeStart: bytes, count: length)
            return matches(text, &walk)
        }
    }

    /// The same for a cell among other bytes.
    func matches(_ bytes: Span<UInt8>, _ range: Range<Int>, _ walk: inout PatternWalk?) -> Bool {
        let cell = bytes.extracting(range)
        return unsafe cell.withUnsafeBufferPointer { cell in
            guard let start = cell.baseAddress else {
                let empty: [UInt8] = []
                return matches(empty.span, &walk)
            }
            return unsafe matches(start, cell.count, &walk)
        }
    }

    @inline(never)
    private func matches(_ text: Span<UInt8>, _ walk: inout PatternWalk?) -> Bool {
        var own = walk.take() ?? PatternWalk(pattern.net)
        defer { walk = own }
        return own.matches(text)
    }
}
