import Domain
import Testing

@testable import Journal

/// SplitMix64, so that a seed gives the same story again.
private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return (value ^ (value >> 31)) % sides
    }
}

private let channels = ["mail", "chat", "hook"]

private let outbox: OutboxMaker = { record in
    // Because some decisions are told to nobody, and some channels want not all of them.
    channels.filter { ($0.utf8.count + record.sequence) % 4 != 0 }.map {
        OutboxDraft(event: "msg_\(record.sequence)", channel: $0, body: "{}")
    }
}

/// A daemon in small: it decides into git, then into the journal, and sends; it may die in between.
private struct Life {
    let path: String
    var dice: Dice
    var journal: Journal
    /// The notes: what is in here has been decided.
    var git: [DecisionRecord] = []
    /// What arrived, and how often.
    var arrived: [String: Int] = [:]
    var crashes = 0

    init(path: String, seed: UInt64) throws {
        self.path = path
        dice = Dice(state: seed)
        journal = try Journal(path: path)
    }

    /// Ends this life; the next one reads what git has that the journal lacks.
    mutating func crash() async throws {
        crashes += 1
        journal = try Journal(path: path)
        try await look()
    }

    func look() async throws {
        try await journal.replaceDecisions(git, tip: tip, outbox: outbox)
    }

    var tip: ObjectID? { git.isEmpty ? nil : commit(git.count) }

    mutating func decide() async throws {
        let count = Int(dice.roll(3)) + 1
        let new = (1...count).map { started(git.count + $0) }
        git += new
        if dice.roll(5) == 0 { return try await crash() }
        try await journal.appendDecisions(new, tip: tip, outbox: outbox)
        if dice.roll(8) == 0 { try await crash() }
    }

    mutating func send(_ channel: String, mayCrash: Bool = true) async throws {
        let late = Instant(seconds: 1_000_000)
        for row in try await journal.dueOutbox(of: channel, at: late, limit: 5) {
            if mayCrash, dice.roll(10) == 0 { return try await crash() }
            arrived["\(row.event) \(row.channel)", default: 0] += 1
            if mayCrash, dice.roll(6) == 0 { return try await crash() }
            try await journal.outboxSent(row.id)
        }
    }
}

@Suite struct OutboxCrashTests {
    @Test(
        .timeLimit(.minutes(5)), arguments: (0..<12).map { _ in UInt64.random(in: 0...999_999) })
    func `wherever it dies, everything arrives, and no event has a second row`(
        seed: UInt64
    ) async throws {
        let scratch = try Scratch()
        var life = try Life(path: scratch.path, seed: seed)
        try await life.look()
        for _ in 0..<60 {
            if life.dice.roll(2) == 0 {
                try await life.decide()
            } else {
                try await life.send(channels[Int(life.dice.roll(3))])
            }
        }
        let crashes = life.crashes
        for channel in channels {
            while try await !life.journal.dueOutbox(
                of: channel, at: Instant(seconds: 1_000_000), limit: 1
            ).isEmpty {
                try await life.send(channel, mayCrash: false)
            }
        }
        let wanted = life.git.flatMap(outbox).map { "\($0.event) \($0.channel)" }
        #expect(Set(life.arrived.keys) == Set(wanted), "seed \(seed)")
        #expect(try await life.journal.outboxCounts() == [.sent: wanted.count], "seed \(seed)")
        // What arrived twice did so because of a crash between sending and noting it.
        let repeats = life.arrived.values.reduce(0) { $0 + $1 - 1 }
        #expect(repeats <= crashes, "seed \(seed)")
    }
}
