import Domain

/// How many places the patterns of a dataset may have together; 24 MB of memory.
private let patternPlacesMax = 100 * PatternNet.placesMax

extension DatasetDecoder {
    /// Reports the first column or rule whose patterns are too much together with those before it.
    ///
    /// Because all of them are kept while data is checked, and a few letters (`a{9999}`) may stand
    /// for as many places as a pattern can have.
    mutating func boundPatterns(_ manifest: DatasetManifest) {
        var places = 0
        for column in manifest.columns {
            places += column.patternPlaces
            guard places <= patternPlacesMax else { return refusePatterns(at: column.place) }
        }
        for rule in manifest.rules {
            places += rule.patternPlaces
            guard places <= patternPlacesMax else { return refusePatterns(at: rule.place) }
        }
    }

    private mutating func refusePatterns(at place: Place) {
        diagnostics.append(
            Diagnostic(
                at: place,
                "the patterns up to here have more than \(patternPlacesMax) places together, with "
                    + "their repetitions written out",
                hint: "bound lengths by `max_length:` and repeat with `*` or `+`"))
    }
}

extension ColumnDeclaration {
    fileprivate var patternPlaces: Int {
        guard let pattern else { return 0 }
        // Because what is wrong with it has been said where it stands.
        return (try? TextPattern(pattern))?.net.places.count ?? 0
    }
}

extension RowRule {
    fileprivate var patternPlaces: Int {
        // Because what is wrong with it has been said where it stands.
        (try? RowExpression.parse(expression))?.patternPlaces ?? 0
    }
}
