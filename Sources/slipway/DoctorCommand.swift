import ArgumentParser
import Daemon
import Domain

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is missing or broken on this machine, and how to mend it.",
        discussion: """
            Letters that could not be delivered are named too: slipway letters tries them again. \
            Exit code 1 when something that Slipway needs is missing or broken.

            Example:
              slipway doctor
            """)

    @OptionGroup var state: StateOption
    @OptionGroup var format: JSONOption

    func run() async throws {
        var examination = Examination(folder: state.folder)
        await examination.tools()
        await examination.machine()
        await examination.installation()
        await examination.letters()
        let findings = examination.findings
        if format.json {
            await Console.put(bytes: try compactJSON(findings))
        } else {
            await Console.put(findings.map(\.text).joined(separator: "\n"))
        }
        guard !findings.contains(where: { $0.health == .fail }) else { throw Stop(.wrong) }
    }
}

/// One line of `slipway doctor`.
struct DoctorFinding: Codable, Sendable {
    enum Health: String, Codable, Sendable { case ok, warn, fail }

    var health: Health
    var subject: String
    var message: String
    var hint: String?

    var text: String {
        let first = "\(health.rawValue)\(health == .ok ? "  " : "")  \(subject): \(message)"
        return hint.map { "\(first)\n      hint: \($0)" } ?? first
    }
}
