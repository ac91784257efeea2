import Domain

/// By which columns it is judged whether the labels of rows are right.
struct NoisePlan: Hashable, Sendable {
    /// A column that the label is told by.
    struct Feature: Hashable, Sendable {
        var name: String
        /// It is declared to hold numbers, which are cut at deciles.
        var isNumber: Bool
    }

    var label: String
    /// Without the label.
    var features: [Feature]

    /// The columns that must be in every file.
    var columns: [String] { [label] + features.map(\.name) }
}

extension DatasetManifest {
    /// What a check of the labels looks at; nil: there is no label, or no other column.
    func noisePlan(_ check: DataCheck) -> NoisePlan? {
        guard let label else { return nil }
        let named =
            check.columns.isEmpty
            ? columns.map(\.name).filter { !identifying.contains($0) } : check.columns
        let features = named.filter { $0 != label }.map {
            NoisePlan.Feature(name: $0, isNumber: isNumeric($0))
        }
        return features.isEmpty ? nil : NoisePlan(label: label, features: features)
    }
}

/// Where the cells stand in a file by which labels are judged.
struct NoiseLayout: Sendable {
    struct Feature: Sendable {
        var place: Int
        var isNumber: Bool
        /// Of the feature's values that are no numbers.
        var seed: UInt64
    }

    let label: KeyLayout.Column
    let features: [Feature]
    let quote: UInt8

    /// nil: a column is not in the file.
    init?(_ plan: NoisePlan, _ columns: [KeyLayout.Column], quote: UInt8) {
        func column(_ name: String) -> KeyLayout.Column? { columns.first { $0.name == name } }
        guard let label = column(plan.label) else { return nil }
        var features: [Feature] = []
        for (number, feature) in plan.features.enumerated() {
            guard let found = column(feature.name) else { return nil }
            features.append(
                Feature(
                    place: found.place, isNumber: feature.isNumber,
                    seed: NoiseValue.seed(number)))
        }
        self.label = label
        self.features = features
        self.quote = quote
    }
}

/// How the values of a feature are told apart: hashes of 64 bits.
enum NoiseValue {
    static func seed(_ feature: Int) -> UInt64 { mixed(UInt64(feature) + 1) }

    /// A cell that is missing.
    static func missing(_ seed: UInt64) -> UInt64 { mixed(seed ^ 1) }

    /// The part of the numbers, from 0, between two cuts.
    static func part(_ number: Int, _ seed: UInt64) -> UInt64 {
        mixed(seed ^ (UInt64(number) &+ 2))
    }

    /// A text, or one of its words, by its hash.
    static func text(_ hash: UInt64, _ seed: UInt64) -> UInt64 { mixed(hash &+ seed) }
}
