import Domain
import Testing

@testable import Forges

private let first = Sample.commit("1")
private let second = Sample.commit("2")
private let started = Decision.started(run: 17, candidate: Sample.candidate)

private func shown(
    _ decisions: [(CommitID, Decision)], of commit: CommitID = first, approvalsNeeded: Int? = nil
) -> [String] {
    statuses(
        of: commit, in: Sample.history(decisions), instance: Sample.instance,
        approvalsNeeded: approvalsNeeded
    ).map { "\($0.stage.rawValue) \($0.state.rawValue): \($0.description)" }
}

private let passed: [(CommitID, Decision)] = [
    (first, started), (first, .judged(Sample.judgement(passed: true))),
]
private let released =
    passed + [
        (first, .seen(Sample.tag())), (first, .released(Sample.release)),
        (first, .assigned(Sample.assignment(Sample.approved))),
    ]

@Test func `a commit about which nothing was decided has no status`() {
    #expect(shown([]).isEmpty)
    #expect(shown(passed, of: second).isEmpty)
}

@Test func `a run under way is pending`() {
    #expect(
        shown([(first, started)]) == [
            "plan success: the declarations are right", "run running: run digits/17 is under way",
        ])
}

@Test func `wrong declarations are a failure with their place`() {
    let problem = Diagnostic(at: Place(file: "models/digits/model.yaml", line: 3), "no such key")
    #expect(
        shown([(first, .broken(problems: [problem, problem]))]) == [
            "plan failure: models/digits/model.yaml:3: no such key (and 1 more)"
        ])
}

@Test(arguments: [
    (Failure.Disposition.wait(for: "a commit"), "failure"),
    (.retry(afterSeconds: 30), "error"), (.stalled, "error"),
])
func `what the commit must mend is a failure, what the machine did is an error`(
    disposition: Failure.Disposition, word: String
) {
    let failure = Failure("step `train` ended with status 1", disposition)
    #expect(
        shown([(first, started), (first, .failed(run: 17, failure: failure))]).last
            == "run \(word): digits/17: step `train` ended with status 1")
}

@Test func `a gate that stops is a failure with the rule`() {
    let all = shown([(first, started), (first, .judged(Sample.judgement(passed: false)))])
    #expect(
        all.last == "gate failure: recall.each_class_at_least (class 8) is 0.8765, "
            + "the limit is 0.9")
    #expect(all.count == 3)
}

@Test func `what waits for review says for how many`() {
    #expect(
        shown(passed, approvalsNeeded: 2) == [
            "plan success: the declarations are right", "run success: run digits/17 measured it",
            "gate success: every promotion rule holds",
            "review queued: waiting for review: 0 of 2 approvals of eeeeeeeeeeeeeeee",
        ])
    let one = passed + [(first, .seen(Sample.tag())), (first, .seen(Sample.tag(refusal: "no")))]
    #expect(shown(one, approvalsNeeded: 2).last?.contains("1 of 2") == true)
}

@Test func `a rejected review is a failure`() {
    let all = passed + [(first, .rejected(evidence: Sample.evidenceID, by: Sample.bob))]
    #expect(
        shown(all).last == "review failure: bob@example.com rejected eeeeeeeeeeeeeeee")
}

@Test func `an assigned version is green all the way`() {
    #expect(
        shown(released) == [
            "plan success: the declarations are right", "run success: run digits/17 measured it",
            "gate success: every promotion rule holds",
            "review success: approved by ann@example.com, bob@example.com",
            "release success: v1.0.0 is assigned to production",
        ])
}

@Test func `a version that was taken back is green no more`() {
    let held =
        released + [
            (second, .held(environment: Sample.production, version: SemanticVersion(1, 0, 0)))
        ]
    #expect(
        shown(held).last
            == "release failure: v1.0.0 was taken back from production and is on hold")
    let lifted =
        held + [
            (
                second,
                .lifted(
                    environment: Sample.production, version: SemanticVersion(1, 0, 0),
                    evidence: Sample.evidenceID)
            )
        ]
    #expect(shown(lifted).last == "release success: v1.0.0 is assigned to production")
}

@Test func `a revert releases without run and review`() {
    let reverted =
        released + [
            (second, .assigned(Sample.assignment(.reverted, on: second, number: 2)))
        ]
    #expect(
        shown(reverted, of: second) == [
            "plan success: the declarations are right",
            "release success: v1.0.0 is assigned to production again",
        ])
}

@Test func `what was superseded is never green where nothing was found`() {
    let newer = Decision.superseded(by: second)
    #expect(shown([(first, newer)]) == ["plan cancelled: superseded by 2222222"])
    #expect(
        shown([(first, started), (first, newer)]).last == "run cancelled: superseded by 2222222")
    let waiting = shown(passed + [(first, newer)])
    #expect(waiting.last == "review cancelled: superseded by 2222222")
    #expect(waiting.contains("gate success: every promotion rule holds"))
}

@Test func `already live and removed are decided too`() {
    let live = AlreadyLive(
        environment: Sample.production, version: SemanticVersion(1, 0, 0),
        serving: Sample.serving, wouldPass: nil)
    #expect(
        shown(released + [(second, .alreadyLive(live))], of: second).last
            == "release success: v1.0.0 is already live in production")
    #expect(
        shown([(first, .removed)]).last == "release success: digits is served no longer")
}

// MARK: what a forge must still be told

private func sent(_ ledger: StatusLedger, _ wanted: [CommitStatus]) -> [String] {
    ledger.missing(from: wanted).map { "\($0.stage.rawValue) \($0.state.word(on: ledger.kind))" }
}

@Test func `what was confirmed is sent no more, whatever its words`() {
    var ledger = StatusLedger(kind: .github)
    let wanted = [Sample.status(.running, description: "training")]
    #expect(sent(ledger, wanted) == ["gate pending"])
    #expect(sent(ledger, wanted) == ["gate pending"], "what is not confirmed is sent again")
    ledger.confirm(wanted[0])
    #expect(sent(ledger, wanted).isEmpty)
    #expect(sent(ledger, [Sample.status(.running, description: "evaluating")]).isEmpty)
    // GitHub has one word for both.
    #expect(sent(ledger, [Sample.status(.queued)]).isEmpty)
    #expect(sent(ledger, [Sample.status(.failure)]) == ["gate failure"])
    ledger.forget(wanted[0].key)
    #expect(sent(ledger, wanted) == ["gate pending"])
}

@Test func `GitLab is told when what was queued runs`() {
    var ledger = StatusLedger(kind: .gitlab)
    ledger.confirm(Sample.status(.queued))
    #expect(sent(ledger, [Sample.status(.running)]) == ["gate running"])
}

@Test func `what is not green is told first`() {
    let wanted = [
        Sample.status(.success, stage: .plan), Sample.status(.success, stage: .run),
        Sample.status(.failure, stage: .gate), Sample.status(.queued, stage: .review),
    ]
    #expect(
        sent(StatusLedger(kind: .gitea), wanted)
            == ["gate failure", "review pending", "plan success", "run success"])
}

@Test func `a voided result flips`() {
    var ledger = StatusLedger(kind: .github)
    for status in [Sample.status(.success, stage: .run), Sample.status(.success, stage: .gate)] {
        ledger.confirm(status)
    }
    let anew = [Sample.status(.running, stage: .run)]
    let flips = ledger.missing(from: anew)
    #expect(flips.map(\.stage) == [.gate, .run] && flips.allSatisfy { $0.state != .success })
    #expect(flips.first?.description == "no longer holds: decided anew")
    for status in flips { ledger.confirm(status) }
    #expect(sent(ledger, anew).isEmpty, "a flip is sent once")
    let again = [
        Sample.status(.success, stage: .run), Sample.status(.success, stage: .gate),
    ]
    #expect(sent(ledger, again) == ["gate success", "run success"])
}

@Test func `what nobody will decide any more is cancelled and not left green`() {
    var ledger = StatusLedger(kind: .github)
    ledger.confirm(Sample.status(.success, stage: .gate))
    #expect(
        sent(ledger, [Sample.status(.failure, stage: .plan)]) == ["gate error", "plan failure"])
    #expect(sent(ledger, []).isEmpty, "what is not looked at stays")
    #expect(sent(ledger, [Sample.status(.running, stage: .run, on: second)]) == ["run pending"])
    ledger.keep(only: [second])
    #expect(ledger.count == 0)
}

/// A forge that loses and delays answers ends with what is wanted.
@Test(arguments: 0..<30 as Range<UInt64>)
func `after every loss the forge shows what is wanted`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for kind in Forge.Kind.allCases {
        var ledger = StatusLedger(kind: kind)
        var forge: [String: String] = [:]
        var wanted: [CommitStatus] = []
        for round in 0..<40 {
            if round < 30 {
                wanted = CommitStatus.Stage.allCases.prefix(Int.random(in: 1...5, using: &random))
                    .map { stage in
                        let states = CommitStatus.State.allCases
                        return Sample.status(
                            states.randomElement(using: &random) ?? .queued, stage: stage)
                    }
            }
            for status in ledger.missing(from: wanted) {
                let isTaken = round >= 30 || Int.random(in: 0..<3, using: &random) > 0
                let isHeard = round >= 30 || Int.random(in: 0..<3, using: &random) > 0
                if isTaken { forge[status.context] = status.state.word(on: kind) }
                // A lost answer makes what the forge shows unknown.
                if isTaken && isHeard { ledger.confirm(status) } else { ledger.forget(status.key) }
            }
        }
        #expect(ledger.missing(from: wanted).isEmpty, "seed \(seed)")
        for status in wanted {
            #expect(forge[status.context] == status.state.word(on: kind), "seed \(seed)")
        }
    }
}
