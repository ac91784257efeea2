import Domain

extension KeyFindings {
    /// Texts that are near an earlier one of the dataset, for each check and column.
    func nearTexts() throws(SpillFault) -> [Measurement] {
        var found: [Measurement] = []
        for check in manifest.checks.named
        where check.name == .nearDuplicates && check.dataset == nil {
            for column in check.columns {
                found.append(try nearTexts(check, column, in: nil))
            }
        }
        return found
    }

    /// Texts that are near one of another dataset.
    func nearTexts(
        _ check: DataCheck, _ column: String, _ comparison: KeyComparison
    ) throws(SpillFault) -> Measurement {
        switch side(comparison) {
        case .failure(let problem):
            Measurement(check, column: column, problem: problem.text)
        case .success(let other): try nearTexts(check, column, in: other)
        }
    }

    private func nearTexts(
        _ check: DataCheck, _ column: String, in other: SharedKeys?
    ) throws(SpillFault) -> Measurement {
        func problem(_ text: String) -> Measurement {
            Measurement(check, column: column, problem: text)
        }
        for side in [own, other].compactMap(\.self) where side.tally.absentTexts.contains(column) {
            return problem("`\(column)` is not in the files of `\(side.manifest.name)`")
        }
        let theirs = other.flatMap { $0.tally.texts(of: column) }
        guard let texts = tally.texts(of: column), other == nil || theirs != nil else {
            return problem("the texts were not read")
        }
        let search = try NearSearch(
            of: texts, in: theirs, limit: check.parameter ?? nearnessMin, bytesMax: bytesMax)
        var (notes, places): ([String], [Violation.Occurrence]) = ([], [])
        for pair in search.first {
            let row = try texts.text(pair.text).row
            let near = try (theirs ?? texts).text(pair.other).row
            let paths = other?.paths ?? paths
            let likeness =
                "is \(percentText(pair.similarity)) like \(paths[near.file]):\(near.line)"
            notes.append("\(text(row)) \(likeness)")
            places.append(occurrence(row, "`\(column)` \(likeness)"))
        }
        if search.isCut {
            notes.append(
                "perhaps more, because some have over \(NearSearch.candidatesMax) candidates")
        }
        var measurement = Measurement(
            check, column: column, count: search.found, of: texts.count,
            note: notes.isEmpty ? nil : notes.joined(separator: "; "))
        measurement.places = places
        return measurement
    }
}

/// The Jaccard similarity from which on two texts are near duplicates, where no other is written.
let nearnessMin = 0.8
