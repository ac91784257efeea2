import Crypto
import Domain
import FoundationEssentials
import Host
import Synchronization

/// What files of datasets were found to be, by all that it follows from; in a folder of its own,
/// which can be deleted at any time.
///
/// Whatever is damaged, foreign or gone is as if it had never been kept, and what cannot be written
/// is not kept. What was used longest ago goes when there is too much.
package final class PartStore: Sendable {
    private static let form = Array("slipway part 2\n".utf8)
    private static let checksumBytes = 16
    /// What takes more is not kept.
    private static let partBytesMax = 128 << 20
    /// A half-written file that is so old is nobody's any more.
    private static let leftoverSeconds: Int64 = 86_400

    private let folder: String
    private let bytesMax: Int
    /// What was kept before is not used.
    private let isFresh: Bool
    /// Something was kept since it was last tidied.
    private let hasGrown = Atomic<Bool>(false)
    /// Another build of this program may find something else.
    let program: String

    /// nil: the program cannot be named, so that what another one found would be taken for its own.
    ///
    /// - Parameters:
    ///   - bytesMax: how much the folder holds once it was tidied.
    ///   - isFresh: what was kept before is not used, and made again.
    package init?(folder: String, bytesMax: Int = 2 << 30, isFresh: Bool = false) {
        // Because without a name of the program nothing can be kept.
        guard let target = try? readLink("/proc/self/exe"), let stamp = FileStamp(target) else {
            return nil
        }
        self.folder = folder
        self.bytesMax = bytesMax
        self.isFresh = isFresh
        program = stamp.text
    }

    /// The bytes that were kept under a name; nil: there are none, or they are damaged.
    func bytes(_ name: String) -> (bytes: [UInt8], start: Int)? {
        // Because what cannot be read was not kept.
        guard !isFresh,
            let bytes = try? readFile(path(name), limitBytes: Self.partBytesMax)
        else { return nil }
        let start = Self.form.count + Self.checksumBytes
        guard bytes.count >= start, bytes.starts(with: Self.form),
            bytes[Self.form.count..<start].elementsEqual(Self.checksum([bytes[start...]]))
        else { return nil }
        return (bytes, start)
    }

    /// Rows that were kept beside; nil: they are not there, or damaged.
    func rows(_ part: PartRows) -> [EntrySpool]? {
        do throws(SpillFault) {
            var spools: [EntrySpool] = []
            for list in part.lists.indices {
                let spool = try spool(part, list)
                guard try part.lists[list] == PartRows.List(spool) else { return nil }
                spools.append(spool)
            }
            return spools
        } catch {
            // Because what cannot be read was not kept.
            return nil
        }
    }

    /// One list of the rows that were kept beside, whatever has become of it.
    func spool(_ part: PartRows, _ list: Int) throws(SpillFault) -> EntrySpool {
        let count = part.lists[list].count
        if count == 0 { return .empty }
        let start = part.lists[..<list].reduce(0) { $0 + $1.count }
        guard count > 0, start >= 0 else { throw .lost }
        return EntrySpool(
            try SpillFile(reading: "\(path(part.name)).rows"), from: start, count: count)
    }

    /// Says that what was kept under a name was used.
    func touch(_ name: String) {
        for ending in ["", ".rows", ".stamp"] { touchFile(path(name) + ending) }
    }

    /// Keeps the bytes of blocks, and rows beside them.
    ///
    /// - Returns: false: there is no place for them, so that the data is read again.
    func keep(_ name: String, _ blocks: [[UInt8]], rows: [EntrySpool] = []) -> Bool {
        guard blocks.reduce(0, { $0 + $1.count }) <= Self.partBytesMax else { return false }
        do {
            try makeFolder(folder, mode: 0o700)
            hasGrown.store(true, ordering: .relaxed)
            if rows.contains(where: { $0.count > 0 }) { try write(rows, "\(path(name)).rows") }
            let head = Self.form + Self.checksum(blocks.map { $0[...] })
            try replaceFile(path(name), blocks: [head] + blocks, mode: 0o600)
            return true
        } catch {
            // Because nothing is lost by it.
            return false
        }
    }

    /// Takes away the bytes that were kept under a name.
    func forget(_ name: String) {
        // Because what cannot be taken away is not believed either where it is damaged.
        try? removeFile(path(name))
    }

    private func write(_ rows: [EntrySpool], _ path: String) throws {
        let temporary = "\(path).\(UInt64.random(in: .min ... .max)).tmp"
        do {
            let file = try SpillFile(creating: temporary)
            var end = 0
            for spool in rows {
                try spool.read { entries throws(SpillFault) in
                    try file.write(entries, at: end * MemoryLayout<RowEntry>.stride)
                    end += entries.count
                }
            }
            try renamePath(temporary, to: path)
        } catch {
            // Because it is perhaps not there.
            try? removeFile(temporary)
            throw error
        }
    }

    // MARK: Files that are known

    /// What a file was when it was last found to have the digest that was kept; nil: not known.
    func stamp(_ name: String) -> String? {
        // Because what cannot be read was not kept.
        guard let bytes = try? readFile("\(path(name)).stamp", limitBytes: 4096) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func keep(_ name: String, stamp: String) {
        // Because without it the file is read for its digest, and nothing is lost.
        try? replaceFile("\(path(name)).stamp", Array(stamp.utf8), mode: 0o600)
    }

    // MARK: Room

    /// Takes away what was used longest ago until the rest is not too much, if anything was kept.
    package func tidy() {
        // Because where there is no folder there is nothing to tidy.
        guard hasGrown.exchange(false, ordering: .relaxed), let names = try? namesIn(folder)
        else { return }
        let old = (now().milliseconds / 1000 - Self.leftoverSeconds) * 1_000_000_000
        var files: [(name: String, stamp: FileStamp)] = []
        for name in names {
            guard let stamp = FileStamp("\(folder)/\(name)") else { continue }
            if name.hasSuffix(".tmp") {
                if stamp.modifiedAt < old { remove(name) }
            } else {
                files.append((name, stamp))
            }
        }
        var total = files.reduce(0) { $0 + Int($1.stamp.sizeBytes) }
        guard total > bytesMax else { return }
        files.sort { ($0.stamp.modifiedAt, $0.name) < ($1.stamp.modifiedAt, $1.name) }
        for file in files where total > bytesMax {
            remove(file.name)
            total -= Int(file.stamp.sizeBytes)
        }
    }

    private func remove(_ name: String) {
        // Because another process may have taken it away.
        try? removeFile("\(folder)/\(name)")
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Of bytes that stand in blocks, however they are cut.
    private static func checksum(_ blocks: [ArraySlice<UInt8>]) -> [UInt8] {
        var hasher = RowHasher()
        hasher.absorb(UInt64(blocks.reduce(0) { $0 + $1.count }))
        var (word, filled): (UInt64, UInt64) = (0, 0)
        for block in blocks {
            unsafe block.withUnsafeBytes { bytes in
                var offset = 0
                while offset < bytes.count {
                    if filled == 0, offset + 8 <= bytes.count {
                        // In bounds: there are eight bytes more.
                        let next = unsafe bytes.loadUnaligned(
                            fromByteOffset: offset, as: UInt64.self)
                        hasher.absorb(UInt64(littleEndian: next))
                        offset += 8
                        continue
                    }
                    word |= UInt64(unsafe bytes[offset]) << (8 * filled)
                    offset += 1
                    filled = (filled + 1) & 7
                    if filled == 0 {
                        hasher.absorb(word)
                        word = 0
                    }
                }
            }
        }
        if filled != 0 { hasher.absorb(word) }
        let hash = hasher.finish()
        return [hash.high, hash.low].flatMap { word in
            stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }
}

/// What is known of the rows that are kept beside a part.
struct PartRows: Codable, Sendable {
    /// What the part is kept under.
    var name: String
    var lists: [List]

    struct List: Hashable, Codable, Sendable {
        var count: Int
        var checksum: UInt64

        init(_ spool: EntrySpool) throws(SpillFault) {
            var sum = RowsChecksum()
            try spool.read { entries in
                for entry in entries { sum.add(entry) }
            }
            (count, checksum) = (spool.count, sum.value)
        }
    }
}

/// Tells rows that were kept from what a disk has made of them.
struct RowsChecksum {
    private(set) var value: UInt64 = 0

    @inline(__always)
    mutating func add(_ entry: RowEntry) {
        let words = entry.hash.high &+ entry.hash.low &* 0x8EBC_6AF0_9C88_C6E3
        value = (value ^ words &+ entry.mark &* 0x5899_65CC_7537_4CC3) &* 0x1D8E_4E27_C47D_124F
        value ^= value >> 32
    }
}
