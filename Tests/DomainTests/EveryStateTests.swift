import Domain
import Testing

/// Every combination of what git, the journal and people can show the machine at once.
private enum EveryState {
    enum Past: CaseIterable { case none, oneVersion, twoVersions, reverted, lifted, removed }
    enum HeadState: CaseIterable {
        case new, started, waiting, stopped, failed, rejected, superseded, broken
    }
    enum HeadContent: CaseIterable { case fresh, first, second, elsewhere, broken, absent }
    enum RunState: CaseIterable { case none, running, failed, evaluated, ofAnother }
    enum Shown: CaseIterable { case everything, nothing, tooMuch }
    enum Said: CaseIterable { case nothing, yes, no, oldYes, deleted }

    static let failure = Failure("step `train` stopped: exit status 1")

    static func past(_ past: Past) -> Bench {
        var bench = Bench()
        guard past != .none else { return bench }
        bench.ship(Bench.candidate(1), object: 1)
        guard past != .oneVersion else { return bench }
        bench.ship(Bench.candidate(2), object: 2)
        guard past != .twoVersions else { return bench }
        bench.push(past == .removed ? .absent : Bench.candidate(1))
        bench.carryOn()
        guard past == .lifted else { return bench }
        bench.ship(Bench.candidate(2), object: 3)
        return bench
    }

    static func content(_ content: HeadContent) -> Seen.Content {
        switch content {
        case .fresh: Bench.candidate(5)
        case .first: Bench.candidate(1)
        case .second: Bench.candidate(2)
        case .elsewhere: Bench.candidate(2, in: Bench.staging)
        case .broken:
            .broken([Diagnostic(at: Place(file: "models/digits/model.yaml", line: 1), "no")])
        case .absent: .absent
        }
    }

    /// Brings the head there if the machine lets it get there.
    static func reach(_ state: HeadState, _ bench: inout Bench) {
        guard state != .new else { return }
        if state == .superseded, let head = bench.commits.last?.id {
            return bench.decide(head, .superseded(by: Bench.commit(5000)))
        }
        for _ in 0..<20 {
            let action = bench.next
            switch action {
            case .start where state == .started, .awaitRun, .settled: return
            case .awaitReview(let id):
                guard state == .rejected else { return }
                bench.tag(.reject, id, object: 10)
            default:
                bench.perform(
                    action, failing: state == .failed ? failure : nil, passing: state != .stopped)
            }
        }
    }

    static func set(_ run: RunState, _ bench: inout Bench) {
        let id = RunID(model: Bench.model, number: max(bench.record.lastRun, 1))
        switch run {
        case .none: bench.run = .none
        case .running: bench.run = .running(id)
        case .failed: bench.run = .failed(id, failure)
        case .evaluated: bench.run = .evaluated(id)
        case .ofAnother:
            let other = RunID(model: Bench.model, number: id.number + 7)
            (bench.run, bench.otherRuns) = (.running(other), [other])
        }
    }

    static func set(_ shown: Shown, _ bench: inout Bench) {
        switch shown {
        case .everything: break
        case .nothing: bench.published = Seen.Published()
        case .tooMuch:
            let old = Deployment(
                model: Bench.model, version: SemanticVersion(0, 1, 0),
                candidate: Bench.fingerprint(99), artifact: Bench.digest(99), number: 99,
                commit: Bench.commit(99), serving: Bench.settings())
            bench.published.deployments[Bench.staging] = old
        }
    }

    static func say(_ said: Said, _ bench: inout Bench) {
        let id = bench.record.shown.first { $0.value.commit == bench.commits.last?.id }?.key
        switch said {
        case .nothing: break
        case .yes: bench.tag(.approve, id ?? EvidenceID(Bench.digest(77)), object: 20)
        case .no: bench.tag(.reject, id ?? EvidenceID(Bench.digest(77)), object: 20)
        case .oldYes:
            if let tag = bench.record.tags.first { bench.newTags.append(tag) }
        case .deleted:
            for tag in bench.record.tags { bench.goneTags[tag.tag] = tag.ref }
        }
    }

    static func all(past: Past, content: HeadContent) -> [(String, Bench)] {
        var states: [(String, Bench)] = []
        var begun = self.past(past)
        begun.push(self.content(content))
        for head in HeadState.allCases {
            var reached = begun
            reach(head, &reached)
            for run in RunState.allCases {
                for shown in Shown.allCases {
                    for said in Said.allCases {
                        var bench = reached
                        set(run, &bench)
                        set(shown, &bench)
                        say(said, &bench)
                        states.append(
                            ("\(past), \(content), \(head), \(run), \(shown), \(said)", bench))
                    }
                }
            }
        }
        return states
    }
}

@Test(arguments: EveryState.Past.allCases, EveryState.HeadContent.allCases)
private func `from every state each action changes the next and the end is quiet`(
    past: EveryState.Past, content: EveryState.HeadContent
) {
    let states = EveryState.all(past: past, content: content)
    #expect(states.count == 8 * 5 * 3 * 5)
    for (name, start) in states {
        var bench = start
        var last: Action?
        var isQuiet = false
        for _ in 0..<40 where !isQuiet {
            let action = bench.next
            #expect(action == bench.next, "\(name): two answers to one question")
            switch action {
            case .settled, .awaitReview: isQuiet = true
            case .awaitRun(let run):
                // The run ends, which is something that changes.
                bench.run = .evaluated(run)
            default:
                #expect(action != last, "\(name): \(action) changed nothing")
                bench.perform(action)
            }
            last = action
        }
        #expect(isQuiet, "\(name): no end in sight")
        #expect(isConsistent(bench), "\(name): git does not show what was decided")
    }
}

/// Whether git shows every decision and the head is decided or waits.
private func isConsistent(_ bench: Bench) -> Bool {
    let wanted = bench.record.current.compactMapValues { current in current.version }
    guard bench.published.deployments.mapValues(\.version) == wanted,
        bench.published.versions == Set(bench.record.releases.map(\.version)),
        let head = bench.commits.last?.id
    else { return false }
    guard bench.outcome(head)?.isFinal != true else { return true }
    return bench.waiting != nil
}

@Test func `without a head there is nothing to do`() {
    #expect(Bench().next == .settled)
}
