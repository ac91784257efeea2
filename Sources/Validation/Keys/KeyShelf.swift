import Domain
import Synchronization

/// The keys of datasets that others are compared with, kept between the passes of a run so that no
/// dataset is read twice for them.
///
/// What is large lies in files without a name, which go with the shelf.
package final class KeyShelf: Sendable {
    private let kept = Mutex<[DatasetName: SharedKeys]>([:])

    package init() {}

    /// What is known of a dataset, if that has all that is needed.
    func keys(of manifest: DatasetManifest, _ need: KeyNeed) -> SharedKeys? {
        guard let known = kept.withLock({ $0[manifest.name] }),
            known.manifest.reading == manifest.reading,
            need.projections.allSatisfy({ known.tally.list(of: $0) != nil }),
            need.times.allSatisfy({ known.tally.time(of: $0) != nil }),
            need.texts.allSatisfy({ known.tally.texts(of: $0) != nil })
        else { return nil }
        return known
    }

    func put(_ keys: SharedKeys) { kept.withLock { $0[keys.manifest.name] = keys } }
}

/// What was read of a dataset that others are compared with.
struct SharedKeys: Sendable {
    var manifest: DatasetManifest
    var rows: Int
    var tally: KeyTally
    /// Its files, in the order in which they were read.
    var paths: [String]
    /// Why nothing can be compared with it; nil: it can.
    var problem: String?

    init(
        _ manifest: DatasetManifest, rows: Int, paths: [String], _ tally: KeyTally,
        problem: String?
    ) {
        self.paths = paths
        self.manifest = manifest
        self.rows = rows
        self.tally = tally
        self.problem = problem
    }

    init(
        _ manifest: DatasetManifest, _ report: ValidationReport, paths: [String],
        _ tally: KeyTally
    ) {
        let broken = report.violations.first { $0.rule.makesUnreadable }
        let problem = broken.map {
            "`\(manifest.name)` is not as its manifest says: "
                + ($0.occurrences.first?.message ?? $0.rule.rawValue)
        }
        self.init(
            manifest, rows: report.rows, paths: paths, tally,
            problem: problem)
    }
}

extension Rule {
    /// Data that breaks it is not what the manifest means, or not all of it was read.
    fileprivate var makesUnreadable: Bool {
        switch self {
        case .unpinned, .missingFile, .outsideRoot, .notAFile, .digest, .encoding, .nulByte,
            .unbalancedQuote, .strayQuote, .strayCarriageReturn, .recordSize, .json, .raggedRow:
            true
        // Because half of the keys would say of the others that they are nowhere.
        default: keepsFromReading
        }
    }
}

/// What others need of a dataset's rows.
struct KeyNeed: Sendable {
    private(set) var projections: [KeyProjection] = []
    private(set) var times: [String] = []
    private(set) var texts: [String] = []
    /// Whether the dataset is read for it, be it to count its rows.
    private(set) var isNeeded = false

    mutating func add(_ comparison: KeyComparison) {
        isNeeded = true
        projections += comparison.needed
        if let column = comparison.timeColumn { times.append(column) }
        if let column = comparison.textColumn { texts.append(column) }
    }
}
