import Domain

extension KeyFindings {
    /// Rows whose labels are doubtful, for each check that asks.
    func labelNoise() throws(SpillFault) -> [Measurement] {
        var found: [Measurement] = []
        for check in manifest.checks.named where check.name == .labelNoise {
            found.append(try labelNoise(check))
        }
        return found
    }

    private func labelNoise(_ check: DataCheck) throws(SpillFault) -> Measurement {
        guard manifest.label != nil else {
            return Measurement(check, problem: "the manifest names no `label:`")
        }
        guard let plan = manifest.noisePlan(check) else {
            return Measurement(check, problem: "there is no column that could tell the label")
        }
        if let absent = tally.absentNoise(of: plan) {
            return Measurement(check, problem: "`\(absent)` is not in the files")
        }
        guard let rows = tally.noise(of: plan) else {
            return Measurement(check, problem: "the rows were not read")
        }
        guard !rows.classes.isOver else {
            return Measurement(
                check, problem: "the label has more than \(NoiseClasses.countMax) classes")
        }
        let noise = try LabelNoise(
            of: rows, plan, margin: check.parameter ?? LabelNoise.marginMin,
            bytesMax: bytesMax, in: tally.folder)
        if let problem = noise.problem { return Measurement(check, problem: problem) }
        var measurement = Measurement(check, count: noise.found, of: noise.judged)
        let hides = manifest.privateColumns.contains(plan.label)
        measurement.places = noise.first.map { candidate in
            let names = [candidate.label, candidate.other].compactMap { rows.classes.texts[$0] }
            return place(of: candidate, hides ? [hiddenCell, hiddenCell] : names)
        }
        measurement.note = measurement.places?.first.map {
            "most of all at \($0.place), where \($0.message)"
        }
        return measurement
    }

    private func place(
        of candidate: LabelNoise.Candidate, _ names: [String]
    ) -> Violation.Occurrence {
        let shares = "\(shareText(candidate.otherShare)) against \(shareText(candidate.ownShare))"
        return Violation.Occurrence(
            place: Place(
                file: paths[candidate.row.file], line: candidate.row.line,
                column: candidate.column),
            value: names.first,
            message: "the label is `\(names.first ?? "")`, and the row looks like "
                + "`\(names.last ?? "")` (\(shares))")
    }

    /// With two digits behind the point.
    private func shareText(_ share: Double) -> String {
        shortText((share * 100).rounded() / 100)
    }
}

extension LabelNoise {
    /// Why no row can be doubted; nil: it was tried.
    var problem: String? {
        if isOver {
            return "the features have more different values than are counted; name fewer "
                + "`columns:`, without texts that are long"
        }
        if judged == 0 {
            return "there are no two classes with \(Self.classRowsMin) rows or more and something "
                + "in common"
        }
        guard explained < Self.explainedMin else { return nil }
        return "the columns tell next to nothing of the label: \(percentText(explained)) of its "
            + "entropy, less than \(percentText(Self.explainedMin))"
    }
}
