import Domain

/// Counts the texts of a column that look like private data, for `private_data`.
///
/// Only columns without a classification are looked at.
struct PrivateTally: TextTally {
    private struct Found: Codable, Sendable {
        var count: Int
        var first: Place
    }

    /// Cells that are not missing.
    private var texts = 0
    private var kinds: [PrivateKind: Found] = [:]

    static var check: DataCheck.Name { .privateData }
    static var readsClassified: Bool { false }

    init(isHidden: Bool) {}

    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: () -> Place) {
        texts += 1
        guard range.count >= PrivateForms.bytesMin else { return }
        let found = PrivateForms.kinds(in: bytes, range)
        guard !found.isEmpty else { return }
        let first = place()
        for kind in PrivateKind.allCases where found.contains(PrivateForms.Kinds(kind)) {
            kinds[kind, default: Found(count: 0, first: first)].count += 1
        }
    }

    mutating func add(_ next: PrivateTally, path: String, linesBefore: Int) {
        texts += next.texts
        for (kind, found) in next.kinds {
            let first = found.first.inFile(path, linesBefore: linesBefore)
            kinds[kind, default: Found(count: 0, first: first)].count += found.count
        }
    }

    mutating func append(_ next: PrivateTally) {
        texts += next.texts
        for (kind, found) in next.kinds {
            kinds[kind, default: Found(count: 0, first: found.first)].count += found.count
        }
    }

    /// A count for each kind that was found, or that none was.
    func measurements(_ check: DataCheck, column: String) -> [Measurement] {
        let wanted = check.kinds.isEmpty ? PrivateKind.allCases : check.kinds
        let found = wanted.compactMap { kind -> Measurement? in
            guard let tallied = kinds[kind] else { return nil }
            var measurement = Measurement(
                check, column: column, count: tallied.count, of: texts,
                note: "the first is at \(tallied.first)")
            measurement.kind = kind
            measurement.places = [
                Violation.Occurrence(
                    place: tallied.first, value: nil,
                    message: "`\(column)` holds what looks like \(kind.words)")
            ]
            return measurement
        }
        return found.isEmpty ? [Measurement(check, column: column, count: 0, of: texts)] : found
    }
}
