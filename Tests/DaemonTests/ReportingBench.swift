import Domain
import Forges
import Host
import Journal
import Logging
import Synchronization
import TestKit
import Testing

@testable import Daemon

/// A clock that moves only when a test moves it.
final class TestClock: Sendable {
    private let start = Host.now()
    private let ahead = Mutex(0.0)

    func advance(_ seconds: Double) { ahead.withLock { $0 += seconds } }

    var now: Instant { start.advanced(bySeconds: ahead.withLock(\.self)) }
}

/// Keeps what is logged.
final class LogBook: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            book.add("\(event.message) \(event.metadata ?? [:])")
        }
    }
}

/// A journal with decisions in it and whoever tells them, without a repository and a loop.
final class ReportingBench {
    let state: StateFolder
    let journal: Journal
    let clock = TestClock()
    let book = LogBook()
    var configuration: DaemonConfiguration
    var callsPerMinute = 100_000.0
    var answerSeconds = patienceSeconds
    private(set) var sequence = 0

    init() async throws {
        state = StateFolder(
            try temporaryFolder(
                in: environmentVariable("TMPDIR") ?? "/tmp", prefix: "slipway-report"))
        journal = try Journal(path: state.journal)
        configuration = DaemonConfiguration(repository: "/srv/models.git")
        configuration.instance = InstanceName(checked: "lab")
        configuration.publicURL = "https://slipway.example.com"
        try await journal.replaceDecisions([], tip: nil)
    }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        try? removeTree(state.path)
    }

    /// Writes a file into the state folder and returns its name there.
    func file(_ name: String, _ text: String) throws -> String {
        try writeFileAtomically("\(state.path)/\(name)", Array(text.utf8))
        return name
    }

    func useForge(_ kind: Forge.Kind, _ server: ReportingServer) throws {
        configuration.forge = ForgeSettings(
            kind: kind, apiURL: server.url, project: "lab/models",
            tokenFile: try file("token", "t0ken-value\n"))
    }

    func tools() -> ReportTools {
        ReportTools(
            journal: journal, logger: book.logger, clock: { [clock] in clock.now },
            random: { 0.5 }, pauseSeconds: 0.02, answerSeconds: answerSeconds, drainSeconds: 2,
            callsPerMinute: callsPerMinute)
    }

    var sources: ReportSources {
        ReportSources(
            records: { [journal] in
                // Because a test whose journal is broken fails anyhow.
                let kept = try? await journal.foldDecisions(into: KeptDecisions()) { $0.add($1) }
                return kept?.records ?? [:]
            },
            approvalsNeeded: { _ in 2 }, link: { [configuration] in configuration.link($0) })
    }

    func forgeReporter() throws -> ForgeReporter {
        let reporting = try configuration.reporting(state)
        return ForgeReporter(reporting, try #require(reporting.forge), tools(), sources)
    }

    func courier(_ name: String, backoff: Backoff = .letters) throws -> Courier {
        let channel = try configuration.reporting(state).channels.first { $0.name == name }
        return Courier(try #require(channel), tools(), backoff: backoff)
    }

    func reporter() throws -> Reporter { try Reporter(configuration, state, tools(), sources) }

    /// Decides something about a commit, as the loop would.
    func decide(
        _ commit: CommitID, _ decisions: Decision..., model: ModelName = ReportingSample.model
    ) async throws {
        for decision in decisions {
            sequence += 1
            try await journal.appendDecisions(
                [
                    DecisionRecord(
                        sequence: sequence, at: clock.now, model: model, commit: commit,
                        decision: decision)
                ], tip: nil, outbox: configuration.outbox)
        }
    }

    /// Passes until the condition holds, with the clock moved on in between.
    func pass(
        _ reporter: ForgeReporter, _ what: String, step: Double = 30,
        until condition: () async throws -> Bool
    ) async throws {
        for _ in 0..<60 {
            await reporter.pass()
            if try await condition() { return }
            clock.advance(step)
        }
        Issue.record("not after 60 passes: \(what)\n\(book.text)")
    }

    /// Everything that is on disk and in the log, where no secret may be.
    func everything() throws -> String {
        var text = book.text
        for name in try namesIn(state.path) where name.hasPrefix("journal") {
            let bytes = try readFile("\(state.path)/\(name)", limitBytes: 1 << 26)
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text
    }
}

/// Values that tests of reporting are made of.
enum ReportingSample {
    static let model = ModelName(checked: "m")
    static let production = EnvironmentName(checked: "production")
    static let ada = Principal("ada@example.org")
    static let candidate = Fingerprint(checked: String(repeating: "c", count: 64))
    static let serving = ServingSettings(
        runtime: .sklearn, warmup: nil, startTimeoutSeconds: 60, requirements: nil)

    static func commit(_ number: Int) -> CommitID {
        let digits = String(number)
        return CommitID(checked: String(repeating: "0", count: 40 - digits.utf8.count) + digits)
    }

    static func digest(_ number: Int) -> Digest {
        let digits = String(number)
        return Digest(checked: String(repeating: "d", count: 64 - digits.utf8.count) + digits)
    }

    static func fingerprint(_ number: Int) -> Fingerprint {
        Fingerprint(checked: digest(number).hex)
    }

    static func judgement(
        _ run: Int, passed: Bool, accuracy: Double = 0.9, baseline: SemanticVersion? = nil,
        about: String? = "class 8"
    ) -> Judgement {
        let evidence = Evidence(
            model: model, environment: production, candidate: fingerprint(run),
            artifact: digest(1), datasets: [:], validation: digest(2), evaluation: digest(3),
            baseline: baseline, replaces: nil, policy: digest(4), lifts: nil, runtime: .sklearn)
        let rule = RuleVerdict(
            rule: "accuracy.at_least", outcome: passed ? .passed : .failed, value: accuracy,
            limit: 0.95, about: about, place: Place(file: "models/m/model.yaml", line: 14))
        return Judgement(
            run: run, candidate: fingerprint(run),
            report: Report(
                task: .classification, rows: 360,
                metrics: [Metric(name: "accuracy", value: accuracy, low: 0.81, high: 0.97)]),
            verdict: Verdict(outcome: passed ? .passed : .failed, rules: [rule]),
            baseline: baseline, policy: digest(4), evidence: passed ? evidence : nil,
            evidenceDigest: passed ? digest(run) : nil)
    }

    static func started(_ run: Int) -> Decision {
        .started(run: run, candidate: fingerprint(run))
    }

    static func released(_ run: Int, _ version: SemanticVersion, on commit: CommitID) -> Decision {
        .released(
            Release(
                version: version, candidate: fingerprint(run), commit: commit,
                evidence: EvidenceID(digest(run)), artifact: digest(1), datasets: [:],
                approvedBy: [ada], tags: []))
    }

    static func assigned(
        _ run: Int, _ version: SemanticVersion, on commit: CommitID, number: Int
    ) -> Decision {
        .assigned(
            Assignment(
                environment: production, version: version, number: number, commit: commit,
                cause: .approved(evidence: EvidenceID(digest(run)), by: [ada], tags: []),
                replaces: nil, serving: serving))
    }
}
