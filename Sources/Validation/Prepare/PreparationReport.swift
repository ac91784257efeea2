package import Domain

/// What a prepared dataset was made of and how: its lineage.
///
/// It holds no time and no path of this machine, so that the same data and manifest give the same.
package struct PreparationReport: Hashable, Codable, Sendable {
    /// A dataset, or the manifest's own files, as they were read.
    package struct Source: Hashable, Codable, Sendable {
        package var dataset: DatasetName
        package var files: [CheckedFile]
    }

    /// One step, with how many rows went in and came out.
    package struct Step: Hashable, Codable, Sendable {
        /// As in the manifest.
        package var name: String
        package var rowsIn: Int
        package var rowsOut: Int
        /// How many cells are others than before.
        package var cellsChanged: Int
        /// What the step found out of the data: `median of mass: 4.2`.
        package var notes: [String]
    }

    package var dataset: DatasetName
    package var source: Source
    package var steps: [Step]
    package var columns: [String]
    /// The digest of the bytes that it came to.
    package var sha256: Digest
    package var rows: Int
    package var bytes: Int
    /// Of the code that prepared it; see `DataPreparation`.
    package var version: Int

    /// As decisions remember it.
    package var remembered: DataLineage {
        DataLineage(
            dataset: dataset, source: source.dataset,
            sourceFiles: source.files.compactMap { file in
                file.sha256.map { DataLineage.File(path: file.path, sha256: $0) }
            }, steps: stepSentences, rows: rows, sha256: sha256)
    }

    /// One line for people.
    package var sentence: String {
        let count = steps.count == 1 ? "one step" : "\(steps.count) steps"
        let first = steps.first?.rowsIn ?? rows
        return "prepared from \(source.dataset == dataset ? "its files" : "\(source.dataset)") by "
            + "\(count): \(first) → \(counted(rows, "row")), sha256 \(sha256.hex)"
    }

    /// A line for each step.
    package var stepSentences: [String] {
        steps.map { step in
            var line = "\(step.name): \(step.rowsIn) → \(counted(step.rowsOut, "row"))"
            if step.cellsChanged > 0 {
                line += ", \(counted(step.cellsChanged, "cell")) changed"
            }
            return step.notes.isEmpty ? line : line + "; " + step.notes.joined(separator: "; ")
        }
    }
}
