import Domain
import Host
import TestKit
import Testing

/// Somebody presses Ctrl-C while data is checked that was copied for it.
@Suite struct InterruptedTests {
    /// Reading it takes a while.
    private func stage(in harbour: Harbour) async throws -> String {
        try harbour.shellRepository()
        try harbour.file(
            "data/big.csv", "a,b,c\n" + String(repeating: "1,2,3\n", count: 10_000_000))
        try harbour.file(
            "datasets/big.yaml",
            "files: [{path: data/big.csv, sha256: \(String(repeating: "1", count: 64))}]\n")
        try await harbour.git("add", "--all")
        let folder = "\(harbour.folder)/tmp"
        try makeFolder(folder)
        return folder
    }

    @Test(.timeLimit(.minutes(15)))
    func `a check of what is staged that is interrupted leaves nothing`() async throws {
        try await Harbour.use { harbour in
            let folder = try await stage(in: harbour)
            let check = try spawnDetached(
                [harbour.binary, "check", "--staged"],
                environment: ownEnvironment().merging(["TMPDIR": folder]) { $1 },
                workingFolder: harbour.clone)
            try await harbour.until("there is a copy") { try !namesIn(folder).isEmpty }
            #expect(signalProcess(check, Signals.interrupt))
            try await harbour.until("the check has ended") { !isAlive(check) }
            #expect(try namesIn(folder).isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `it ends as the signal says, and tells nothing of what it had not read`() async throws {
        try await Harbour.use { harbour in
            let folder = try await stage(in: harbour)
            let script = """
                cd '\(harbour.clone)'
                TMPDIR='\(folder)' '\(harbour.binary)' check --staged 2>&1 & check=$!
                until [ -n "$(ls '\(folder)')" ]; do sleep 0.01; done
                kill -TERM $check
                wait $check
                echo "ended with $?"
                """
            let said = try await harbour.run("sh", "-c", script)
            #expect(said.hasSuffix("ended with 143\n") && !said.contains("error"), "\(said)")
            #expect(try namesIn(folder).isEmpty)
        }
    }
}
