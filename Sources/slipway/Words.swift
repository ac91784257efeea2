import ArgumentParser
import Domain
import FoundationEssentials
import Validation

extension ModelName: ExpressibleByArgument {}
extension EnvironmentName: ExpressibleByArgument {}
extension StepName: ExpressibleByArgument {}
extension SemanticVersion: ExpressibleByArgument {}

/// A number of seconds on the command line, shown in help as `30`, not `30.0`.
struct Seconds: ExpressibleByArgument {
    var value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = Double(argument) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { short(value) }
}

/// A duration for people: `0.4 s`, `12 s`, `3 min 5 s`.
func duration(_ seconds: Double) -> String {
    let seconds = max(0, seconds)
    if seconds < 10 {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
    let whole = Int(seconds.rounded())
    return whole < 120 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}

/// `1 model`, `3 models`
func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}

/// A number for people: four decimals at most, no zeros at the end.
func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return exactText(value) }
    let rounded = (value * 10_000).rounded() / 10_000
    if rounded == 0, value != 0 { return "\(value)" }
    return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
}

/// Decodes JSON that a process of ours wrote.
func decodeJSON<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
}

/// One diagnostic as compilers write them, with its hint below.
func line(_ diagnostic: Diagnostic) -> String {
    let first = "\(diagnostic.place): \(diagnostic.severity.rawValue): \(diagnostic.message)"
    return diagnostic.hint.map { "\(first)\n    hint: \($0)" } ?? first
}
