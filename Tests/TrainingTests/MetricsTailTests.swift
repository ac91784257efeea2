import Compute
import Domain
import Testing

@testable import Training

@Suite struct MetricsTailTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    private func read(_ tail: inout MetricsTail, atEnd: Bool = false) -> [TrainingEvent] {
        var events: [TrainingEvent] = []
        tail.advance(atEnd: atEnd) { events.append($0) }
        return events
    }

    private func point(_ step: Int) -> TrainingEvent {
        .metric(
            step: StepName(checked: "train"), point: MetricPoint(step: step, name: "a", value: 1))
    }

    private func line(_ step: Int) -> String { #"{"step":\#(step),"name":"a","value":1}"# }

    @Test func `a line is read once, when it is complete`() throws {
        let folder = JobFolder(bench.path("job"))
        try folder.make()
        var tail = MetricsTail(step: StepName(checked: "train"), folder: folder)
        #expect(read(&tail) == [])
        let whole = "\(line(1))\n\(line(2))\n\n\(line(3))"
        var seen: [TrainingEvent] = []
        // Every length that a writer may have got to.
        for length in 0...whole.utf8.count {
            try bench.write("job/metrics.jsonl", String(whole.utf8.prefix(length)) ?? "")
            seen += read(&tail)
        }
        #expect(seen == [point(1), point(2)])
        #expect(read(&tail, atEnd: true) == [point(3)])
        #expect(read(&tail, atEnd: true) == [])
    }

    @Test func `a line without an end is one bad line, not memory`() throws {
        let folder = JobFolder(bench.path("job"))
        try folder.make()
        let endless = String(repeating: "x", count: 3 << 20)
        try bench.write("job/metrics.jsonl", "\(line(1))\n\(endless)\n\(line(2))\n")
        var tail = MetricsTail(step: StepName(checked: "train"), folder: folder)
        let events = read(&tail, atEnd: true)
        #expect(events.count == 3 && events.first == point(1) && events.last == point(2))
        guard case .badMetric(_, let problem) = events[1] else {
            Issue.record("\(events[1])")
            return
        }
        #expect(problem.place.line == 2 && problem.message.utf8.count < 200)
    }
}
