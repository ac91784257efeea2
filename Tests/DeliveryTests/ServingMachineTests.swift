import Delivery
import Domain
import Host
import Testing

@Suite struct ServingMachineTests {
    private let start = Instant(seconds: 1000)
    private let failure = Failure("it broke")

    private func process(_ port: Int) -> RuntimeProcess {
        RuntimeProcess(
            process: ProcessIdentity(pid: Int32(port), startTimeTicks: 1), port: port)
    }

    private func board(_ wanted: Deployment..., keepResident: Int = 1) -> ServingBoard {
        var board = ServingBoard(keepResident: keepResident)
        board.want(state(wanted), at: start)
        return board
    }

    private func state(_ wanted: [Deployment]) -> DesiredState {
        DesiredState(deployments: Dictionary(uniqueKeysWithValues: wanted.map { ($0.model, $0) }))
    }

    /// Brings a deployment to traffic, as the agent does.
    private func serve(
        _ board: inout ServingBoard, _ wanted: Deployment, port: Int, at now: Instant
    ) {
        board.want(state([wanted]), at: now)
        board.starting(wanted)
        board.ready(RuntimeIdentity(wanted), process(port), at: now)
        board.routed(wanted, process(port), at: now)
    }

    @Test func `a wanted version is started, then routed, then left alone`() {
        let wanted = deployment(0, number: 1)
        var board = board(wanted)
        #expect(board.next(start) == .start(wanted))
        board.starting(wanted)
        #expect(board.next(start) == .wait(until: nil))
        #expect(board.live.first?.health == .starting)
        board.ready(RuntimeIdentity(wanted), process(5), at: start)
        #expect(board.next(start) == .route(wanted, process(5)))
        board.routed(wanted, process(5), at: start)
        #expect(board.next(start) == .wait(until: nil))
        #expect(board.live.first?.health == .serving)
    }

    @Test func `a new number for the same version is only a new route`() {
        var board = board(keepResident: 1)
        serve(&board, deployment(0, number: 1), port: 5, at: start)
        let again = deployment(0, number: 2)
        board.want(state([again]), at: start)
        #expect(board.next(start) == .route(again, process(5)))
    }

    @Test func `the most recently served versions stay loaded, and no more`() {
        var board = board(keepResident: 2)
        for minor in 0..<4 {
            serve(
                &board, deployment(minor, number: minor), port: 5 + minor,
                at: start.advanced(bySeconds: Double(minor)))
        }
        let now = start.advanced(bySeconds: 10)
        let oldest = RuntimeIdentity(deployment(0, number: 0))
        #expect(board.next(now) == .stop(oldest))
        board.stopping(oldest)
        #expect(board.next(now) == .wait(until: nil))
        board.gone(oldest)
        #expect(board.next(now) == .wait(until: nil))
        #expect(board.live.first?.resident == [SemanticVersion(1, 1, 0), SemanticVersion(1, 2, 0)])
    }

    @Test func `the pause between starts doubles up to a minute`() {
        let wanted = deployment(0, number: 1)
        var board = board(wanted)
        var now = start
        var pauses: [Double] = []
        for _ in 0..<10 {
            #expect(board.next(now) == .start(wanted))
            board.starting(wanted)
            board.broke(RuntimeIdentity(wanted), failure, at: now)
            guard case .wait(let until?) = board.next(now) else {
                Issue.record("a broken runtime must be waited for")
                return
            }
            pauses.append(until.seconds(since: now))
            now = until
        }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test func `a change of what is wanted is tried at once`() {
        let wanted = deployment(0, number: 1)
        var board = board(wanted)
        board.starting(wanted)
        board.broke(RuntimeIdentity(wanted), failure, at: start)
        #expect(board.next(start) != .start(wanted))
        board.want(state([wanted]), at: start)
        #expect(board.next(start) != .start(wanted))
        let again = deployment(0, number: 2)
        board.want(state([again]), at: start)
        #expect(board.next(start) == .start(again))
    }

    @Test func `an old version that dies while the new one fails is started again`() {
        var board = board()
        let old = deployment(0, number: 1)
        let new = deployment(1, number: 2)
        serve(&board, old, port: 5, at: start)
        board.want(state([new]), at: start)
        board.starting(new)
        board.broke(RuntimeIdentity(new), failure, at: start)
        board.broke(RuntimeIdentity(old), failure, at: start)
        let now = start.advanced(bySeconds: 0.6)
        #expect(board.next(now) == .start(new))
        board.starting(new)
        #expect(board.next(now) == .start(old))
        #expect(board.live.first?.health == .failing)
        #expect(board.live.first?.version == nil)
    }

    @Test func `a model that is wanted no more loses its route before its runtime`() {
        var board = board()
        let old = deployment(0, number: 1)
        serve(&board, old, port: 5, at: start)
        board.want(state([]), at: start)
        #expect(board.next(start) == .unroute(digits))
        board.unrouted(digits)
        #expect(board.next(start) == .stop(RuntimeIdentity(old)))
    }

    /// Plays random events against the board and checks what must hold after each.
    @Test(arguments: 0..<200)
    func `traffic is never taken from the last runtime that can answer`(seed: Int) {
        var random = SplitMix(state: UInt64(seed) &+ 1)
        var board = ServingBoard(keepResident: random.below(3))
        var now = start
        var port = 1
        for _ in 0..<300 {
            now = now.advanced(bySeconds: Double(random.below(3)))
            let action = board.next(now)
            switch action {
            case .start(let wanted): board.starting(wanted)
            case .route(let wanted, let process): board.routed(wanted, process, at: now)
            case .unroute(let model):
                #expect(board.desired[model] == nil, "seed \(seed)")
                board.unrouted(model)
            case .stop(let identity):
                #expect(board.runtimes[identity]?.routed == nil, "seed \(seed)")
                board.stopping(identity)
            case .forget(let identity):
                #expect(board.runtimes[identity]?.routed == nil, "seed \(seed)")
                board.gone(identity)
            case .wait: break
            }
            #expect(board.runtimes.values.filter { $0.routed != nil }.count <= 1, "seed \(seed)")
            port += 1
            happen(&board, &random, port: port, at: now)
        }
        #expect(board.runtimes.count <= 8, "seed \(seed)")
    }

    private func happen(
        _ board: inout ServingBoard, _ random: inout SplitMix, port: Int, at now: Instant
    ) {
        let states = board.runtimes.values.sorted { $0.deployment.version < $1.deployment.version }
        switch random.below(4) {
        case 0:
            let wanted = deployment(random.below(5), number: port)
            board.want(state(random.below(8) == 0 ? [] : [wanted]), at: now)
        case 1 where !states.isEmpty:
            let chosen = states[random.below(states.count)]
            switch chosen.phase {
            case .starting where random.below(3) > 0:
                board.ready(chosen.identity, process(port), at: now)
            case .starting, .ready: board.broke(chosen.identity, failure, at: now)
            case .stopping: board.gone(chosen.identity)
            case .broken: break
            }
        default: break
        }
    }
}

/// Steele, Lea and Flood's SplitMix64, so that a seed means the same everywhere.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
