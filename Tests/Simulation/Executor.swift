import Domain

/// The fake executor: runs go on whether or not the daemon or its journal live.
struct Executor {
    struct Process {
        var inputs: Int
        var endsAt: Instant
    }

    private(set) var processes: [RunID: Process] = [:]

    /// A run that is there already is found again.
    mutating func spawn(_ run: RunID, inputs: Int, at now: Instant, seconds: Double) {
        guard processes[run] == nil else { return }
        processes[run] = Process(inputs: inputs, endsAt: now.advanced(bySeconds: seconds))
    }

    mutating func kill(_ run: RunID) { processes[run] = nil }

    /// How a run looks at `now`; nil when there is no such run.
    func state(of run: RunID, at now: Instant) -> Seen.Run? {
        guard let process = processes[run] else { return nil }
        guard process.endsAt <= now else { return .running(run) }
        guard !fails(run.model, process.inputs) else {
            return .failed(run, Failure("step `train` stopped: exit status 1"))
        }
        return .evaluated(run)
    }
}

/// Whether training this candidate fails: always or never.
func fails(_ model: ModelName, _ inputs: Int) -> Bool {
    number(for: "\(model)/fails/\(inputs)") % 8 == 0
}

/// From 0 to 99.
func score(_ model: ModelName, _ inputs: Int) -> Int {
    Int(number(for: "\(model)/score/\(inputs)") % 100)
}

/// Whether the gate passes the candidate: by its score, the asked score and the baseline's.
func passes(_ model: ModelName, _ proposal: Proposal, baselineInputs: Int?) -> Bool {
    let own = score(model, proposal.inputs)
    guard let baselineInputs else { return own >= proposal.promotion }
    return own >= proposal.promotion && own + 60 >= score(model, baselineInputs)
}

/// What the daemon keeps beside git; losing it loses nothing that was decided.
struct Journal {
    /// Runs that the daemon meant to start.
    var intents: Set<RunID> = []
    /// The daemon's index of each model's decisions.
    var index: [ModelName: ModelRecord] = [:]
}
