import Domain
import FoundationEssentials

/// What is known of a dataset, kept with its promotion so that a later version is compared with it
/// without reading the old data.
///
/// Stored as one line of JSON without spaces, keys sorted by their bytes: the same data gives the
/// same bytes. Members are explained where they are declared; names are stable within a version.
package struct DatasetProfile: Hashable, Codable, Sendable {
    /// The version that this code writes, and the only one that it reads.
    package static let currentVersion = 1

    package var version: Int
    package var rows: Int
    /// Of all files as they are stored; nil: the profile was made before sizes were kept.
    package var bytes: Int?
    /// In the order of the data.
    package var columns: [ColumnProfile]
    package var label: String?
    /// The label's classes with their rows, where all are listed; by count, the largest first.
    package var classes: [ColumnProfile.Item]?
    /// How many rows the label's classes have, ascending, where they are all counted and are too
    /// many to be listed.
    package var classSizes: [ClassSize]?
    /// Every other column with the label, in the order of the columns.
    package var associations: [Association]
    package var sample: StoredSample
    /// Exact; nil where rows were not compared.
    package var duplicates: DuplicateCounts?

    /// What the statistics come to.
    init(_ statistics: DatasetStatistics, duplicates: DuplicateCounts? = nil) {
        self.init(statistics, statistics.columns.map { ColumnProfile($0) }, duplicates)
        guard let sampled = SampledColumns(self, statistics) else { return }
        associations = sampled.features.flatMap(sampled.associations(of:))
    }

    /// The same, the columns at the same time.
    static func make(
        _ statistics: DatasetStatistics, duplicates: DuplicateCounts?
    ) async -> DatasetProfile {
        let columns = await atOnce(statistics.columns) { ColumnProfile($0) }
        var profile = DatasetProfile(statistics, columns, duplicates)
        guard let sampled = SampledColumns(profile, statistics) else { return profile }
        profile.associations = await atOnce(sampled.features, sampled.associations(of:)).flatMap(
            \.self)
        return profile
    }

    /// Without associations.
    private init(
        _ statistics: DatasetStatistics, _ columns: [ColumnProfile], _ duplicates: DuplicateCounts?
    ) {
        version = Self.currentVersion
        rows = statistics.rows
        self.columns = columns
        label = statistics.label
        self.duplicates = duplicates
        sample = StoredSample(statistics.sample.trimmed)
        associations = []
        let labelled = columns.first { $0.name == statistics.label }
        classes = labelled.flatMap { $0.values.isComplete ? $0.values.items : nil }
        guard labelled != nil, classes == nil else { return }
        classSizes = statistics.columns.first { $0.name == statistics.label }?.classSizes
    }

    /// The same, with what the profile of the rows alone does not say.
    func described(by manifest: DatasetManifest, _ files: [CheckedFile]) -> DatasetProfile {
        var profile = self
        profile.bytes = files.reduce(0) { $0 + $1.bytes }
        let types = Dictionary(
            manifest.columns.map { ($0.name, $0.type.rawValue) }, uniquingKeysWith: { $1 })
        for index in profile.columns.indices {
            profile.columns[index].type = types[profile.columns[index].name]
        }
        return profile
    }

    /// Figures beyond the range of numbers, as a deviation can be, stand as these texts.
    private static let infinityText = "Infinity"
    private static let nanText = "NaN"

    /// The one form that is stored and digested.
    package var canonicalJSON: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: Self.infinityText, negativeInfinity: "-" + Self.infinityText,
            nan: Self.nanText)
        do {
            return [UInt8](try encoder.encode(self))
        } catch {
            preconditionFailure("a profile holds only what JSON can say: \(error)")
        }
    }

    /// Reads a stored profile.
    package init(canonicalJSON bytes: [UInt8]) throws(ProfileError) {
        let profile: DatasetProfile
        do {
            let data = Data(bytes)
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: Self.infinityText, negativeInfinity: "-" + Self.infinityText,
                nan: Self.nanText)
            let version = try decoder.decode(Version.self, from: data).version
            guard version == Self.currentVersion else { throw ProfileError.version(version) }
            profile = try decoder.decode(DatasetProfile.self, from: data)
        } catch let error as ProfileError {
            throw error
        } catch {
            throw .notAProfile
        }
        for column in profile.columns {
            guard column.isSound, column.rows == profile.rows else {
                throw .damagedColumn(column.name)
            }
        }
        guard profile.sample.rowSample?.width == profile.columns.count else {
            throw .damagedSample
        }
        self = profile
    }

    /// The profile of both parts together, the second part's columns in the order of the first's.
    package func merged(with other: DatasetProfile) throws(ProfileError) -> DatasetProfile {
        guard columns.map(\.name) == other.columns.map(\.name),
            columns.map(\.kind) == other.columns.map(\.kind), label == other.label
        else { throw .otherColumns }
        var statistics = DatasetStatistics(resuming: self)
        statistics.merge(DatasetStatistics(resuming: other))
        return DatasetProfile(statistics)
    }

    /// The column of a name.
    package func column(_ name: String) -> ColumnProfile? {
        columns.first { $0.name == name }
    }

    private struct Version: Decodable {
        var version: Int
    }
}

/// The sample of rows as a profile keeps it: bits in base64, little endian.
package struct StoredSample: Hashable, Codable, Sendable {
    /// Eight bytes a row, ascending.
    package var keys: String
    /// Four bytes a row for each column: the bits of a 32-bit number, or half of a text's hash.
    package var columns: [String]

    init(_ sample: RowSample) {
        keys = base64(sample.storedKeys)
        columns = (0..<sample.width).map { base64(sample.column($0)) }
    }

    /// nil: it is damaged.
    var rowSample: RowSample? {
        guard let keys: [UInt64] = integers(self.keys) else { return nil }
        var cells: [[UInt32]] = []
        for column in columns {
            guard let column: [UInt32] = integers(column) else { return nil }
            cells.append(column)
        }
        return RowSample(keys: keys, columns: cells)
    }
}

private func base64(_ integers: [some FixedWidthInteger]) -> String {
    var bytes: [UInt8] = []
    for integer in integers {
        for shift in stride(from: 0, to: integer.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }
    return Data(bytes).base64EncodedString()
}

private func integers<Integer: FixedWidthInteger>(_ text: String) -> [Integer]? {
    let size = Integer.bitWidth / 8
    guard let data = Data(base64Encoded: text), data.count % size == 0 else { return nil }
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: size).map { start in
        (0..<size).reduce(0) { $0 | Integer(truncatingIfNeeded: bytes[start + $1]) << (8 * $1) }
    }
}

/// The sampled rows, by column.
private struct SampledColumns: Sendable {
    private let columns: [SampleAssociation.Column]
    private let label: Int
    private let isWhole: Bool

    /// nil: there is no label.
    init?(_ profile: DatasetProfile, _ statistics: DatasetStatistics) {
        guard let index = profile.columns.firstIndex(where: { $0.name == profile.label }) else {
            return nil
        }
        let trimmed = statistics.sample.trimmed
        columns = profile.columns.indices.map { column in
            SampleAssociation.Column(
                name: profile.columns[column].name,
                isNumeric: profile.columns[column].kind != .text, cells: trimmed.column(column))
        }
        label = index
        isWhole = trimmed.count == profile.rows
    }

    /// The columns but the label.
    var features: [Int] { columns.indices.filter { $0 != label } }

    func associations(of feature: Int) -> [Association] {
        SampleAssociation.measure(columns[feature], columns[label], isWhole: isWhole)
    }
}

/// What a function makes of each value, in their order, several at the same time.
private func atOnce<Value: Sendable, Made: Sendable>(
    _ values: [Value], _ make: @escaping @Sendable (Value) -> Made
) async -> [Made] {
    await withTaskGroup(of: (Int, Made).self) { group in
        for (index, value) in values.enumerated() {
            group.addTask { (index, make(value)) }
        }
        let made = await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        return values.indices.compactMap { made[$0] }
    }
}
