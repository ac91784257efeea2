import ArgumentParser
import Domain
import Git
import Planning
import Validation

struct DataDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare the datasets of two commits or versions.",
        discussion: """
            Says of each dataset that changed how the schema differs, how many rows were added and \
            removed, and which columns moved, by how much. Where columns were added or left out, \
            rows are compared by those that both have. A, B are commits, branches or versions.

            Example:
              slipway data diff HEAD~1 HEAD
              slipway data diff digits@v1.0.0 digits@v1.1.0 --dataset digits-train
            """)

    @Argument(help: "The earlier commit or version.")
    var from: String

    @Argument(help: "The later one.")
    var to = "HEAD"

    @Option(help: "Only this dataset.")
    var dataset: String?

    @OptionGroup var format: JSONOption

    func run() async throws {
        let data = try CommittedData(try await Clone.find())
        let (old, new) = (try await data.clone.commit(from), try await data.clone.commit(to))
        let before = try await data.commits.plan(old)
        let after = try await data.commits.plan(new)
        var names = Set(before.datasets.keys).union(after.datasets.keys)
        if let dataset {
            names = names.filter { $0.text == dataset }
            if names.isEmpty { throw neitherHas(dataset, [(after, new), (before, old)]) }
        } else {
            names.formUnion(before.brokenDatasets.keys)
            names.formUnion(after.brokenDatasets.keys)
        }
        var found: [DatasetComparison] = []
        for name in names.sorted() {
            let broken = [(before, old), (after, new)].first { $0.0.brokenDatasets[name] != nil }
            if let (_, commit) = broken {
                let note = "not compared: it has errors in commit \(commit.short)"
                found.append(DatasetComparison(name, note: note))
                continue
            }
            let comparison = try await compare(
                name, (before.datasets[name], old), (after.datasets[name], new), data)
            if let comparison, !comparison.isEmpty { found.append(comparison) }
        }
        guard !format.json else { return await Console.put(bytes: try compactJSON(found)) }
        await Console.put(found.map(\.text).joined(separator: "\n"))
        if found.isEmpty { await Console.say("no dataset differs") }
    }

    private func neitherHas(_ name: String, _ sides: [(RepositoryPlan, CommitID)]) -> Stop {
        for (plan, commit) in sides {
            guard var stop = plan.broken(name) else { continue }
            stop.failure?.place = "commit \(commit.short)"
            stop.failure?.hint = "name commits in which it has none"
            return stop
        }
        return Stop(
            .notFound, "neither has a dataset `\(oneLine(name))`",
            hint: "slipway data show lists those that there are")
    }

    private typealias Side = (manifest: DatasetManifest?, commit: CommitID)

    private func compare(
        _ name: DatasetName, _ old: Side, _ new: Side, _ data: CommittedData
    ) async throws -> DatasetComparison? {
        var comparison: DatasetComparison
        switch (old.manifest, new.manifest) {
        case (let before?, let after?):
            let isSame = before.files.map(\.sha256) == after.files.map(\.sha256)
            if isSame {
                comparison = DatasetComparison(name)
            } else if let earlier = try await data.content(of: before, at: old.commit),
                let later = try await data.content(of: after, at: new.commit)
            {
                let problem = earlier.report.unread ?? later.report.unread
                if let problem {
                    comparison = DatasetComparison(name, note: "not compared: \(problem.message)")
                } else {
                    comparison = try await DatasetComparison(name, from: earlier, to: later) {
                        guard
                            let one = try await data.content(
                                of: before, at: old.commit, comparing: $0),
                            let other = try await data.content(
                                of: after, at: new.commit, comparing: $0)
                        else { return nil }
                        return (one, other)
                    }
                }
            } else {
                comparison = DatasetComparison(
                    name, note: "the content changed; the commits do not hold it")
            }
            comparison.compare(before, after)
        case (nil, let after?):
            comparison = DatasetComparison(name)
            comparison.rowsNow = try await data.content(of: after, at: new.commit)?.report.rows
            comparison.schema = ["+ the whole dataset"]
        case (let before?, nil):
            comparison = DatasetComparison(name)
            comparison.rowsBefore = try await data.content(of: before, at: old.commit)?.report.rows
            comparison.schema = ["- the whole dataset"]
        case (nil, nil): return nil
        }
        return comparison
    }
}
