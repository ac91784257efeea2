import Domain

/// What a manifest may hold below `checks:`.
let checkKeys = KeyTable(
    "What the dataset as a whole must be",
    [
        .init("row_count", .table(rowCountKeys), "How many rows all files have together"),
        .init("column_count", .table(columnCountKeys), "How many columns each file has"),
        .init("missing_share", .table(missingShareKeys), "The share of missing cells per column"),
        .init("missing_values", .list(.label), "Texts that mean missing beside the empty cell"),
        .init("columns", .table(columnMatchKeys), "The columns that the files must have"),
    ] + DataCheck.Name.allCases.map { .init($0.rawValue, .oneOrMore($0.keys), $0.about) },
    synonyms: checkSynonyms)

private let rowCountKeys = KeyTable(
    "How many rows all files have together",
    [
        .init("min", .integer(0...Int.max), "At least"),
        .init("max", .integer(0...Int.max), "At most"), severityKey,
    ], synonyms: limitSynonyms)

private let columnCountKeys = KeyTable(
    "How many columns each file has",
    [
        .init("min", .integer(0...Int.max), "At least"),
        .init("max", .integer(0...Int.max), "At most"),
        .init(
            "severity", .choice(CheckSeverity.allCases.map(\.rawValue)),
            "What another number means"),
    ], synonyms: limitSynonyms)

private let columnMatchKeys = KeyTable(
    "The columns that the files must have",
    [
        .init(
            "match", .choice(DatasetManifest.ColumnMatch.allCases.map(\.rawValue)),
            "exact: those that are declared, in their order"), severityKey,
    ])

private let missingShareKeys = KeyTable(
    "The share of missing cells that any column may have",
    [.init("max", .number(0...1), "At most, from 0 to 1"), maxRowsKey(of: "cells"), severityKey])

extension DataCheck.Name {
    /// What a manifest may say about the check.
    var keys: KeyTable {
        var keys: [KeyTable.Key] = []
        let isDrift = comparison == .live && !isOfWhole
        if takesColumns {
            keys.append(
                .init("columns", .list(.label, atLeast: 1), "By default every one that it fits"))
        }
        if comparison == .dataset, self != .splitMin {
            keys.append(
                .init("with", .name("a dataset"), "The dataset trained on", required: true))
        }
        if self == .freshness {
            keys.append(.init("max", .duration, "The greatest age: 7d", required: true))
        }
        if self == .rowSetDigest {
            keys.append(.init("is", .filled, "The digest that the rows must have: v3-…"))
        }
        if self == .nearDuplicates {
            keys.append(
                .init("with", .name("a dataset"), "The dataset that is compared with; itself"))
        }
        if comparison == .live {
            keys.append(
                .init(
                    "against", .filled, "v1.2.0 or the name of a dataset; by default, what is live")
            )
        }
        if self == .skew {
            keys.append(
                .init("measure", .choice(Self.skewMeasures.map(\.rawValue)), "By default psi"))
        }
        if isDrift || self == .skew {
            keys.append(.init("warn", .number(limits), "Warn over it"))
            keys.append(.init("fail", .number(limits), "Fail over it"))
        }
        if !isDrift {
            if takesMin { keys.append(.init("min", .number(limits), "At least")) }
            if takesMax { keys.append(.init("max", .number(limits), "At most")) }
            if takesRows { keys.append(maxRowsKey(of: "cells, rows, texts or keys")) }
        }
        keys.append(severityKey)
        if let (name, about) = parameter {
            keys.append(.init(name, .number(0...Double.greatestFiniteMagnitude), about))
        }
        if self == .outliersTukey {
            keys.append(
                .init(
                    "scale", .choice(DataCheck.Scale.allCases.map(\.rawValue)),
                    "log for skewed columns of positive numbers"))
        }
        if self == .privateData {
            keys.append(
                .init(
                    "kinds", .list(.choice(PrivateKind.allCases.map(\.rawValue)), atLeast: 1),
                    "What is looked for; all of them"))
        }
        return KeyTable(about, keys, synonyms: limitSynonyms)
    }

    /// What its limits can be: parts of 1, counts and distances from 0 on, or any number.
    private var limits: ClosedRange<Double> {
        let most = Double.greatestFiniteMagnitude
        return switch self {
        case .missingRatio, .almostConstant, .outliersTukey, .outliersRobustZ, .outliersZ,
            .outliersRare, .privateData, .classBalance, .labelLeakage, .conflictingLabels,
            .labelNoise, .labelMissing, .missingPattern, .duplicateRows, .nearDuplicates,
            .splitOverlap,
            .keyOverlap, .timeLeakage, .splitStratification, .jsDistance, .lInfinity, .ks,
            .chiSquare, .cramersV, .missingChange, .newCategory, .datasetDrift:
            0...1
        case .mean, .stdev, .sum, .min, .max, .quantile: -most...most
        default: 0...most
        }
    }

    /// The name of the number that the check's definition leaves open, and what it is.
    var parameter: (name: String, about: String)? {
        switch self {
        case .outliersTukey: ("k", "How many interquartile ranges off is outside; 3")
        case .outliersRobustZ: ("threshold", "The greatest score; 3.5")
        case .outliersZ: ("threshold", "The greatest score; 3")
        case .quantile: ("share", "Which quantile, 0 to 1; 0.5 is the median")
        case .nearDuplicates: ("similarity", "From which Jaccard similarity on; 0.8")
        case .labelNoise: ("margin", "How much greater the other class's share is; 0.5")
        case .mixedTypes: ("meant", "From which share on both kinds are meant; 0.1")
        case .outliersRare: ("share", "Values with a smaller share of the values are rare; 0.001")
        default: nil
        }
    }

    /// What `skew` can measure by.
    static let skewMeasures: [DataCheck.Name] = [
        .psi, .jsDistance, .lInfinity, .ks, .chiSquare, .cramersV, .wasserstein, .missingChange,
        .distinctChange, .newCategory,
    ]

    /// What the check is, for schemas and messages.
    var about: String {
        switch self {
        case .missingRatio: "missing / rows of a column"
        case .mixedMissing: "Ways to write a missing value in one column"
        case .nonFinite: "NaN and infinities in a column"
        case .constant: "All values of a column are one"
        case .almostConstant: "The share of a column's most frequent value"
        case .outliersTukey: "The share of numbers outside Tukey's fences"
        case .outliersRobustZ: "The share of numbers far from the median, in terms of the MAD"
        case .outliersZ: "The share of numbers far from the mean, in standard deviations"
        case .outliersRare: "The share of cells whose value is rare in its column"
        case .mean, .stdev, .sum, .min, .max: "The \(rawValue) of a column of numbers"
        case .quantile: "A quantile of a column of numbers"
        case .distinctCount: "How many different values a column has"
        case .privateData: "The share of texts that look like private data"
        case .mixedTypes: "The share of cells that are of another kind than most of a column"
        case .encodingDamage: "The share of texts with characters that were lost or read wrongly"
        case .classBalance: "The smallest class of the label / its largest"
        case .classMinCount: "The rows of the label's smallest class"
        case .labelLeakage: "Cramér's V of one feature with the label"
        case .conflictingLabels: "The share of rows with equal features and another label"
        case .labelNoise: "The share of rows that look like another class than their label's"
        case .labelMissing: "The share of rows without a label"
        case .missingPattern: "Cramér's V of a feature's being missing with the label"
        case .duplicateRows: "The share of rows that occur before"
        case .nearDuplicates: "The share of texts that are nearly equal to an earlier one"
        case .rowSetDigest: "A digest of all rows, in whatever order they stand"
        case .freshness: "The time from the latest row to the commit"
        case .splitStratification: "Cramér's V of the label with which dataset a row is in"
        case .splitOverlap: "The share of rows that the other dataset has too"
        case .keyOverlap: "The share of keys that the other dataset has too"
        case .timeLeakage: "The share of rows not later than the other dataset's last"
        case .splitRatio: "Rows / rows of the other dataset"
        case .splitMin: "Rows of a test set"
        case .rowCountChange: "How far the number of rows moved since the version that is live"
        case .byteCountChange: "How far the size of the files moved since the version that is live"
        case .schemaChange: "Columns that are new, gone, of another type or at another place"
        case .psi, .jsDistance, .lInfinity, .ks, .chiSquare, .cramersV, .wasserstein,
            .missingChange, .distinctChange, .newCategory, .labelDrift:
            "How far a column moved since the version that is live"
        case .datasetDrift: "The share of columns that drifted since the version that is live"
        case .skew: "How far the requests that were served are from a column"
        }
    }

    /// What the data is compared with.
    enum Comparison { case none, dataset, live }

    var comparison: Comparison {
        switch self {
        case .splitOverlap, .keyOverlap, .timeLeakage, .splitRatio, .splitMin,
            .splitStratification:
            .dataset
        case .rowCountChange, .byteCountChange, .schemaChange, .psi, .jsDistance, .lInfinity, .ks,
            .chiSquare, .cramersV,
            .wasserstein, .missingChange, .distinctChange, .newCategory, .labelDrift,
            .datasetDrift:
            .live
        default: .none
        }
    }

    /// Whether it compares datasets, and not their columns one by one.
    private var isOfWhole: Bool {
        switch self {
        case .rowCountChange, .byteCountChange, .schemaChange, .datasetDrift: true
        default: false
        }
    }

    private var takesColumns: Bool {
        switch self {
        case .classBalance, .classMinCount, .conflictingLabels, .labelMissing, .duplicateRows,
            .rowSetDigest, .splitOverlap, .splitStratification, .splitRatio, .splitMin,
            .rowCountChange, .byteCountChange, .schemaChange, .labelDrift, .datasetDrift:
            false
        default: true
        }
    }

    /// Whether it counts what is wrong, so that a number of it can be the limit beside a share.
    private var takesRows: Bool {
        switch self {
        case .missingRatio, .outliersTukey, .outliersRobustZ, .outliersZ, .outliersRare,
            .privateData, .mixedTypes, .encodingDamage, .conflictingLabels, .labelNoise,
            .labelMissing, .duplicateRows, .nearDuplicates, .splitOverlap, .keyOverlap,
            .timeLeakage:
            true
        default: false
        }
    }

    private var takesMin: Bool {
        switch self {
        case .mean, .stdev, .sum, .min, .max, .quantile, .distinctCount, .classBalance,
            .classMinCount, .splitRatio, .splitMin:
            true
        default: false
        }
    }

    private var takesMax: Bool {
        switch self {
        case .constant, .classBalance, .classMinCount, .splitRatio, .splitMin, .freshness,
            .rowSetDigest, .schemaChange, .skew:
            false
        default: true
        }
    }
}
