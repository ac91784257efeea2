/// Finds the block of trailers in a message, rule for rule as git's `trailer.c` does.
///
/// The block is the last paragraph, but never the first one. It counts if every line of it is a
/// trailer or the continuation of one, or if at least one line was made by git itself
/// (`Signed-off-by: `, `(cherry picked from commit `) and at least a quarter are trailers.
/// Comments and an old `Conflicts:` list after it are passed over.
struct TrailerBlock {
    private let bytes: [UInt8]
    private let lines: [Range<Int>]
    private let stopsAtDivider: Bool

    init(_ message: String, stopsAtDivider: Bool) {
        bytes = Array(message.utf8.prefix { $0 != 0 })
        lines = lineRanges(of: bytes)
        self.stopsAtDivider = stopsAtDivider
    }

    /// The trailers of the block in their order, unfolded.
    var trailers: [Trailer] {
        let end = blockEnd(textEnd)
        var folded: [[UInt8]] = []
        var continues = false
        for line in lines[blockStart(before: end)..<end] {
            if continues, isSpace(bytes[line.lowerBound]) {
                folded[folded.count - 1] += bytes[line]
            } else {
                continues = separator(in: bytes[line]) ?? 0 >= 1
                folded.append(Array(bytes[line]))
            }
        }
        return folded.compactMap(trailer)
    }

    /// The number of lines before the divider `---`, if dividers count.
    private var textEnd: Int {
        guard stopsAtDivider else { return lines.count }
        return lines.firstIndex { line in
            bytes[line].starts(with: "---".utf8) && line.count > 3
                && isSpace(bytes[line.lowerBound + 3])
        } ?? lines.count
    }

    /// The number of lines before the comments and conflicts that end the text.
    private func blockEnd(_ textEnd: Int) -> Int {
        let scissors = Array("# ------------------------ >8 ------------------------\n".utf8)
        let cut = lines[..<textEnd].firstIndex { bytes[$0].elementsEqual(scissors) } ?? textEnd
        // Line 0 stands for "none", as in git: a text of nothing but comments is not cut.
        var ignoredFrom = 0
        var inConflicts = false
        for (number, line) in lines[..<cut].enumerated() {
            let first = bytes[line.lowerBound]
            if first == UInt8(ascii: "#") || first == UInt8(ascii: "\n") {
                if ignoredFrom == 0 { ignoredFrom = number }
            } else if bytes[line].starts(with: "Conflicts:\n".utf8) {
                inConflicts = true
                if ignoredFrom == 0 { ignoredFrom = number }
            } else if !(inConflicts && first == UInt8(ascii: "\t")), ignoredFrom != 0 {
                ignoredFrom = 0
                inConflicts = false
            }
        }
        return ignoredFrom == 0 ? cut : ignoredFrom
    }

    /// The first line of the block; `end` if there is none.
    private func blockStart(before end: Int) -> Int {
        let title = lines[..<end].firstIndex { !isComment($0) && isBlank($0) } ?? end
        var count = Count()
        for number in stride(from: end - 1, through: title, by: -1) {
            let line = lines[number]
            if isComment(line) {
                count.commented()
            } else if isBlank(line) {
                if count.isEmpty { continue }
                return count.isTrailerBlock ? number + 1 : end
            } else {
                count.add(kind(of: line))
            }
        }
        return end
    }

    private enum Kind { case fromGit, trailer, indented, text }

    private struct Count {
        private(set) var isEmpty = true
        private var recognized = false
        private var trailers = 0
        private var others = 0
        /// Lines that belong to a trailer, should one come before them.
        private var indented = 0

        mutating func commented() {
            others += indented
            indented = 0
        }

        mutating func add(_ kind: Kind) {
            isEmpty = false
            switch kind {
            case .fromGit, .trailer:
                if case .fromGit = kind { recognized = true }
                trailers += 1
                indented = 0
            case .indented: indented += 1
            case .text:
                others += 1 + indented
                indented = 0
            }
        }

        var isTrailerBlock: Bool {
            let others = others + indented
            return recognized && trailers * 3 >= others || trailers > 0 && others == 0
        }
    }

    private func kind(of line: Range<Int>) -> Kind {
        let generated = ["Signed-off-by: ", "(cherry picked from commit "]
        if generated.contains(where: { bytes[line].starts(with: $0.utf8) }) { return .fromGit }
        if separator(in: bytes[line]) ?? 0 >= 1 { return .trailer }
        return isSpace(bytes[line.lowerBound]) ? .indented : .text
    }

    /// How many bytes stand before the colon of a trailer; nil: this is none.
    private func separator(in line: ArraySlice<UInt8>) -> Int? {
        var spaceSeen = false
        for (offset, byte) in line.enumerated() {
            if byte == UInt8(ascii: ":") { return offset }
            if !spaceSeen, isKeyByte(byte) { continue }
            guard offset > 0, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") else {
                return nil
            }
            spaceSeen = true
        }
        return nil
    }

    private func trailer(_ line: [UInt8]) -> Trailer? {
        guard let colon = separator(in: line[...]), colon >= 1 else { return nil }
        var value: [UInt8] = []
        var skipping = false
        for byte in line[(colon + 1)...].trimming(isSpace) {
            if skipping, isSpace(byte) { continue }
            skipping = byte == UInt8(ascii: "\n")
            value.append(skipping ? UInt8(ascii: " ") : byte)
        }
        return Trailer(
            key: String(decoding: line[..<colon].trimming(isSpace), as: UTF8.self),
            value: String(decoding: value[...].trimming(isSpace), as: UTF8.self))
    }

    private func isComment(_ line: Range<Int>) -> Bool {
        bytes[line.lowerBound] == UInt8(ascii: "#")
    }

    private func isBlank(_ line: Range<Int>) -> Bool { bytes[line].allSatisfy(isSpace) }
}

/// What git's `isspace` takes: no vertical tab and no form feed.
private func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 10 || byte == 13
}

private func isKeyByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "-")
}
