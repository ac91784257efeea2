import Compute
import Domain
import FoundationEssentials

/// Reads the JSON lines of a metrics file as they appear.
///
/// One line: `{"step": 3, "name": "loss", "value": 0.25}`. A line is read once it is complete.
struct MetricsTail: Sendable {
    let step: StepName
    let folder: JobFolder
    private var offset = 0
    private var rest: [UInt8] = []
    private var lineNumber = 0
    private var badWasReported = false

    static var fileName: String { "metrics.jsonl" }
    /// No line of metrics is longer; what is, is skipped.
    static var lineLimitBytes: Int { 65_536 }
    private static var chunkBytes: Int { 1 << 20 }

    init(step: StepName, folder: JobFolder) {
        self.step = step
        self.folder = folder
    }

    /// Reports the lines that were completed since the last call.
    /// - Parameter atEnd: the command has ended, so that the last line needs no line feed.
    mutating func advance(atEnd: Bool, _ report: (TrainingEvent) -> Void) {
        while true {
            let bytes = folder.bytes(
                of: Self.fileName, from: offset, limitBytes: Self.chunkBytes)
            if bytes.isEmpty { break }
            offset += bytes.count
            take(bytes, report)
        }
        if atEnd && !rest.isEmpty {
            understand(rest[...], report)
            rest = []
        }
    }

    private mutating func take(_ bytes: [UInt8], _ report: (TrainingEvent) -> Void) {
        rest += bytes
        var start = 0
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            understand(rest[start..<end], report)
            start = end + 1
        }
        rest.removeFirst(start)
        // Because a line without an end must not fill the memory: its start is kept as a bad one.
        if rest.count > Self.lineLimitBytes { rest = Array(rest.prefix(Self.lineLimitBytes)) }
    }

    private mutating func understand(_ line: ArraySlice<UInt8>, _ report: (TrainingEvent) -> Void) {
        lineNumber += 1
        if line.allSatisfy({ $0 <= 32 }) { return }
        do {
            let point = try JSONDecoder().decode(MetricPoint.self, from: Data(line))
            report(.metric(step: step, point: point))
        } catch {
            if badWasReported { return }
            badWasReported = true
            let text = String(decoding: line.prefix(80), as: UTF8.self)
            report(
                .badMetric(
                    step: step,
                    problem: Diagnostic(
                        .warning,
                        at: Place(file: "\(folder.path)/\(Self.fileName)", line: lineNumber),
                        "not a metric: `\(text)`",
                        hint: #"write {"step": 1, "name": "loss", "value": 0.5}"#)))
        }
    }
}
