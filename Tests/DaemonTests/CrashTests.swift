import Daemon
import Domain
import Host
import Journal
import Testing

/// The loop is stopped at random moments while people go on; what comes of it is the same.
@Suite struct CrashTests {
    /// One thing that people do.
    private enum Deed { case push(Int), approve, revert }

    private static let story: [Deed] = [
        .push(7), .approve, .push(8), .approve, .revert, .push(6), .revert, .push(5), .revert,
    ]

    @Test(
        .timeLimit(.minutes(5)), arguments: (0..<3).map { _ in UInt64.random(in: 0...999_999) })
    func `stopping at random moments changes nothing in the end`(seed: UInt64) async throws {
        let calm = try await outcome(stopping: nil)
        let rough = try await outcome(stopping: Dice(seed: seed))
        #expect(rough == calm, "seed \(seed)")
    }

    /// What git says in the end, without the ids that differ from one life to the next.
    private struct Outcome: Hashable {
        var tags: [String]
        var outcomes: [String]
        var current: SemanticVersion?
        var held: Set<SemanticVersion>
        /// How often each candidate's steps ran.
        var steps: [String: Int]
    }

    private func outcome(stopping dice: Dice?) async throws -> Outcome {
        var result: Outcome?
        try await play { yard in
            let side = "\(yard.folder)/side"
            var commits: [CommitID] = []
            var dice = dice
            for deed in Self.story {
                switch deed {
                case .push(let right):
                    // Because a step that was under way when nobody waited is found again, the
                    // command takes a moment.
                    let model = ShellModel(right: right, before: "sleep 0.05")
                    var files = model.files
                    files["models/m/model.yaml"] = files["models/m/model.yaml"]?
                        .replacing("mkdir -p", with: "echo train-\(right) >> \(side) && mkdir -p")
                        .replacing(
                            "cp $SLIPWAY", with: "echo evaluate-\(right) >> \(side) && cp $SLIPWAY")
                    commits.append(try await yard.push(files, "\(right) right"))
                case .approve:
                    guard let head = commits.last else { break }
                    try await disturb(yard, &dice)
                    try await yard.sign("approve", "m", try await yard.evidence(head))
                case .revert: commits.append(try await yard.revertHead())
                }
                try await disturb(yard, &dice)
                try await settle(yard, try #require(commits.last), deed)
            }
            result = try await look(yard, commits, side)
        }
        return try #require(result)
    }

    /// Stops and starts the loop a few times, with pauses of a few milliseconds in between.
    private func disturb(_ yard: Yard, _ dice: inout Dice?) async throws {
        guard dice != nil else { return }
        for _ in 0..<3 {
            let pause = (dice?.next() ?? 0) % 120
            try await Task.sleep(for: .milliseconds(pause))
            await yard.stop()
            if (dice?.next() ?? 0) % 4 == 0 { try Journal.delete(path: yard.state.journal) }
            try await yard.start()
        }
    }

    private func settle(_ yard: Yard, _ head: CommitID, _ deed: Deed) async throws {
        try await yard.until("\(head.short) is settled after \(deed)") { record in
            switch (deed, record.outcomes[head]) {
            case (.push, .waiting), (.push, .stopped), (.approve, .assigned), (.revert, .assigned),
                (.revert, .alreadyLive), (.revert, .waiting):
                true
            default: false
            }
        }
    }

    /// No attempt's start or end is shown twice, however often it was found again.
    private func checkEvents(_ yard: Yard) async throws {
        for run in try await yard.journal.runs(of: nil, limit: 100) {
            let events = try await yard.journal.events(of: run.id, after: 0, limit: 1000)
            let kinds = events.compactMap { event -> String? in
                guard case .object(let object) = event.event, let kind = object.keys.first,
                    case .object(let content)? = object[kind], kind != "metric"
                else { return nil }
                let step = content["step"].map { "\($0)" } ?? ""
                return "\(kind) \(step) \(content["attempt"].map { "\($0)" } ?? "")"
            }
            #expect(kinds.count == Set(kinds).count, "\(run.id): \(kinds)")
        }
    }

    private func look(_ yard: Yard, _ commits: [CommitID], _ side: String) async throws -> Outcome {
        let record = try await yard.record("m")
        let production = EnvironmentName(checked: "production")
        try await eventually("every decision has its tag") {
            try await yard.tags().count == record.releases.count + record.assignments.count
        }
        try await checkEvents(yard)
        let lines = String(decoding: try readFile(side, limitBytes: 1 << 20), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        return Outcome(
            tags: try await yard.tags(),
            outcomes: commits.map { commit in
                switch record.outcomes[commit] {
                case .superseded(let newer):
                    "superseded by \(commits.firstIndex(of: newer) ?? -1)"
                case .waiting: "waiting"
                case .stopped: "stopped"
                case .assigned(let version, _): "assigned \(version)"
                case .alreadyLive(let version, _): "already live \(version)"
                case let other: "\(String(describing: other))"
                }
            },
            current: record.current[production]?.version,
            held: record.held[production] ?? [],
            steps: Dictionary(lines.map { ($0, 1) }, uniquingKeysWith: +))
    }
}

/// SplitMix64, so that a seed gives the same moments again.
struct Dice: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
