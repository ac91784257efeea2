import Domain
import Testing

/// What GTO shows in a stage: of each commit the newest event counts, and of those that are then
/// assigned the one assigned last.
private struct Stage {
    private var events: [CommitID: (number: Int, isAssigned: Bool)] = [:]

    mutating func read(_ commit: CommitID, _ number: Int, isAssigned: Bool) {
        if events[commit].map({ number > $0.number }) ?? true {
            events[commit] = (number, isAssigned)
        }
    }

    var shown: CommitID? {
        events.filter(\.value.isAssigned).max { $0.value.number < $1.value.number }?.key
    }
}

extension Bench {
    /// What GTO shows of the tags that were written, beside those of others.
    fileprivate func shown(
        in environment: EnvironmentName = production, beside foreign: [CommitID: Int] = [:]
    ) -> SemanticVersion? {
        var stage = Stage()
        for (commit, number) in foreign { stage.read(commit, number, isAssigned: true) }
        for one in record.assignments where one.environment == environment {
            guard let commit = record.release(one.version)?.commit else { continue }
            stage.read(commit, one.number, isAssigned: true)
        }
        for one in record.unassignments where one.environment == environment {
            for number in one.numbers {
                guard let commit = one.commit(of: number) else { continue }
                stage.read(commit, number, isAssigned: false)
            }
        }
        return stage.shown.map { commit in
            record.releases.first { $0.commit == commit }?.version ?? SemanticVersion(0, 0, 0)
        }
    }

    fileprivate mutating func pushAndCarryOn(_ content: Seen.Content) {
        push(content)
        carryOn()
    }
}

struct UnassignmentTests {
    @Test func `a model that goes takes every assignment back, what was served last`() throws {
        var bench = Bench()
        for inputs in 1...3 { bench.ship(Bench.candidate(inputs), object: inputs) }
        bench.pushAndCarryOn(Bench.candidate(1))
        #expect(bench.shown() == .first)
        bench.push(.absent)
        var tagged: [[Int]] = []
        for action in bench.carryOn() {
            if case .tagUnassignment(_, let numbers) = action { tagged.append(numbers) }
        }
        let taken = try #require(bench.record.unassignments.first)
        let commits = [2, 3, 1].compactMap { inputs in
            bench.record.release(of: Bench.fingerprint(inputs))?.commit
        }
        #expect(taken.commits == commits)
        #expect(Array(taken.numbers) == [5, 6, 7] && tagged == [[5, 6, 7]])
        #expect(bench.shown() == nil && bench.version() == nil)
        #expect(bench.record.nextNumber == 8)
    }

    @Test func `a model that comes back is shown, and goes again with its own tags alone`() {
        var bench = Bench()
        bench.ship(Bench.candidate(1), object: 1)
        bench.ship(Bench.candidate(2), object: 2)
        bench.pushAndCarryOn(.absent)
        bench.pushAndCarryOn(Bench.candidate(2))
        #expect(bench.shown() == SemanticVersion(1, 1, 0))
        bench.pushAndCarryOn(.absent)
        #expect(bench.record.unassignments.map(\.commits.count) == [2, 1])
        #expect(bench.shown() == nil)
    }

    @Test func `each environment takes back its own, with numbers of its own`() {
        var bench = Bench()
        bench.ship(Bench.candidate(1), object: 1)
        bench.ship(Bench.candidate(1, in: Bench.staging), object: 2)
        bench.ship(Bench.candidate(2, in: Bench.staging), object: 3)
        bench.pushAndCarryOn(.absent)
        #expect(bench.record.unassignments.map(\.numbers) == [4..<5, 5..<7])
        #expect(bench.shown() == nil && bench.shown(in: Bench.staging) == nil)
    }

    @Test func `what others assigned is taken back too, before ours and once`() throws {
        var bench = Bench()
        let theirs = Bench.commit(77)
        bench.published.foreignNumber = 3
        bench.published.foreignAssigned = [Bench.production: [theirs: 3]]
        bench.ship(Bench.candidate(1), object: 1)
        let ours = try #require(bench.record.releases.first?.commit)
        bench.published.foreignAssigned[Bench.production]?[ours] = 2
        bench.pushAndCarryOn(.absent)
        #expect(bench.record.unassignments.map(\.commits) == [[theirs, ours]])
        #expect(bench.shown(beside: [theirs: 3, ours: 2]) == nil)
        bench.pushAndCarryOn(Bench.candidate(1))
        bench.pushAndCarryOn(.absent)
        #expect(bench.record.unassignments.map(\.commits) == [[theirs, ours], [ours]])
    }

    @Test func `tags that git lacks are written in the order of their numbers, and no others`() {
        var bench = Bench()
        bench.ship(Bench.candidate(1), object: 1)
        bench.ship(Bench.candidate(2), object: 2)
        bench.pushAndCarryOn(.absent)
        bench.pushAndCarryOn(Bench.candidate(1))
        bench.published.numbers = [1, 4]
        var written: [[Int]] = []
        for action in bench.carryOn() {
            switch action {
            case .tagAssignment(let assignment): written.append([assignment.number])
            case .tagUnassignment(_, let numbers): written.append(numbers)
            default: break
            }
        }
        #expect(written == [[2], [3], [5]])
    }

    @Test func `a decision that names no commit has one tag, on the version that was served`() {
        var bench = Bench()
        bench.ship(Bench.candidate(1), object: 1)
        bench.ship(Bench.candidate(2), object: 2)
        let head = bench.push(.absent)
        bench.decide(
            head,
            .unassigned(Unassignment(environment: Bench.production, number: 3, commits: [])))
        let served = bench.record.releases.last?.commit
        #expect(bench.record.unassignments.map(\.commits) == [[served].compactMap(\.self)])
        #expect(bench.record.nextNumber == 4)
        bench.carryOn()
        #expect(bench.published.numbers == [1, 2, 3])
        #expect(bench.version() == nil)
    }
}
