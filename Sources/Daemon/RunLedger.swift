import Domain
import Journal
import Training

/// Tells the events of a run that the journal has from new ones.
///
/// After a restart the attempt that is found again reports everything from its start. Of an
/// attempt that is known, starts and ends are not noted twice, and metrics only behind the last
/// one that was.
struct RunLedger: Sendable {
    private struct Attempt: Hashable {
        var step: StepName
        var number: Int
    }

    private var started: Set<Attempt> = []
    private var ended: Set<Attempt> = []
    private var cached: Set<StepName> = []
    private var bad: Set<StepName> = []
    /// The last metric that was noted of a step's newest attempt.
    private var last: [StepName: MetricPoint] = [:]
    /// Steps that repeat what was noted, up to this metric.
    private var repeating: [StepName: MetricPoint] = [:]

    /// `events` are those that the journal has, oldest first.
    init(_ events: [TrainingEvent]) {
        for event in events { _ = isNew(event) }
        repeating = [:]
    }

    /// Whether the event is to be noted; it is known from then on.
    mutating func isNew(_ event: TrainingEvent) -> Bool {
        switch event {
        case .stepStarted(let step, let number, _):
            let isNew = started.insert(Attempt(step: step, number: number)).inserted
            repeating[step] = isNew ? nil : last[step]
            if isNew { (last[step], _) = (nil, bad.remove(step)) }
            return isNew
        case .metric(let step, let point):
            if let end = repeating[step] {
                if end == point { repeating[step] = nil }
                return false
            }
            last[step] = point
            return true
        case .badMetric(let step, _): return bad.insert(step).inserted
        case .stepEnded(let step, let number, _), .stepLost(let step, let number):
            repeating[step] = nil
            return ended.insert(Attempt(step: step, number: number)).inserted
        case .stepCached(let step): return cached.insert(step).inserted
        }
    }
}
