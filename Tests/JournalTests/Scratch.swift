import Domain
import FoundationEssentials
import Journal

/// A folder for one test, removed with it.
final class Scratch: Sendable {
    let folder: String
    var path: String { folder + "/journal.sqlite" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/slipway-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        try? FileManager.default.removeItem(atPath: folder)
    }

    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }
}

let digits = ModelName(checked: "digits")
let houses = ModelName(checked: "houses")

func commit(_ number: Int) -> CommitID {
    let digits = String(number)
    return CommitID(checked: String(repeating: "0", count: 40 - digits.utf8.count) + digits)
}

func fingerprint(_ number: Int) -> Fingerprint {
    let digits = String(number)
    return Fingerprint(checked: String(repeating: "a", count: 64 - digits.utf8.count) + digits)
}

func started(_ sequence: Int, _ model: ModelName = digits) -> DecisionRecord {
    DecisionRecord(
        sequence: sequence, at: Instant(seconds: Int64(sequence)), model: model,
        commit: commit(sequence),
        decision: .started(run: sequence, candidate: fingerprint(sequence)))
}

func run(
    _ number: Int, of model: ModelName = digits, _ state: RunView.State = .running,
    startedAt: Int64? = nil
) -> RunView {
    RunView(
        id: RunID(model: model, number: number), commit: commit(number),
        candidate: fingerprint(number), state: state, stage: "train",
        startedAt: Instant(milliseconds: startedAt ?? Int64(number)),
        steps: [
            StepView(
                name: StepName(checked: "train"), state: .running, attempt: 1,
                startedAt: Instant(milliseconds: 5),
                lastMetric: MetricPoint(step: 3, name: "loss", value: 0.125))
        ])
}
