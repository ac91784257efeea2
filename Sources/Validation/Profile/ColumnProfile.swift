/// What is known of one column, as it is stored with a promoted dataset and compared later.
///
/// A value of tens of kilobytes at most whatever the data's size; `docs` of each member say what it
/// means, because people read the JSON. Optional members are left out where they say nothing.
package struct ColumnProfile: Hashable, Codable, Sendable {
    /// What the cells are.
    package enum Kind: String, Hashable, Codable, Sendable {
        case number
        /// Days and moments, counted as numbers: the seconds since 1970-01-01T00:00:00Z, up to the
        /// year 2242 within a quarter of a microsecond.
        case date, datetime
        case text
    }

    /// As in the manifest or the header.
    package var name: String
    package var kind: Kind
    /// As declared in the manifest; nil: it is not, or the profile was made before types were kept.
    package var type: String?
    /// No text of the column is stored, hashes alone.
    package var isPrivate: Bool
    /// All rows: those that are missing, of another type, non-finite, and values.
    package var rows: Int
    /// Cells that are missing.
    package var missing: Int
    /// The missing cells by how they are written, the most frequent first.
    package var missingSpellings: [Spelling]
    /// Cells that look missing and are not declared so; they are counted as values too.
    package var lookAlikes: [Spelling]
    /// Cells that are not of the column's type; in no statistic.
    package var invalid: Int
    /// Never counted as missing, and in no statistic.
    package var nonFinite: NonFinite
    package var distinct: Distinct
    package var values: TopValues
    /// 2^14 registers of a HyperLogLog of six bits each, base64; nil where `values` is complete.
    package var registers: String?
    /// nil: there is no finite number.
    package var numbers: NumberSummary?
    /// In place of `numbers` where people read the profile; nil in what is stored.
    package var times: TimeSummary?
    /// nil: there is no text.
    package var lengths: LengthSummary?

    /// One way to write a missing value.
    package struct Spelling: Hashable, Codable, Sendable {
        package var text: String
        package var count: Int
    }

    /// Cells that are no finite number.
    package struct NonFinite: Hashable, Codable, Sendable {
        package var nan: Int
        package var positiveInfinity: Int
        package var negativeInfinity: Int

        /// All of them.
        package var count: Int { nan + positiveInfinity + negativeInfinity }
    }

    /// How many different values there are.
    package struct Distinct: Hashable, Codable, Sendable {
        package var count: Int
        /// 0: the count is exact; otherwise about two thirds of such estimates are nearer.
        package var standardError: Double
    }

    /// The most frequent values; equal counts in the order of their keys.
    package struct TopValues: Hashable, Codable, Sendable {
        /// Every value is listed, with its exact count.
        package var isComplete: Bool
        /// A listed count may be as much too low.
        package var countError: Int
        /// A value that is not listed has at most as many rows.
        package var unlistedMax: Int
        package var items: [Item]
    }

    /// A value and how many rows have it.
    package struct Item: Hashable, Codable, Sendable {
        /// nil in columns of text, and of days and moments where people read the profile.
        package var number: Double?
        /// With all digits; nil up to 2^53.
        package var integer: Int64?
        /// Cut to 64 bytes; nil in columns of numbers, in private ones, and where it is not known.
        package var text: String?
        /// 16 hexadecimal digits, where the text does not give them.
        package var hash: String?
        package var count: Int

        /// What the value is counted by.
        var key: UInt64 {
            if let integer { return NumberKey.key(integer: integer) }
            if let number { return NumberKey.key(number) }
            if let hash { return UInt64(hash, radix: 16) ?? 0 }
            return CellHash.standard.hash(text ?? "")
        }
    }

    /// Cells that are neither missing, nor of another type, nor non-finite.
    package var valueCount: Int { rows - missing - invalid - nonFinite.count }
}
