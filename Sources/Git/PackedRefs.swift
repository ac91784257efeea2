import Domain
import FoundationEssentials
import Glibc
import Host

/// The file `packed-refs`, searched where it lies: a look takes time by what it finds.
///
/// libgit2 goes through all refs for every prefix, which with 100,000 tags takes longer than
/// everything else together. Lines are `<id> SP <name> LF`, ordered by name; behind that of an
/// annotated tag stands `^<id>` of what the tag leads to. git replaces the file as a whole, so
/// that what was mapped stays as it was.
///
/// Source: the header's traits in git's `refs/packed-backend.c`.
struct PackedRefs {
    /// Tells one packed file from the next: git never writes into one that is there.
    struct Identity: Hashable {
        var inode: UInt64
        var sizeBytes: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    struct Entry {
        var name: String
        var id: String
        /// What the chain of tags leads to; nil: the ref is no annotated tag.
        var peeled: String?
    }

    private let bytes: Data

    /// Which file stands at a path; nil: none.
    static func identity(path: String) -> Identity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Identity(
            inode: UInt64(status.st_ino), sizeBytes: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    /// nil: the file cannot be read, is not ordered, or does not say of every tag what it leads to.
    ///
    /// A file that is not there has no refs.
    init?(path: String) {
        guard exists(path) else {
            bytes = Data()
            return
        }
        // Because libgit2, which is asked then, says what is wrong with the file.
        guard let found = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            return nil
        }
        bytes = found
        let traits = String(decoding: found[..<endOfLine(0)], as: UTF8.self).split(separator: " ")
        guard traits.starts(with: ["#", "pack-refs", "with:"]), traits.contains("sorted"),
            traits.contains("fully-peeled")
        else { return nil }
    }

    /// The entries whose names start with `prefix`, in the order of their bytes.
    func entries(prefix: String) -> [Entry] {
        let wanted = Array(prefix.utf8)
        var found: [Entry] = []
        var position = firstLine(notBefore: wanted)
        while position < bytes.count {
            let end = endOfLine(position)
            defer { position = end + 1 }
            if bytes.span[position] == caret {
                if !found.isEmpty { found[found.count - 1].peeled = text(position + 1, end) }
                continue
            }
            guard let start = nameInLine(position, end) else { continue }
            guard isPrefix(wanted, start, end) else { break }
            found.append(Entry(name: text(start, end), id: text(position, start - 1)))
        }
        return found
    }

    private func text(_ start: Int, _ end: Int) -> String {
        String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Where the first line stands whose name is not before `name`.
    private func firstLine(notBefore name: [UInt8]) -> Int {
        var low = 0
        var high = bytes.count
        while low < high {
            let start = startOfEntry((low + high) / 2, notBelow: low)
            let end = endOfLine(start)
            // A header comes before every name.
            if nameInLine(start, end).map({ isBefore($0, end, name) }) ?? true {
                low = min(end + 1, high)
            } else {
                high = start
            }
        }
        return low
    }

    /// The start of the entry that a position lies in; its peeled line belongs to it.
    private func startOfEntry(_ position: Int, notBelow low: Int) -> Int {
        let span = bytes.span
        var start = position
        while start > low, span[start - 1] != newline || span[start] == caret { start -= 1 }
        return start
    }

    private func endOfLine(_ position: Int) -> Int {
        let span = bytes.span
        var end = position
        while end < span.count, span[end] != newline { end += 1 }
        return end
    }

    /// Where the name of a line stands; nil: it is a header or a peeled line.
    private func nameInLine(_ start: Int, _ end: Int) -> Int? {
        let span = bytes.span
        guard start < end, span[start] != hash, span[start] != caret else { return nil }
        var position = start
        while position < end, span[position] != blank { position += 1 }
        return position < end ? position + 1 : nil
    }

    private func isPrefix(_ wanted: [UInt8], _ start: Int, _ end: Int) -> Bool {
        let span = bytes.span
        return end - start >= wanted.count
            && wanted.indices.allSatisfy { span[start + $0] == wanted[$0] }
    }

    private func isBefore(_ start: Int, _ end: Int, _ name: [UInt8]) -> Bool {
        let span = bytes.span
        for (index, byte) in name.enumerated() {
            guard start + index < end else { return true }
            if span[start + index] != byte { return span[start + index] < byte }
        }
        return false
    }
}

private let newline = UInt8(ascii: "\n")
private let blank = UInt8(ascii: " ")
private let caret = UInt8(ascii: "^")
private let hash = UInt8(ascii: "#")
