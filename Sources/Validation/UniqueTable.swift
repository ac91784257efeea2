/// Remembers the cells of `unique` columns by a 128-bit hash, with the row where each was first.
///
/// The hash is two multiply-and-fold lanes over eight bytes at a time. Two different cells of
/// equal hash would be reported as repeated: at ten million cells a chance of about 10^-25.
package struct UniqueTable {
    /// How many cells all `unique` columns of a dataset can hold together: about 150 MB at most.
    package static let cellsMax = 3_000_000

    private var rows: [UInt128: UInt64] = [:]

    var count: Int { rows.count }

    /// Remembers a cell; returns the row where it was before.
    mutating func insert(
        _ bytes: Span<UInt8>, _ range: Range<Int>, row: RowNumber
    ) -> RowNumber? {
        let key = hash(bytes, range)
        if let first = rows[key] { return RowNumber(packed: first) }
        rows[key] = row.packed
        return nil
    }

    private func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt128 {
        var first: UInt64 = 0xA076_1D64_78BD_642F ^ UInt64(range.count)
        var second: UInt64 = 0xE703_7ED1_A0B4_28DB
        var index = range.lowerBound
        while index < range.upperBound {
            var word: UInt64 = 0
            for offset in 0..<Swift.min(8, range.upperBound - index) {
                word |= UInt64(bytes[index + offset]) << UInt64(8 * offset)
            }
            first = fold(first ^ word, 0x8EBC_6AF0_9C88_C6E3)
            second = fold(second &+ word, 0x5899_65CC_7537_4CC3)
            index += 8
        }
        return UInt128(fold(first, 0x1D8E_4E27_C47D_124F)) << 64
            | UInt128(fold(second, 0xEB44_ACCA_B455_D165))
    }

    private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low ^ left.byteSwapped
    }
}

/// A row of a dataset: which file, and the line on which it begins.
struct RowNumber: Equatable {
    var file: Int
    var line: Int

    init(file: Int, line: Int) {
        self.file = file
        self.line = line
    }

    /// The line in the lower forty bits.
    init(packed: UInt64) {
        file = Int(packed >> 40)
        line = Int(packed & (1 << 40 - 1))
    }

    var packed: UInt64 { UInt64(file) << 40 | UInt64(line) & (1 << 40 - 1) }
}
