import Domain
import FoundationEssentials
import Host
import Testing

private let commands = [
    "init", "new", "check", "plan", "daemon", "serve", "step", "status", "runs", "logs", "report",
    "versions", "letters", "log", "verify", "provenance", "review", "approve", "reject", "rollback",
    "suspend", "resume", "hook", "hook install", "hook uninstall", "hook post-receive",
    "hook pre-commit", "rebuild", "doctor", "schema",
]

@Test(arguments: commands) func `the help of a command shows an example`(
    _ command: String
) async throws {
    try await Desk.use { desk in
        let words = command.split(separator: " ").map(String.init)
        let help = try await desk.slipway(words + ["--help"])
        #expect(help.code == 0)
        #expect(help.errors.isEmpty)
        #expect(help.output.contains("Example:\n  "))
        try help.matches("help-\(words.joined(separator: "-"))")
    }
}

@Test func `the help lists every command`() async throws {
    try await Desk.use { desk in
        let help = try await desk.slipway("--help")
        for command in commands where !command.contains(" ") {
            #expect(help.output.contains("  \(command) "), "no \(command)")
        }
        try help.matches("help")
    }
}

@Test func `a wrong command line is exit code 64`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("lunch").matches("usage-unknown-command")
        try await desk.slipway("init").matches("usage-missing-option")
        try await desk.slipway("report", "No_Name").matches("usage-bad-name")
        try await desk.slipway("status", "--until", "live").matches("usage-until-without-model")
        for arguments in [["lunch"], ["init"], ["report", "No_Name"], ["status", "--until", "x"]] {
            #expect(try await desk.slipway(arguments).code == 64)
        }
    }
}

@Test(arguments: ["bash", "zsh", "fish"]) func `shells get completions`(
    _ shell: String
) async throws {
    try await Desk.use { desk in
        let script = try await desk.slipway("--generate-completion-script", shell)
        #expect(script.code == 0)
        #expect(script.output.contains("rollback"))
    }
}

@Test(arguments: ["repository", "model", "dataset", "environment"])
func `every kind of file has a schema`(_ kind: String) async throws {
    try await Desk.use { desk in
        let schema = try await desk.slipway("schema", kind)
        #expect(schema.code == 0)
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(schema.output.utf8))
        guard case .object(let members) = json else {
            Issue.record("not an object")
            return
        }
        #expect(members["$id"] == .string("urn:slipway:schema:\(kind)"))
    }
}

@Test func `the documented exit codes are those of the program`() throws {
    func text(_ path: String) throws -> String {
        String(
            decoding: try readFile("\(repositoryRoot)/\(path)", limitBytes: 1 << 20),
            as: UTF8.self)
    }
    let cases = try text("Sources/slipway/ExitCodes.swift").split(separator: "\n")
        .compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "case", words[2] == "=" else { return nil }
            return "| \(words[3]) | \(words[1]) |"
        }
    #expect(cases.count == 7)
    let page = try text("docs/cli.md")
    for row in cases { #expect(page.contains(row), "docs/cli.md lacks \(row)") }
}
